// What waits to be sent is held in memory until the other side reads it: readers that are slow must not fill it.
import type { ServerResponse } from 'node:http';

export type SendingRoom = {
  /** Watches over an answer from its beginning until it has gone out. */
  enter(response: ServerResponse): void;
  /** Gives up the heaviest answers while too much waits. To be called now and then: answers grow after they have begun. */
  tidy(): void;
};

type Limits = {
  /** Bytes of answers that may wait to be sent, those to all readers together. */
  mostBytes: number;
  /** How long a reader may read nothing at all of what waits for it. */
  patienceMs: number;
};

/**
 * When too much waits in all, the answer that holds most for longest is broken off: an ordinary one is read at once and weighs
 * nothing, so that who would keep an honest reader out must go on reading, and faster than that one.
 * @param now milliseconds, only forward
 */
export function createSendingRoom({ mostBytes, patienceMs }: Limits, now = () => performance.now()): SendingRoom {
  const begun = new Map<ServerResponse, number>();
  const tidy = () => {
    let total = 0;
    for (const response of begun.keys()) total += response.writableLength;
    if (total <= mostBytes) return;
    const waiting = [...begun].map(([response, since]) => ({ response, bytes: response.writableLength, ms: now() - since + 1 }));
    waiting.sort((a, b) => b.bytes * b.ms - a.bytes * a.ms);
    for (const { response, bytes } of waiting) {
      if (total <= mostBytes) return;
      total -= bytes;
      response.destroy();
    }
  };
  return {
    enter(response) {
      begun.set(response, now());
      response.once('close', () => begun.delete(response));
      // Node lets this pass as long as any of what waits leaves; nobody waits yet where the answer is still being made.
      response.setTimeout(patienceMs, () => {
        if (response.writableLength > 0) response.destroy();
      });
      tidy();
    },
    tidy,
  };
}
