/** A difference below this is the network's, or nobody's business. */
const NOTABLE_SECONDS = 60;

/**
 * By how much a device's clock is ahead of the platform's, in seconds; negative where it is behind. The platform's time was
 * told between two moments of the device's: where it lies between them, the two agree. All in Unix seconds.
 */
export function clockAhead(asked: number, answered: number, platformTime: number): number {
  if (answered < asked) return 0; // the clock was set meanwhile
  if (platformTime < Math.floor(asked)) return Math.floor(asked) - platformTime;
  return Math.min(0, Math.ceil(answered) - platformTime);
}

/** Whether a person should be told of the difference. */
export function isNotable(ahead: number): boolean {
  return Math.abs(ahead) > NOTABLE_SECONDS;
}

const DAY_IN_UTC = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** The day in UTC of a time in Unix seconds, with its month by name, so that it is read the same everywhere: "1 March 2027". */
export function writeDay(time: number): string {
  return DAY_IN_UTC.format(time * 1000);
}
