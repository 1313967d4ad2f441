import path from 'node:path';
import { createWorkRoom } from '#lib/host/work-room.ts';
import type { WorkRoom } from '#lib/room/room.ts';
import type { TrusteeJobs } from './jobs.ts';

/** Where the jobs of trustees are done. */
export type TrusteeRoom = Pick<WorkRoom<TrusteeJobs>, 'run' | 'close'>;

const FILE = path.join(import.meta.dirname, 'thread.ts');
/** They hold a share, or a permutation with its randomness: the memory of their thread is given back with each. */
const SECRET: readonly (keyof TrusteeJobs)[] = ['shuffle', 'open'];

/**
 * Two threads: one that stays, for what anybody may see done, and one for each job with a secret. Neither gets settings of this
 * process, and nothing of its keystore but the share that it opens with. @param file the script of the threads, for tests
 */
export function createTrusteeRoom(file: string = FILE): TrusteeRoom {
  const open = createWorkRoom<TrusteeJobs>({ file, hands: 1 });
  const secret = createWorkRoom<TrusteeJobs>({ file, hands: 1, isOnce: true });
  return {
    run: (job, input, options) => (SECRET.includes(job) ? secret : open).run(job, input, options),
    close: async () => void (await Promise.all([open.close(), secret.close()])),
  };
}
