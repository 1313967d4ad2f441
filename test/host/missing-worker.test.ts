import { expect, it } from 'vitest';
import { createWebRoom } from '#lib/room/web-room.ts';

/** Stands for a worker whose script is gone: browsers say so by an event without a word. */
class MissingWorker extends EventTarget {
  postMessage(): void {
    queueMicrotask(() => this.dispatchEvent(new Event('error')));
  }
  terminate(): void {}
}

it('work whose script did not come says to load the page again', async () => {
  const room = createWebRoom<{ add: { input: number; output: number; news: never } }>({
    start: () => new MissingWorker() as unknown as Worker,
    hands: 1,
  });
  await expect(room.run('add', 1)).rejects.toMatchObject({ code: 'LOST', message: expect.stringContaining('Load the page again') });
  await room.close();
});
