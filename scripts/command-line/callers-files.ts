import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The file or folder that a caller means. npm runs scripts in the folder of the checkout; the caller stands in another. */
export function callersPath(file: string): string {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

/** The bytes of a file that a caller names. @throws what Node says, with the path, which it leaves out of some failures */
export function readCallersFile(file: string): Uint8Array {
  const place = callersPath(file);
  try {
    const found = statSync(place);
    if (found.isCharacterDevice() || found.isBlockDevice()) throw new Error(`${place} is a device, and a file is needed.`);
    return readFileSync(place);
  } catch (error) {
    throw Object.assign(error as Error, { path: place });
  }
}
