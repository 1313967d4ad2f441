import 'server-only';

/** Who waits: for which statement, and how much work it has shown (lib/api/work-stamp.ts). */
export type Waiter = { statement: string; work: number };

export type FairLine<T extends Waiter> = {
  /**
   * Lets one in. When the line is full somebody has to go, which may be the one that came.
   * @returns who is turned away, if anybody, and the work with which it would have stayed
   */
  enter(waiter: T): { away: T; work: number } | null;
  /** Takes those whose turn it is out of the line: the first, and others that `goWith` it, at most so many. */
  take(most: number, goWith: (first: T, other: T) => boolean): T[];
  readonly length: number;
};

/** What is asked for at first: some 30,000 hashes, a tenth of a second in a browser. */
export const FIRST_WORK = 15;

/**
 * A bounded line in which statements share alike, and in a statement more work goes first, then who came first. Who floods one
 * statement displaces nobody who signs another; who floods the statement itself has to do as much work for each of its entries as
 * an honest signer does once.
 */
export function createFairLine<T extends Waiter>(limit: number): FairLine<T> {
  /** Of each statement, most work first; the statement whose turn it is comes first. */
  const shares = new Map<string, T[]>();
  let length = 0;

  const insert = (waiter: T) => {
    const share = shares.get(waiter.statement) ?? [];
    const place = share.findIndex(({ work }) => work < waiter.work);
    share.splice(place < 0 ? share.length : place, 0, waiter);
    shares.set(waiter.statement, share);
    length++;
  };
  const takeFirst = (statement: string): T => {
    const [first, ...rest] = shares.get(statement) as [T, ...T[]];
    shares.delete(statement);
    if (rest.length > 0) shares.set(statement, rest); // behind the others
    length--;
    return first;
  };

  return {
    get length() {
      return length;
    },
    enter(waiter) {
      insert(waiter);
      if (length <= limit) return null;
      const own = shares.get(waiter.statement) as T[];
      // Of equally long ones its own: nobody is displaced by who has as many already.
      const longest = [...shares.values()].reduce((one, other) => (other.length > one.length ? other : one), own);
      const away = longest.pop() as T;
      length--;
      return { away, work: Math.max(FIRST_WORK, (longest.at(-1)?.work ?? 0) + 1) };
    },
    take(most, goWith) {
      const taken: T[] = [];
      // A statement that has more is put behind the others, and comes again.
      for (const [statement, [next]] of shares) {
        if (taken.length >= most) break;
        if (taken.length === 0 || goWith(taken[0] as T, next as T)) taken.push(takeFirst(statement));
      }
      return taken;
    },
  };
}
