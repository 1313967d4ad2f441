// How often something may be done within an hour, by whom it concerns
const HOUR = 3_600;
const MOST_KEYS = 50_000;

export type Turns = {
  /** Takes a turn for all keys, or for none when one of them has had as many as it may. `now` in Unix seconds. */
  take(limits: readonly { key: string; most: number }[], now: number): boolean;
};

/** Counts by hour, in memory: a restart forgets them, which gives each key one hour's turns more. */
export function createTurns(): Turns {
  let hour = -1;
  let counts = new Map<string, number>();
  return {
    take(limits, now) {
      const current = Math.floor(now / HOUR);
      if (current !== hour) {
        hour = current;
        counts = new Map();
      }
      const isFull = limits.some(({ key, most }) => (counts.get(key) ?? 0) >= most);
      if (isFull || counts.size > MOST_KEYS) return false;
      for (const { key } of limits) counts.set(key, (counts.get(key) ?? 0) + 1);
      return true;
    },
  };
}
