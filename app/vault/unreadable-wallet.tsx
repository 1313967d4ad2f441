'use client';

import { walletVault } from '#lib/browser/vaults.ts';
import { UnreadableVault } from './unreadable-vault.tsx';

/** What a page says where the wallet in this browser cannot be read. */
export function UnreadableWallet({ stored }: { stored: string }) {
  return <UnreadableVault vault={walletVault()} stored={stored} fileName="round-robin-memberships-unread.json" />;
}
