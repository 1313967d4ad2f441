/** What a clock on the wall says, as a moment. Clocks that are put forward or back make some of their hours no moment, or two. */
export type LocalTime =
  | { kind: 'moment'; at: number }
  /** `from` and `to`: what the clock shows before and after it is put on, as `HH:MM`. */
  | { kind: 'skipped' | 'repeated'; from: string; to: string };

const LONGEST_OFFSET = 15 * 3600;

/**
 * Reads the value of a `datetime-local` input, in the reader's zone. A browser would take an hour that is skipped for the next one,
 * and of one that comes twice the first, without a word.
 * @param timeZone IANA name; without it the zone of the machine
 * @returns moments in Unix seconds; null for what is no such value, as an empty one
 */
export function readLocalTime(value: string, timeZone?: string): LocalTime | null {
  const wall = readWall(value);
  if (wall === null) return null;
  const clock = clockOf(timeZone);
  const offset = (at: number) => clock(at) - at;
  const early = wall - LONGEST_OFFSET;
  const late = wall + LONGEST_OFFSET;
  const moments = new Set([wall - offset(early), wall - offset(late)].filter((at) => clock(at) === wall));
  const [at] = moments;
  if (at !== undefined && moments.size === 1) return { kind: 'moment', at };
  const change = findChange(offset, early, late);
  const times = { from: formatWall(change + offset(early)), to: formatWall(change + offset(late)) };
  return { kind: at === undefined ? 'skipped' : 'repeated', ...times };
}

/** The clock's digits as if they were UTC, in seconds. */
function readWall(value: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(value)) return null;
  const time = Date.parse(`${value}Z`);
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(value.slice(0, 16))) return null;
  return Math.floor(time / 1000);
}

/** What the clocks of a zone show at a moment, in the form of `readWall`. */
function clockOf(timeZone: string | undefined): (at: number) => number {
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { ...parts, hourCycle: 'h23', calendar: 'gregory', timeZone });
  return (at) => {
    const read = new Map(format.formatToParts(at * 1000).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => read.get(type) as number;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) / 1000;
  };
}

/** The moment between two at which clocks are changed. */
function findChange(offset: (at: number) => number, early: number, late: number): number {
  const before = offset(early);
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (offset(middle) === before) early = middle;
    else late = middle;
  }
  return late;
}

function formatWall(wall: number): string {
  return new Date(wall * 1000).toISOString().slice(11, 16);
}
