'use client';

import { secureRandom } from '#lib/browser/secure-random.ts';
import { walletVault } from '#lib/browser/vaults.ts';
import { formatBackup, sealBackup } from '#lib/protocol/member/backup.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { Section } from '../ui/page-parts.tsx';
import { PassphraseLock } from '../vault/passphrase-lock.tsx';
import { SaveCopy } from '../vault/save-copy.tsx';
import { EraseWallet } from './erase-wallet.tsx';
import { KeptHere } from './kept-here.tsx';
import { LearnWords } from './learn-words.tsx';
import { RecoverySheet } from './recovery-sheet.tsx';
import { RestoreBackup } from './restore-backup.tsx';
import { RestoreMembership } from './restore-membership.tsx';

/** What can be done with an open wallet, beside looking its memberships up: in the order in which people need it. */
export function WalletSections({ wallet, scanned }: { wallet: Wallet; scanned: Uint8Array | null }) {
  return (
    <>
      {wallet.rehearsed ? (
        <Section title="Your sheet" id="words">
          <p data-print="never">
            Your 24 words bring your memberships back on any device. Beside them the sheet has a code for each membership, which spares you
            typing group and name and remembers the newest roll; only the words open it. After you have joined another group, print it
            again.
          </p>
          <RecoverySheet wallet={wallet} />
        </Section>
      ) : (
        <Section title="Write down your 24 words" id="words">
          <LearnWords wallet={wallet} />
        </Section>
      )}
      <Section title="Save a backup" id="copy" screenOnly>
        <p>
          A file with your memberships, the newest rolls seen and the receipts kept here. Only your 24 words open it, so it can lie
          anywhere. Without it the words alone bring back who you are, but not which rolls you have seen.
        </p>
        <SaveCopy
          fileName="round-robin-backup.json"
          makeFile={async () => formatBackup(sealBackup(wallet.root, wallet, secureRandom))}
          action="Save a backup"
        />
      </Section>
      <Section title="Bring back a membership" id="restore" screenOnly>
        <p>By the link of the group’s page and the attested name, or out of a backup. Your place is looked for in the whole roll, here.</p>
        <RestoreMembership wallet={wallet} />
        <RestoreBackup wallet={wallet} scanned={scanned} />
      </Section>
      <Section title="Passphrase" id="lock" screenOnly>
        <p>
          What is kept here opens only with your passphrase. It locks itself in all tabs when nobody has been here for ten minutes, but
          never in the middle of a signature.
        </p>
        <PassphraseLock vault={walletVault()} />
      </Section>
      <Section title="What is on this device" id="kept" screenOnly>
        <KeptHere wallet={wallet} />
        <EraseWallet />
      </Section>
    </>
  );
}
