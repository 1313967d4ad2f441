import 'client-only';
import { clockAhead } from '#lib/signing/clock.ts';
import { anonymousApi } from './anonymous-api.ts';

/** This device's clock, in Unix seconds with fractions. */
export function ownTime(): number {
  return Date.now() / 1000;
}

/**
 * Asks the platform what time it is. Deadlines are the platform's to keep, so it is its clock that decides whether something is
 * in time, and one that is set wrong here must not.
 * @returns by how many seconds this device's clock is ahead; 0 where the platform cannot be asked
 */
export async function askClockAhead(): Promise<number> {
  const asked = ownTime();
  const platform = await anonymousApi.getPlatform().catch(() => null);
  return platform ? clockAhead(asked, ownTime(), platform.time) : 0;
}
