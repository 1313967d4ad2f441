import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FetchFile } from './artifacts.ts';

/** Reads artifacts from a folder of this machine: `circuits/artifacts` in the project root unless told otherwise. */
export function readFromDisk(folder: string = join(process.cwd(), 'circuits', 'artifacts')): FetchFile {
  return async (path) => new Uint8Array(await readFile(join(/* turbopackIgnore: true */ folder, path)));
}
