import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { chunksOf } from './split-lines.ts';

/** A reason that lies with the caller and not with the record; `message` is a sentence for a person. */
export class Misuse extends Error {}

/** The bytes of a record and how many there are, where that is known. */
export type Source = { bytes: AsyncIterable<Uint8Array>; total: number | null };

/** Opens a record by the absolute path of a file or by its address. @throws Misuse when there is nothing there */
export async function openSource(place: string): Promise<Source> {
  if (/^https?:\/\//.test(place)) return openUrl(place);
  const found = await stat(place).catch(() => null);
  if (!found?.isFile()) throw new Misuse(`There is no file ${place}.`);
  return { bytes: createReadStream(place, { highWaterMark: 1 << 18 }), total: found.size };
}

async function openUrl(url: string): Promise<Source> {
  const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' }).catch((error: unknown) => {
    throw new Misuse(`${url} cannot be reached (${error instanceof Error ? error.message : String(error)}).`);
  });
  if (!response.ok || !response.body) throw new Misuse(`${url} answered with status ${response.status}.`);
  return { bytes: chunksOf(response.body), total: null };
}
