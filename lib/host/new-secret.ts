import { linkSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a secret into a file that is not there yet, for its owner only. It is there whole or not at all, also after a full disk or a crash.
 * @throws what Node says, EEXIST where the file is there: it is never written over
 */
export function writeNewSecret(file: string, text: string): void {
  const draft = `${file}.draft`;
  rmSync(draft, { force: true });
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
