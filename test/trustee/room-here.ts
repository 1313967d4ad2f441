import type { Random } from '#lib/protocol/numbers/random.ts';
import { RoomError } from '#lib/room/room.ts';
import { createTrusteeJobs } from '#lib/trustee/do-jobs.ts';
import type { TrusteeRoom } from '#lib/trustee/trustee-room.ts';

/**
 * A room without threads: the same jobs, with copies of what goes in and comes out, where a test starts many trustees or lets them
 * draw what it foresees. What is cancelled meanwhile is done to its end.
 */
export function roomHere(random: Random): TrusteeRoom {
  const jobs = createTrusteeJobs(random);
  return {
    run: async (job, input, { signal, onNews } = {}) => {
      const output = await jobs[job](structuredClone(input), (news) => onNews?.(structuredClone(news)));
      if (signal?.aborted) throw new RoomError('CANCELLED', 'the work was cancelled');
      return structuredClone(output);
    },
    close: async () => {},
  };
}
