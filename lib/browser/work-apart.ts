import 'client-only';
import type { JobTable } from '#lib/room/jobs.ts';
import type { WorkRoom } from '#lib/room/room.ts';
import { createWebRoom, type WebRoomSettings } from '#lib/room/web-room.ts';

/**
 * Has each job done by a worker that is there for it alone; with it goes the memory in which secrets were.
 * `run` throws the reason of its signal, or RoomError.
 */
export function workApart<J extends JobTable>(
  settings: Omit<WebRoomSettings, 'hands' | 'queue'> & { timeLimitMs: number },
): Pick<WorkRoom<J>, 'run'> {
  return {
    run: async (job, input, options) => {
      const room = createWebRoom<J>({ ...settings, hands: 1 });
      try {
        return await orReason(options?.signal, room.run(job, input, options));
      } finally {
        await room.close();
      }
    },
  };
}

/** What comes of some work, or why whoever asked for it has stopped it. */
export async function orReason<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
