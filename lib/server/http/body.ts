import 'server-only';
import { type Json, parseJson } from '#lib/protocol/messages/json.ts';
import { AppError, requireOk } from '../errors.ts';
import type { BodyRoom } from './body-room.ts';

const KB = 1024;
/** The largest bodies in bytes: of whatever anybody may send, and of a full roll with its tickets. */
export const LARGEST = { message: 256 * KB, roll: 12 * 1024 * KB } as const;

/**
 * Reads a JSON body and stops as soon as it is too long, whatever the header said.
 * @throws AppError BODY_TOO_LARGE, NOT_JSON
 */
export async function readJson(request: Request, largest: number): Promise<Json> {
  if (Number(request.headers.get('Content-Length') ?? 0) > largest) throw new AppError('BODY_TOO_LARGE');
  return requireOk(parseJson(decode(await readBytes(request, largest))));
}

const RETRY_AFTER_SECONDS = 3;

/**
 * Reads a body of bytes and stops as soon as it is too long.
 * @throws AppError BODY_TOO_LARGE, NOT_JSON when it breaks off, BUSY when the room that it shares with others is needed for faster ones
 */
export async function readBytes(request: Request, largest: number, room?: BodyRoom): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  const cancel = () => void reader?.cancel().catch(() => {});
  let isGivenUp = false;
  const seat = room?.enter(() => {
    isGivenUp = true;
    parts.length = 0;
    cancel();
  });
  try {
    while (reader) {
      const { done, value } = await reader.read().catch(() => {
        throw new AppError('NOT_JSON', 'the request broke off');
      });
      if (!done) seat?.grow(value.length);
      if (isGivenUp) throw new AppError('BUSY', undefined, RETRY_AFTER_SECONDS);
      if (done) break;
      length += value.length;
      if (length > largest) {
        cancel();
        throw new AppError('BODY_TOO_LARGE');
      }
      parts.push(value);
    }
  } finally {
    seat?.leave();
  }
  return Buffer.concat(parts);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AppError('NOT_JSON', 'not UTF-8');
  }
}
