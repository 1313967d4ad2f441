import 'server-only';
import { AppError } from '../errors.ts';

/**
 * Does one thing at a time under one name, in the order in which they came. For what waits for one lock of the database: of those who
 * wait there, each would hold a connection that others need.
 */
export type Lines = {
  /** @param mostWaiting how many may wait, beside the one whose turn it is @throws AppError BUSY to whoever comes beyond that */
  wait<T>(name: string, mostWaiting: number, work: () => Promise<T>): Promise<T>;
};

type Line = { last: Promise<unknown>; there: number };

const RETRY_AFTER_SECONDS = 3;

export function createLines(): Lines {
  const lines = new Map<string, Line>();
  return {
    async wait(name, mostWaiting, work) {
      const line = lines.get(name) ?? { last: Promise.resolve(), there: 0 };
      if (line.there > mostWaiting) throw new AppError('BUSY', undefined, RETRY_AFTER_SECONDS);
      lines.set(name, line);
      line.there += 1;
      const turn = line.last.then(work);
      line.last = turn.catch(() => {});
      try {
        return await turn;
      } finally {
        line.there -= 1;
        if (line.there === 0) lines.delete(name);
      }
    },
  };
}
