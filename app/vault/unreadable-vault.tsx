'use client';

import { saveFile } from '#lib/browser/save-file.ts';
import type { Vault } from '#lib/browser/vault.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { useVaultJob } from './vault-failure.ts';

interface UnreadableVaultProps<T> {
  vault: Vault<T>;
  /** What lies there, as it is. */
  stored: string;
  fileName: string;
}

/** What a page says where a vault holds something that cannot be read: it can be saved as it is, and then make room for a copy. */
export function UnreadableVault<T>({ vault, stored, fileName }: UnreadableVaultProps<T>) {
  const job = useVaultJob();
  return (
    <Notice
      kind="error"
      title="What this browser has stored cannot be read any more."
      lost="It is still there, and nothing of it was changed."
      todo="Load this page again first: it may be older than what is stored. If that does not help, save it as it is: somebody who knows the program may get your secrets out of it, so show it to nobody else. Then delete it here and bring back your last copy."
      action={
        <ButtonRow>
          <Button kind="secondary" onClick={() => saveFile(fileName, stored)}>
            Save it as it is
          </Button>
          <ConfirmDialog
            trigger="Delete it here"
            title="Delete what is stored in this browser?"
            confirm="Delete it"
            onConfirm={() => void job.start(() => vault.erase())}
          >
            <p>Without a copy, or the file that you have just saved, nobody can bring it back.</p>
          </ConfirmDialog>
        </ButtonRow>
      }
      code="UNREADABLE"
    >
      {job.failure && <p role="alert">{`${job.failure.title} ${job.failure.todo}`}</p>}
    </Notice>
  );
}
