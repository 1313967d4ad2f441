'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { walletVault } from '#lib/browser/vaults.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/page-parts.tsx';
import { ProgressBar } from '../ui/progress.tsx';
import { EmptiedVault } from './emptied-vault.tsx';
import { UnlockWallet } from './unlock-wallet.tsx';
import { UnreadableWallet } from './unreadable-wallet.tsx';
import { useVault } from './use-vault.ts';
import { VaultUnavailable } from './vault-unavailable.tsx';

interface OpenWalletProps {
  children: (wallet: Wallet) => ReactNode;
  /** Instead of the words that there is no membership here: what can be done without one. The wallet is null where there is none. */
  empty?: ((wallet: Wallet | null) => ReactNode) | undefined;
}

/** What a member does with memberships: it is shown once there are some and they are unlocked, and until then what is in the way. */
export function OpenWallet({ children, empty }: OpenWalletProps) {
  const view = useVault(walletVault);
  switch (view.at) {
    case 'loading':
      return <ProgressBar label="Looking for your memberships in this browser" />;
    case 'unavailable':
      return <VaultUnavailable message={view.message} todo={view.todo} madeWhere="or in the browser in which you joined." />;
    case 'unreadable':
      return <UnreadableWallet stored={view.stored} />;
    case 'emptied':
      return <EmptiedVault vault={walletVault()} what="your memberships" />;
    case 'locked':
      return (
        <Section title="Unlock your memberships">
          <UnlockWallet />
        </Section>
      );
    case 'open':
      if (view.value && view.value.memberships.length > 0) return children(view.value);
      if (empty) return empty(view.value ?? null);
      return (
        <Notice
          kind="info"
          title="This browser keeps no membership."
          todo="A membership comes with an invitation from the issuer of a group. Open its link in this browser, then come back."
        >
          <p>
            If there was one, this browser has deleted it: some do so after seven days without a visit, or when the device is short of room.
            Did you write down your 24 words, or join in another browser? <Link href="/wallet#restore">Bring your memberships back</Link>
          </p>
        </Notice>
      );
  }
}
