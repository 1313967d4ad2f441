import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FetchFile } from '#lib/proof/artifacts.ts';

const FETCH_LIMIT_MS = 300_000;

/** Reads files below a folder or, for an http(s) address, below that address. */
export function readFrom(place: string): FetchFile {
  if (!/^https?:\/\//.test(place)) return async (path) => new Uint8Array(await readFile(join(place, path)));
  const base = place.endsWith('/') ? place : `${place}/`;
  return async (path) => {
    const answer = await fetch(new URL(path, base), { signal: AbortSignal.timeout(FETCH_LIMIT_MS) });
    if (!answer.ok) throw new Error(`${answer.url} answers ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
}
