'use client';

import { forgetReceipt, listKeptReceipts } from '#lib/browser/kept-receipts.ts';
import { walletVault } from '#lib/browser/vaults.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

/** Deletes secret, memberships and receipts from this browser, after asking. */
export function EraseWallet() {
  async function erase() {
    for (const { receipt } of await listKeptReceipts()) await forgetReceipt(receipt.entry);
    await walletVault().erase();
  }

  return (
    <div>
      <ConfirmDialog
        trigger="Delete everything here"
        title="Delete your memberships from this browser?"
        confirm="Delete everything"
        onConfirm={() => void erase()}
      >
        <p>
          Your secret, your memberships and the receipts kept here will be gone. Without a saved copy you can no longer sign as this member,
          and invitations that were used cannot be used again. What you have signed stays signed.
        </p>
      </ConfirmDialog>
    </div>
  );
}
