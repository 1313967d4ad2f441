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

/** The day in UTC of a time in Unix seconds, written so that it is read the same everywhere. */
export function writeDay(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 10);
}
