import { StorageUnavailable } from '#lib/browser/database.ts';
import { NotStored, VaultEmptied, VaultLocked } from '#lib/browser/vault-errors.ts';
import { type Job, useJob } from '../ui/use-job.ts';

/** Why something could not be stored in this browser, or what is stored there not be opened: the parts of a notice. */
export interface VaultFailure {
  title: string;
  lost: string;
  todo: string;
}

/** Puts an error of a vault into words. Whatever it is, what was stored before is still there. */
export function describeVaultFailure(error: unknown): VaultFailure {
  const lost = 'Nothing was changed.';
  if (error instanceof VaultLocked)
    return { title: 'It was locked meanwhile, in this tab or another.', lost, todo: 'Give the passphrase, then try again.' };
  if (error instanceof VaultEmptied)
    return {
      title: error.message,
      lost: 'This page still has it, until you leave it.',
      todo: 'Do not load the page again: put it back first.',
    };
  if (error instanceof StorageUnavailable)
    return { title: error.message, lost: '', todo: error.todo ?? 'Open this page in an ordinary window.' };
  if (error instanceof NotStored) return { title: error.message, lost: '', todo: 'Remove what you no longer need here, then try again.' };
  // What turns a passphrase into a key takes 128 MB in one piece.
  if (error instanceof RangeError)
    return {
      title: 'This device has too little memory free for a passphrase.',
      lost,
      todo: 'Close other pages and programs, then try again.',
    };
  return { title: 'Something failed in this browser.', lost, todo: 'Load this page again and try once more.' };
}

/** What a press does with a vault, so that the person is told where it came to nothing. */
export function useVaultJob(): Job<VaultFailure> {
  return useJob(describeVaultFailure);
}
