import { createReadStream, fstatSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { explainFailure } from '#lib/host/explain-failure.ts';
import type { Source } from './check-with-room.ts';
import { chunksOf } from './split-lines.ts';

/** A reason that lies with the caller and not with the record; `message` is a sentence for a person. */
export class Misuse extends Error {}

/** The place that stands for standard input. */
export const STANDARD_INPUT = '-';

const PIECE = 1 << 18;

/**
 * Opens a record by the absolute path of a file, by its address, or `-` for standard input.
 * @throws Misuse when there is nothing to read; its bytes too, when they end before their end
 */
export async function openSource(place: string): Promise<Source> {
  if (place === STANDARD_INPUT) return openInput();
  if (/^https?:\/\//.test(place)) return openUrl(place);
  const found = await stat(place).catch((error: NodeJS.ErrnoException) => {
    throw new Misuse(explainFailure(error));
  });
  if (found.isDirectory()) throw new Misuse(`${place} is a folder. Name the record in it, a file that ends in .ndjson.`);
  if (!found.isFile())
    throw new Misuse(`${place} is ${kindOf(found)}, not a file. To check what comes out of a program, pipe it in and name - as the file.`);
  return { bytes: telling(place, createReadStream(place, { highWaterMark: PIECE })), total: found.size };
}

function openInput(): Source {
  if (isatty(0)) throw new Misuse('Standard input is a terminal. Pipe a record in, or name its file.');
  const found = fstatSync(0);
  if (found.isDirectory()) throw new Misuse('Standard input is a folder. Pipe a record in, or name its file.');
  const bytes = telling('standard input', createReadStream('', { fd: 0, autoClose: false, highWaterMark: PIECE }));
  return { bytes, total: found.isFile() ? found.size : null };
}

function kindOf(found: Stats): string {
  return found.isFIFO() ? 'a named pipe' : found.isSocket() ? 'a socket' : 'a device';
}

async function openUrl(url: string): Promise<Source> {
  const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' }).catch((error: unknown) => {
    throw new Misuse(`${url} cannot be reached: ${explainFailure(error)}.`);
  });
  if (!response.ok || !response.body) throw new Misuse(`${url} answered with status ${response.status}.`);
  return { bytes: telling(url, chunksOf(response.body)), total: null };
}

/** Puts into a sentence why bytes stopped coming. */
async function* telling(place: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === 'open') throw new Misuse(explainFailure(error));
    throw new Misuse(`${place} broke off before its end, so nothing is known of this record (${explainFailure(error)}).`);
  }
}
