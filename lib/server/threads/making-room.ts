import 'server-only';
import { AppError } from '../errors.ts';

/** Room in memory for long answers while they are made; afterwards they have a seat until they are read (http/body-room.ts). */
export type MakingRoom = {
  /**
   * Makes one once there is room for so many bytes: others before it have their turn first, and one that is larger than the whole room
   * has it for itself. @throws AppError BUSY while too many wait
   */
  hold<T>(bytes: number, make: () => Promise<T>): Promise<T>;
};

const MB = 1024 * 1024;
const MOST_WAITING = 256;
const RETRY_AFTER_SECONDS = 3;

export function createMakingRoom(mostBytes = 64 * MB, mostWaiting = MOST_WAITING): MakingRoom {
  let held = 0;
  const waiting: { bytes: number; enter: () => void }[] = [];
  const letIn = () => {
    for (let first = waiting[0]; first && (held === 0 || held + first.bytes <= mostBytes); first = waiting[0]) {
      waiting.shift();
      held += first.bytes;
      first.enter();
    }
  };
  return {
    async hold(bytes, make) {
      if (waiting.length >= mostWaiting) throw new AppError('BUSY', undefined, RETRY_AFTER_SECONDS);
      const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
      waiting.push({ bytes, enter });
      letIn();
      await entered;
      try {
        return await make();
      } finally {
        held -= bytes;
        letIn();
      }
    },
  };
}
