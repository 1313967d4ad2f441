'use client';

import { useEffect, useState } from 'react';
import { walletVault } from '#lib/browser/vaults.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { readBackupLink } from '#lib/signing/backup-link.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import { useFragment } from '../ui/use-fragment.ts';
import { EmptiedVault } from '../vault/emptied-vault.tsx';
import { PersistenceNotice } from '../vault/persistence-notice.tsx';
import { UnlockWallet } from '../vault/unlock-wallet.tsx';
import { UnreadableWallet } from '../vault/unreadable-wallet.tsx';
import { useVault } from '../vault/use-vault.ts';
import { VaultUnavailable } from '../vault/vault-unavailable.tsx';
import { EraseWallet } from './erase-wallet.tsx';
import { MembershipList } from './membership-list.tsx';
import { RestoreWallet } from './restore-wallet.tsx';
import { WalletSections } from './wallet-sections.tsx';

/** The memberships of this browser and everything that can be done with them. */
export function Memberships() {
  const view = useVault(walletVault);
  const scanned = useScanned();
  const isShown = view.at === 'open';
  // What the address points at comes into being only now.
  useEffect(() => {
    if (isShown && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [isShown]);
  if (view.at === 'loading') return <p role="status">Looking into this browser …</p>;
  if (view.at === 'unavailable')
    return <VaultUnavailable message={view.message} todo={view.todo} madeWhere="or in the browser in which you joined." />;
  if (view.at === 'unreadable') return <UnreadableWallet stored={view.stored} />;
  if (view.at === 'emptied') return <EmptiedVault vault={walletVault()} what="your memberships" />;
  if (view.at === 'locked')
    return (
      <Stack gap="wide">
        <UnlockWallet />
        <Section title="Forgotten your passphrase?">
          <p>Nobody can open this without it. You can delete what is here and bring your memberships back with your 24 words.</p>
          <EraseWallet />
        </Section>
      </Stack>
    );
  return view.value ? <OpenWallet wallet={view.value} scanned={scanned} /> : <NoWallet scanned={scanned} />;
}

function OpenWallet({ wallet, scanned }: { wallet: Wallet; scanned: Uint8Array | null }) {
  return (
    <Stack gap="wide">
      <div data-print="never">
        <Stack gap="wide">
          {!wallet.rehearsed && (
            <Notice
              kind="warning"
              title="Your 24 words are not written down yet."
              lost="If this browser deletes what it keeps, or you lose this device or the passphrase, nobody can bring your memberships back."
              action={
                <ButtonLink prefetch={false} href="#words">
                  Write them down
                </ButtonLink>
              }
            />
          )}
          <PersistenceNotice what="your memberships" todo="With your 24 words and a backup you can bring them back." />
          <MembershipList wallet={wallet} />
        </Stack>
      </div>
      <WalletSections wallet={wallet} scanned={scanned} />
    </Stack>
  );
}

function NoWallet({ scanned }: { scanned: Uint8Array | null }) {
  return (
    <Stack gap="wide">
      <Notice
        kind="info"
        title="This browser keeps no membership."
        todo="A membership comes with an invitation from the issuer of a group: open its link here, in the browser in which you want to sign."
      >
        <p>
          If there was one, this browser has deleted it: some do so after seven days without a visit, or when the device is short of room.
          Bring it back with your 24 words, below. Without them, ask the issuer for another invitation.
        </p>
      </Notice>
      <Section title="Bring your memberships back" id="restore">
        <Stack>
          <PersistenceNotice what="your memberships" todo="Your sheet stays good in any case." />
          <RestoreWallet scanned={scanned} />
        </Stack>
      </Section>
    </Stack>
  );
}

/** The backup behind the `#` of a scanned code. It leaves the address bar once it was read. */
function useScanned(): Uint8Array | null {
  const [scanned, setScanned] = useState<Uint8Array | null>(null);
  useFragment((fragment) => {
    const found = readBackupLink(fragment);
    if (!found) return;
    setScanned(found);
    history.replaceState(history.state, '', location.pathname);
  });
  return scanned;
}
