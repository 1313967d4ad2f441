'use client';

import { walletVault } from '#lib/browser/vaults.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { useVaultJob } from '../vault/vault-failure.ts';

/** Deletes words, memberships and receipts from this browser, after asking; also while they are locked. */
export function EraseWallet() {
  const job = useVaultJob();
  return (
    <div>
      <ConfirmDialog
        trigger="Delete everything here"
        title="Delete your memberships from this browser?"
        confirm="Delete everything"
        onConfirm={() => void job.start(() => walletVault().erase())}
      >
        <p>
          Your words, your memberships and the receipts kept here will be gone. Without the sheet of your words you can no longer sign as
          this member, and invitations that were used cannot be used again. What you have signed stays signed. The disk may hold what was
          deleted for a while longer, encrypted with your passphrase.
        </p>
      </ConfirmDialog>
      {job.failure && <Notice kind="error" live {...job.failure} />}
    </div>
  );
}
