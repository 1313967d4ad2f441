import 'server-only';
import { type Json, parseJson } from '#lib/protocol/messages/json.ts';
import { AppError, requireOk } from '../errors.ts';
import { type BodyRoom, bodiesOfThisProcess } from './body-room.ts';

const KB = 1024;
/** The largest bodies in bytes: of whatever anybody may send, of a challenge and what belongs to one, of a full roll with its tickets, and of its capsules. */
export const LARGEST = { message: 256 * KB, challenge: 32 * KB, roll: 12 * 1024 * KB, capsules: 24 * 1024 * KB } as const;

/** Commas and opening brackets of a body. A full roll with its tickets has a quarter of them; what takes more memory than its bytes is bounded. */
const MOST_PARTS = 2 ** 19;

/** How bodies are read, where they are not read in the usual way. */
type Reading = {
  room?: BodyRoom;
  patienceMs?: number;
  /** Judges the first line when it is there and before more is read; what it throws ends the reading. A body may have none. */
  judgeFirstLine?: (line: Uint8Array) => Promise<void>;
};

const LINE_FEED = 0x0a;
const RETRY_AFTER_SECONDS = 3;
/** How long a body may take, and the pace that it must keep after that. */
const PATIENCE_MS = 20_000;
const BYTES_A_MS = 8;

/**
 * Reads a JSON body and stops as soon as it is too long, whatever the header said.
 * @throws AppError as `readBytes`, and NOT_JSON
 */
export async function readJson(request: Request, largest: number): Promise<Json> {
  if (Number(request.headers.get('Content-Length') ?? 0) > largest) throw new AppError('BODY_TOO_LARGE');
  return requireOk(parseJson(decode(await readBytes(request, largest)), MOST_PARTS));
}

/**
 * Reads a form of two parts: one of JSON, and a file of bytes, each at most so large.
 * @throws AppError as `readBytes`, NOT_JSON, BAD_SHAPE for other parts
 */
export async function readParts<Value extends string, File extends string>(
  request: Request,
  [largestValue, largestFile]: readonly [number, number],
  [value, file]: readonly [Value, File],
): Promise<Record<Value, Json> & Record<File, Uint8Array>> {
  const type = request.headers.get('Content-Type') ?? '';
  // The other kind of form takes twenty times its length of memory to be read.
  if (!/^multipart\/form-data\b/i.test(type)) throw new AppError('BAD_SHAPE', 'expected multipart/form-data');
  const bytes = await readBytes(request, largestValue + largestFile);
  const headers = { 'Content-Type': type };
  const form = await new Response(bytes as Uint8Array<ArrayBuffer>, { headers }).formData().catch(() => new FormData());
  const [text, data] = [form.get(value), form.get(file)];
  if (typeof text !== 'string' || !(data instanceof Blob)) throw new AppError('BAD_SHAPE', `expected the parts ${value} and ${file}`);
  if (text.length > largestValue || data.size > largestFile) throw new AppError('BODY_TOO_LARGE');
  const parts = { [value]: requireOk(parseJson(text, MOST_PARTS)), [file]: new Uint8Array(await data.arrayBuffer()) };
  return parts as Record<Value, Json> & Record<File, Uint8Array>;
}

/**
 * Reads a body of bytes and stops as soon as it is too long. All bodies of the process share one room. What is still to come is left:
 * cancelling it would leave the connection deaf, and the web process throws it away once the answer is out.
 * @throws AppError BODY_TOO_LARGE, BODY_TOO_SLOW when it stalls, NOT_JSON when it breaks off, BUSY when its room is needed for others,
 * and whatever `judgeFirstLine` throws
 */
export async function readBytes(request: Request, largest: number, reading: Reading = {}): Promise<Uint8Array> {
  const { room = bodiesOfThisProcess(), patienceMs = PATIENCE_MS } = reading;
  let { judgeFirstLine } = reading;
  // Copied together at once: kept apart, pieces of a byte take two hundred times their room.
  let held = new Uint8Array(0);
  let length = 0;
  const start = performance.now();
  const reader = request.body?.getReader();
  let isGivenUp = false;
  let interrupt = (_: AppError) => {};
  const seat = room.enter(() => {
    isGivenUp = true;
    held = new Uint8Array(0);
    interrupt(busy());
  });
  try {
    while (reader) {
      const left = start + patienceMs + length / BYTES_A_MS - performance.now();
      const { done, value } = await inTime(readPart(reader), left, (reject) => {
        interrupt = reject;
      });
      if (!done) seat.grow(value.length);
      if (isGivenUp) throw busy();
      if (done) break;
      if (length + value.length > largest) throw new AppError('BODY_TOO_LARGE');
      held = append(held, length, value);
      const end = value.indexOf(LINE_FEED);
      if (end >= 0) {
        await judgeFirstLine?.(held.subarray(0, length + end));
        judgeFirstLine = undefined;
      }
      length += value.length;
    }
  } finally {
    seat.leave();
  }
  return held.subarray(0, length);
}

/** Puts a piece behind the first `length` bytes; room is made twofold, so that each byte is copied twice at most. */
function append(held: Uint8Array<ArrayBuffer>, length: number, piece: Uint8Array): Uint8Array<ArrayBuffer> {
  const needed = length + piece.length;
  const roomy = needed <= held.length ? held : new Uint8Array(Math.max(needed, 2 * held.length));
  if (roomy !== held) roomy.set(held.subarray(0, length));
  roomy.set(piece, length);
  return roomy;
}

function readPart(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
  return reader.read().catch(() => {
    throw new AppError('NOT_JSON', 'the request broke off');
  });
}

function busy(): AppError {
  return new AppError('BUSY', undefined, RETRY_AFTER_SECONDS);
}

/** @param handOut is given what ends the wait with another cause */
async function inTime<T>(work: Promise<T>, ms: number, handOut: (reject: (cause: AppError) => void) => void): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  handOut(reject);
  const timer = setTimeout(() => reject(new AppError('BODY_TOO_SLOW')), Math.max(0, ms));
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AppError('NOT_JSON', 'not UTF-8');
  }
}
