// Answers of a platform that a program of somebody else asks: none may fill its memory
import { ApiError } from './api-error.ts';
import type { Fetch } from './request.ts';

/** Bytes of one answer: as many as a checkpoint of some 200,000 signatures takes. SPEC §13.1. */
const MOST_BYTES = 256 * 1024 * 1024;

/** A `fetch` of which answers break off after so many bytes: ApiError ANSWER_TOO_LONG. */
export function limitAnswers(fetch: Fetch, mostBytes: number = MOST_BYTES): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.body) return response;
    let seen = 0;
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        seen += chunk.byteLength;
        if (seen > mostBytes)
          controller.error(new ApiError('ANSWER_TOO_LONG', 'The answer is longer than this program reads.', response.status));
        else controller.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(counter), { status: response.status, headers: response.headers });
  };
}
