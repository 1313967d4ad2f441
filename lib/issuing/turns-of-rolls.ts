// When a roll comes out: at times that nobody's arrival has to do with
import type { IssuedGroup } from './issuer-file.ts';

/** Whether a multiple of the interval lies between the last look and now. Unix seconds. */
export function isTurn(lastTurn: number, now: number, intervalSeconds: number): boolean {
  return turnOf(now, intervalSeconds) > turnOf(lastTurn, intervalSeconds);
}

/** The newest multiple of the interval that is not after `time`. */
function turnOf(time: number, intervalSeconds: number): number {
  return time - (time % intervalSeconds);
}

/**
 * When a group's next roll is to come out, and the date that it then bears: the turn that has come, not the minute at which somebody
 * presses a button. Without a schedule, or before the first roll, at once.
 * @returns `due` in Unix seconds, null for at once; `time` for the header of a roll that is made now
 */
export function nextRollTurn({ publishSeconds, lastRoll }: IssuedGroup, now: number): { due: number | null; time: number } {
  if (publishSeconds === undefined || !lastRoll) return { due: null, time: now };
  const due = turnOf(lastRoll.time, publishSeconds) + publishSeconds;
  return due > now ? { due, time: now } : { due: null, time: turnOf(now, publishSeconds) };
}
