import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FetchFile } from '../../lib/proof/artifacts.ts';

const FETCH_LIMIT_MS = 300_000;

/** A reason to stop that is the person's or the folder's, not the program's: shown without a stack. */
export class CeremonyError extends Error {}

/** Reads files below a folder or, for an http(s) address, below that address. */
export function readFrom(place: string): FetchFile {
  if (!/^https?:\/\//.test(place)) return async (path) => new Uint8Array(await readFile(join(place, path)));
  const base = place.endsWith('/') ? place : `${place}/`;
  return async (path) => {
    const answer = await fetch(new URL(path, base), { signal: AbortSignal.timeout(FETCH_LIMIT_MS) });
    if (!answer.ok) throw new CeremonyError(`${answer.url} answers ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
}

/** Writes a file so that after a crash there is either all of it or nothing. */
export async function writeWhole(path: string, content: Uint8Array | string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, 'w', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

/** Writes a value as readable JSON. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** How many contributions the newest key in a ceremony's folder has; null when there is no key at all. */
export async function findNewestKey(folder: string): Promise<number | null> {
  const names = await readdir(join(folder, 'keys')).catch(() => []);
  const numbers = names.map((name) => /^(\d{4})\.zkey$/.exec(name)?.[1]).filter((number) => number !== undefined);
  return numbers.length === 0 ? null : Math.max(...numbers.map(Number));
}

/** The bytes of a file, or null when there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | null> {
  return readFile(path).then(
    (bytes) => new Uint8Array(bytes),
    () => null,
  );
}
