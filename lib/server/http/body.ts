import 'server-only';
import { type Json, parseJson } from '../../protocol/json.ts';
import { AppError, requireOk } from '../errors.ts';

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

/** Reads a body of bytes and stops as soon as it is too long. @throws AppError BODY_TOO_LARGE, NOT_JSON when it breaks off */
export async function readBytes(request: Request, largest: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read().catch(() => {
      throw new AppError('NOT_JSON', 'the request broke off');
    });
    if (done) break;
    length += value.length;
    if (length > largest) {
      void reader.cancel().catch(() => {});
      throw new AppError('BODY_TOO_LARGE');
    }
    parts.push(value);
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
