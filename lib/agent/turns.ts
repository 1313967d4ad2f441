// How often something may be done within an hour or a day, by whom it concerns
const MOST_KEYS = 50_000;

export type Turns = {
  /** Takes a turn for all keys, or for none when one of them has had as many as it may. `now` in Unix seconds. */
  take(limits: readonly { key: string; most: number }[], now: number): boolean;
};

/** Counts by hours or days, in memory: a restart forgets them, which gives each key the turns of one more. @param seconds of such a time */
export function createTurns(seconds: number): Turns {
  let last = -1;
  let counts = new Map<string, number>();
  return {
    take(limits, now) {
      const current = Math.floor(now / seconds);
      if (current !== last) {
        last = current;
        counts = new Map();
      }
      const isFull = limits.some(({ key, most }) => (counts.get(key) ?? 0) >= most);
      if (isFull || counts.size > MOST_KEYS) return false;
      for (const { key } of limits) counts.set(key, (counts.get(key) ?? 0) + 1);
      return true;
    },
  };
}
