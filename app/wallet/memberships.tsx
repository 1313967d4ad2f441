'use client';

import { useEffect } from 'react';
import { walletVault } from '#lib/browser/vaults.ts';
import { Notice } from '../ui/notice.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import { PassphraseLock } from '../vault/passphrase-lock.tsx';
import { PersistenceNotice } from '../vault/persistence-notice.tsx';
import { SaveCopy } from '../vault/save-copy.tsx';
import { UnlockForm } from '../vault/unlock-form.tsx';
import { UnreadableVault } from '../vault/unreadable-vault.tsx';
import { useVault } from '../vault/use-vault.ts';
import { VaultUnavailable } from '../vault/vault-unavailable.tsx';
import { EraseWallet } from './erase-wallet.tsx';
import { KeptHere } from './kept-here.tsx';
import { MembershipList } from './membership-list.tsx';
import { RestoreWallet } from './restore-wallet.tsx';

/** The memberships of this browser and everything that can be done with them. */
export function Memberships() {
  const view = useVault(walletVault);
  const isShown = view.at === 'open';
  // What the address points at comes into being only now.
  useEffect(() => {
    if (isShown && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [isShown]);
  if (view.at === 'loading') return <p role="status">Looking into this browser …</p>;
  if (view.at === 'unavailable')
    return <VaultUnavailable message={view.message} todo={view.todo} madeWhere="or in the browser in which you joined." />;
  if (view.at === 'unreadable')
    return <UnreadableVault vault={walletVault()} stored={view.stored} fileName="round-robin-memberships-unread.json" />;
  if (view.at === 'locked')
    return (
      <Stack gap="wide">
        <UnlockForm label="Passphrase of your memberships" onUnlock={async (passphrase) => (await walletVault().unlock(passphrase)).ok} />
        <Section title="Forgotten">
          <p>Nobody can open it without the passphrase. You can delete what is here and bring a copy from a file.</p>
          <EraseWallet />
        </Section>
      </Stack>
    );
  const wallet = view.value;
  if (!wallet)
    return (
      <Stack gap="wide">
        <Notice
          kind="info"
          title="This browser keeps no membership."
          todo="A membership comes with an invitation from the issuer of a group: open its link here, in the browser in which you want to sign."
        >
          <p>
            If there was one, this browser has deleted it: some do so after seven days without a visit, or when the device is short of room.
            Bring it back from your copy, below. Without a copy, ask the issuer for another invitation.
          </p>
        </Notice>
        <Section title="Bring memberships from a file" id="restore">
          <RestoreWallet here={null} />
        </Section>
      </Stack>
    );
  return (
    <Stack gap="wide">
      <PersistenceNotice what="your memberships" copy="#copy" />
      <MembershipList wallet={wallet} />
      <Section title="Save a copy" id="copy">
        <p>
          Clearing this browser’s data, or losing the device, loses your memberships. A copy brings them back, here or in another browser.
        </p>
        <SaveCopy
          vault={walletVault()}
          fileName="round-robin-memberships.json"
          danger="whoever reads the file can sign as you and take your signatures back"
          action="Save a copy"
        />
      </Section>
      <Section title="Lock with a passphrase" id="lock">
        <p>
          {view.hasPassphrase
            ? 'What is kept here opens only with your passphrase.'
            : 'Whoever opens this browser can read what is kept here. A passphrase keeps it closed.'}
        </p>
        <PassphraseLock vault={walletVault()} hasPassphrase={view.hasPassphrase} />
      </Section>
      <Section title="Bring memberships from a file" id="restore">
        <RestoreWallet here={wallet} />
      </Section>
      <Section title="What is on this device" id="kept">
        <KeptHere wallet={wallet} hasPassphrase={view.hasPassphrase} />
        <EraseWallet />
      </Section>
    </Stack>
  );
}
