import 'server-only';
import type { ListPlace } from '../epoch.ts';
import { AppError } from '../errors.ts';
import { logFault } from '../log.ts';
import { answersOfThisProcess, type BodyRoom, type BodySeat } from './body-room.ts';
import { CACHE_CONTROL, type Caching } from './caching.ts';

/** Characters or bytes that are sent together. */
const PIECE = 65_536;

export function answerJson(value: unknown, status = 200, caching: Caching = 'fresh'): Response {
  return answerText(JSON.stringify(value), status, caching);
}

/** An answer that is JSON already. A long one is in memory for this reader alone, and takes room there until it is read. */
export function answerText(json: string, status = 200, caching: Caching = 'fresh', room: BodyRoom = answersOfThisProcess()): Response {
  return sendText(json, status, { 'Content-Type': 'application/json', 'Cache-Control': CACHE_CONTROL[caching] }, room);
}

type DocumentOptions = {
  /** What to call it as a file; without one it is shown. */
  fileName?: string;
  status?: number;
};

/** A text of another type than JSON, for a program that keeps or shows it. */
export function answerDocument(text: string, type: string, caching: Caching, { fileName, status = 200 }: DocumentOptions = {}): Response {
  const headers: Record<string, string> = { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': CACHE_CONTROL[caching] };
  if (fileName !== undefined) headers['Content-Disposition'] = `attachment; filename="${fileName}"`;
  return sendText(text, status, headers, answersOfThisProcess());
}

function sendText(text: string, status: number, headers: Record<string, string>, room: BodyRoom): Response {
  if (text.length <= PIECE) return new Response(text, { status, headers });
  const bytes = new TextEncoder().encode(text);
  return new Response(streamPieces(bytes, room), { status, headers: { ...headers, 'Content-Length': String(bytes.length) } });
}

/** 201 for what is new, 200 for a repetition that changed nothing. */
export function answerAccepted(value: unknown, isNew: boolean): Response {
  return answerJson(value, isNew ? 201 : 200);
}

export function answerNothing(headers: HeadersInit = {}): Response {
  return new Response(null, { status: 204, headers: { 'Cache-Control': CACHE_CONTROL.fresh, ...headers } });
}

/** Sends bytes that others share piece by piece as they are read, without a copy of them. */
export function answerBytes(bytes: Uint8Array, type: string, caching: Caching): Response {
  const headers = { 'Content-Type': type, 'Content-Length': String(bytes.length), 'Cache-Control': CACHE_CONTROL[caching] };
  return new Response(streamPieces(bytes), { headers });
}

/** @param room where the bytes have a seat until they are read, unless others share them */
function streamPieces(bytes: Uint8Array, room?: BodyRoom): ReadableStream<Uint8Array> {
  let left: Uint8Array | null = bytes;
  let seat: BodySeat | undefined;
  const leave = () => {
    left = null;
    seat?.leave();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        seat = room?.enter(() => {
          left = null;
          controller.error(brokenOff());
        });
        seat?.grow(bytes.length);
      },
      pull(controller) {
        if (left?.length) controller.enqueue(left.subarray(0, PIECE));
        left = left?.subarray(PIECE) ?? null;
        if (left?.length) return;
        leave();
        controller.close();
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
}

/** What is in memory, beside the piece that is being sent, of a text that is being made. */
const MADE_AHEAD = 1024 * 1024;

/** Sends text as it is made, no faster than it is read. While it waits to be read it takes room among the answers. */
export function answerStream(
  lines: AsyncGenerator<string>,
  headers: Record<string, string>,
  room: BodyRoom = answersOfThisProcess(),
): Response {
  const encoder = new TextEncoder();
  let seat: BodySeat | undefined;
  const leave = () => {
    seat?.leave();
    seat = undefined;
  };
  const waitForReader = (controller: ReadableStreamDefaultController<Uint8Array>, bytes: number) => {
    seat = room.enter(() => {
      controller.error(brokenOff());
      void lines.return(undefined);
    });
    seat.grow(bytes + MADE_AHEAD);
  };
  const sendPiece = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    // Lines are gathered into pieces: one at a time would spend more on the sending than on the lines.
    let piece = '';
    while (piece.length < PIECE) {
      const { done, value } = await lines.next();
      if (done) {
        if (piece) controller.enqueue(encoder.encode(piece));
        controller.close();
        return;
      }
      piece += value;
    }
    const bytes = encoder.encode(piece);
    controller.enqueue(bytes);
    waitForReader(controller, bytes.length);
  };
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      leave();
      try {
        await sendPiece(controller);
      } catch (error) {
        logFault(error);
        throw error; // the answer breaks off, and whoever reads it sees that it has no end
      }
    },
    async cancel() {
      leave();
      await lines.return(undefined);
    },
  });
  return new Response(body, { headers: { 'Cache-Control': CACHE_CONTROL.fresh, ...headers } });
}

function brokenOff(): Error {
  return new Error('broken off: others needed the room of an answer that was read slowly');
}

/** The place in a list that an address names. @throws AppError BAD_QUERY */
export function readPlace(request: Request): ListPlace {
  return { after: readCursor(request), epoch: new URL(request.url).searchParams.get('epoch') };
}

/** The `after` of an address: a whole number, 0 when it is missing. @throws AppError BAD_QUERY */
export function readCursor(request: Request): number {
  const text = new URL(request.url).searchParams.get('after') ?? '0';
  if (!/^\d{1,15}$/.test(text)) throw new AppError('BAD_QUERY', 'after is a number that the platform gave out');
  return Number(text);
}
