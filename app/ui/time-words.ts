import { countOf } from '#lib/protocol/messages/count-of.ts';

/** Times and durations in words. Pure, for server and browser alike. */
export type Detail = 'day' | 'minute';

/** "1 March 2027, 14:00 CET". @param at Unix seconds @param timeZone IANA name; without it the zone of the machine */
export function formatTime(at: number, detail: Detail, timeZone?: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone });
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZoneName: 'short', timeZone });
  const date = new Date(at * 1000);
  return detail === 'day' ? day.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}

/** The two largest units of a duration in words; seconds only below a minute. @param seconds at least 0 */
export function describeDuration(seconds: number): string {
  const units: [string, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ];
  const largest = units.findIndex(([, length]) => seconds >= length);
  if (largest < 0) return countOf(Math.max(0, Math.floor(seconds)), 'second', 'seconds');
  const [name, length] = units[largest]!;
  const whole = Math.floor(seconds / length);
  const next = units[largest + 1];
  const rest = next ? Math.floor((seconds - whole * length) / next[1]) : 0;
  const inWords = (count: number, unit: string) => countOf(count, unit, `${unit}s`);
  return rest > 0 && next ? `${inWords(whole, name)} and ${inWords(rest, next[0])}` : inWords(whole, name);
}

/** A duration in words, rounded up to whole minutes or, from two hours on, to whole hours. @param seconds at least 0 */
export function describeAtMost(seconds: number): string {
  if (seconds < 60) return countOf(seconds, 'second', 'seconds');
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? countOf(minutes, 'minute', 'minutes') : countOf(Math.ceil(minutes / 60), 'hour', 'hours');
}

/** A difference of clocks as a sentence. @param ahead seconds, as of `clockAhead` */
export function describeAhead(ahead: number): string {
  const difference = describeDuration(60 * Math.round(Math.abs(ahead) / 60));
  return `The clock of this device is ${difference} ${ahead > 0 ? 'ahead of' : 'behind'} this site’s.`;
}

/** How often signatures appear, as a sentence. @param seconds 0 for at once */
export function describeCadence(seconds: number): string {
  return seconds === 0
    ? 'Signatures appear at once.'
    : `Signatures appear together, every ${describeDuration(seconds).replace(/^1 /, '')}.`;
}
