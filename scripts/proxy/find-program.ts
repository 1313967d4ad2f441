import { accessSync, constants, globSync } from 'node:fs';
import path from 'node:path';

/** Where Debian keeps programs that are not in everybody's PATH. */
const ALSO = ['/usr/sbin', '/sbin'];

/** A program of the system, or null where it is not installed. @param places more folders, as patterns */
export function findProgram(name: string, places: readonly string[] = []): string | null {
  const folders = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    ...ALSO,
    ...places.flatMap((place) => globSync(place).sort().reverse()),
  ];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
