// SPEC §9.6: when a trustee cosigns, by its own clock and by what it has seen
import { lastCosignTime, type Statement } from '../statement/statement.ts';

/** Seconds that a platform has to show a checkpoint after its date, beside the clock skew. */
const SHOWN_WITHIN = 600;

/** What a trustee has noted of a checkpoint. Times are Unix seconds by its own clock. */
export type Sighting = {
  /** The time that the checkpoint bears. */
  time: number;
  /** When the trustee first saw it. */
  firstSeen: number;
  /** When it asked for the last fresh and complete index that did not hold it; null if it has asked for none. */
  lastMissed: number | null;
};

/**
 * Whether a checkpoint came too late for its date: first seen after all checkpoints must be there, or missing from an index that
 * was asked for more than clockSkew + 600 s after its date. SPEC §9.6.
 */
export function isUntimely(statement: Statement, { time, firstSeen, lastMissed }: Sighting): boolean {
  const isAfterEnd = firstSeen > lastCosignTime(statement);
  return isAfterEnd || (lastMissed !== null && lastMissed > time + statement.clockSkew + SHOWN_WITHIN);
}

/**
 * Whether a trustee may cosign now. It waits with a checkpoint of the future, and with an untimely one until k others have cosigned
 * it or a later one: the first honest one among any k judged for itself. `others` is the number of other trustees that have.
 * SPEC §9.6.
 */
export function mayCosign(statement: Statement, sighting: Sighting, now: number, others: number): boolean {
  if (sighting.time > now + statement.clockSkew) return false;
  return !isUntimely(statement, sighting) || others >= statement.committee.threshold;
}
