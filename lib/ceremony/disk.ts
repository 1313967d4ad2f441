import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RUNNING_KEYS } from './transcript.ts';

// A running ceremony's folder, as commands and coordinator share it.

/** Writes a file so that after a crash there is either all of it or nothing. */
export async function writeWhole(path: string, content: Uint8Array | string, mode = 0o644): Promise<void> {
  await mkdir(/* turbopackIgnore: true */ dirname(path), { recursive: true });
  const unfinished = `${path}.unfinished`;
  const file = await open(/* turbopackIgnore: true */ unfinished, 'w', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(/* turbopackIgnore: true */ unfinished, /* turbopackIgnore: true */ path);
}

/** Writes a value as readable JSON. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** How many contributions the newest key in a ceremony's folder has; null when there is no key at all. */
export async function findNewestKey(folder: string): Promise<number | null> {
  const names = await readdir(join(/* turbopackIgnore: true */ folder, RUNNING_KEYS)).catch(() => []);
  const numbers = names.map((name) => /^(\d{4})\.zkey$/.exec(name)?.[1]).filter((number) => number !== undefined);
  return numbers.length === 0 ? null : numbers.map(Number).reduce((most, one) => Math.max(most, one));
}

/**
 * The bytes of a file, or null when there is none.
 * @throws what Node says of a file that is there and cannot be read: who took it for missing would write over it
 */
export async function readIfThere(path: string): Promise<Uint8Array | null> {
  return readFile(/* turbopackIgnore: true */ path).then(
    (bytes) => new Uint8Array(bytes),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
}
