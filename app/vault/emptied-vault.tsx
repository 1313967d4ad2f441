'use client';

import type { Vault } from '#lib/browser/vault.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useVaultJob } from './vault-failure.ts';

interface EmptiedVaultProps<T> {
  vault: Vault<T>;
  /** What was in it, as part of a sentence: "your memberships". */
  what: string;
}

/** What a page says where the browser has deleted what this page still has open: it can be put back, until the page is left. */
export function EmptiedVault<T>({ vault, what }: EmptiedVaultProps<T>) {
  const job = useVaultJob();
  return (
    <Notice
      kind="error"
      live
      title={`This browser has deleted ${what}.`}
      lost="This page still has all of it, in memory alone: it goes when you leave the page, load it again, or lock it, and after ten minutes."
      todo="Somebody may have deleted the site’s data in the settings of the browser, or the device is short of room. If you want it here, put it back, and save a copy then."
      action={
        <Button busy={job.running} onClick={() => void job.start(() => vault.putBack())}>
          Put it back
        </Button>
      }
    >
      {job.failure && <p role="alert">{`${job.failure.title} ${job.failure.todo}`}</p>}
    </Notice>
  );
}
