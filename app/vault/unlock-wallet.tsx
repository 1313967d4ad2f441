'use client';

import { walletVault } from '#lib/browser/vaults.ts';
import { UnlockForm } from './unlock-form.tsx';

/** Asks for the passphrase of the wallet in this browser. */
export function UnlockWallet() {
  return <UnlockForm vault={walletVault()} label="Passphrase of your memberships" />;
}
