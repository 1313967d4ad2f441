import 'server-only';
import path from 'node:path';
import { createWorkRoom } from '#lib/host/work-room.ts';
import { RoomError, type RoomLimits, type WorkRoom } from '#lib/room/room.ts';
import { AppError } from '../errors.ts';
import type { Jobs } from './jobs.ts';

/**
 * Threads of the web process. A job is refused as AppError BUSY when too many wait already, when it took too long, and when the
 * process is about to end.
 */
export type ThreadPool = WorkRoom<Jobs>;

const FILE = path.join('lib', 'server', 'threads', 'thread.ts');
const RETRY_AFTER_SECONDS = 3;
const BUSY: readonly RoomError['code'][] = ['BUSY', 'TIME_LIMIT', 'CLOSED'];

export function createThreadPool(limits: Required<Pick<RoomLimits, 'hands' | 'queue' | 'timeLimitMs'>>): ThreadPool {
  const room = createWorkRoom<Jobs>({ ...limits, file: path.join(/* turbopackIgnore: true */ process.cwd(), FILE) });
  return {
    run: (job, input, options) =>
      room.run(job, input, options).catch((error: unknown) => {
        const isBusy = error instanceof RoomError && BUSY.includes(error.code);
        throw isBusy ? new AppError('BUSY', undefined, RETRY_AFTER_SECONDS) : error;
      }),
    get waiting() {
      return room.waiting;
    },
    close: () => room.close(),
  };
}
