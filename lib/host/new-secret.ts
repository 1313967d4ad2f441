import { closeSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a secret into a file that is not there yet, for its owner only. It is there whole or not at all, also after a full disk or a crash.
 * @throws what Node says, EEXIST where the file is there: it is never written over
 */
export function writeNewSecret(file: string, text: string): void {
  const draft = `${file}.draft`;
  rmSync(draft, { force: true });
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    nameDraft(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function nameDraft(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // FAT and some network folders have no hard links, and each system says so otherwise. There a crash between the two steps leaves an
    // empty file, which no reader takes for a secret.
    closeSync(openSync(file, 'wx', 0o600));
    try {
      renameSync(draft, file);
    } catch (failure) {
      rmSync(file, { force: true });
      throw failure;
    }
  }
}
