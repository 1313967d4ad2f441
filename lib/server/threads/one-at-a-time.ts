import 'server-only';
import { AppError } from '../errors.ts';

/** Does one thing at a time, in the order in which they came. @throws AppError BUSY to whoever comes while as many wait as may */
export type OneAtATime = <T>(work: () => Promise<T>) => Promise<T>;

const RETRY_AFTER_SECONDS = 3;

/**
 * For work that waits for one lock of the database: of those who wait there, each would hold a connection that others need.
 * @param mostWaiting how many may wait, beside the one whose turn it is
 */
export function createOneAtATime(mostWaiting: number): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  let there = 0;
  return async (work) => {
    if (there > mostWaiting) throw new AppError('BUSY', undefined, RETRY_AFTER_SECONDS);
    there += 1;
    const turn = last.then(work);
    last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      there -= 1;
    }
  };
}
