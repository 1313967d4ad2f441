import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

let ownFolder: string | undefined;

/**
 * A folder that `make` has filled, for what takes seconds and comes out the same each time: once for the whole run of `npm test`, which
 * names TEST_STAGES, else once for this process. Nobody may write into it.
 */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const shared = process.env.TEST_STAGES ?? makeOwnFolder();
  const made = path.join(shared, name);
  if (existsSync(made)) return made;
  const own = mkdtempSync(path.join(shared, `${name}.making-`));
  await make(own);
  try {
    renameSync(own, made);
  } catch (error) {
    if (!existsSync(made)) throw error;
    rmSync(own, { recursive: true }); // another process was quicker
  }
  return made;
}

function makeOwnFolder(): string {
  if (ownFolder) return ownFolder;
  const folder = mkdtempSync(path.join(tmpdir(), 'test-stages-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  ownFolder = folder;
  return folder;
}
