// When a trustee looks at a statement again: what is quiet is asked about less often
import type { Duty } from './duty.ts';

export type TurnRules = {
  /** Between two rounds. */ pollSeconds: number /** Seconds by a clock that nobody sets. */;
  monotonic: () => number;
};

/** Looks in a row that bring nothing new before the pauses begin to grow, and before each time that they double. */
const PATIENT_LOOKS = 12;
/** Of the pause between two rounds; where nothing is published at once, also a part of its cadence. */
const LONGEST_FACTOR = 6;
const PART_OF_CADENCE = 0.1;
const LONGEST_PAUSE_SECONDS = 300;

/** What has become of a statement so far, as one text: the same as before where a look has brought nothing. */
export function stateOf({ journal, cursor, view, delivered, opened, keyMessages, isBehind }: Duty): string {
  const { stage, messages } = journal;
  return [stage, messages.length, cursor, view?.head.number ?? 0, delivered.size, opened.size, keyMessages.size, isBehind].join();
}

/** Unix seconds; never after a moment at which its time is over. */
export function nextTurn({ idle, journal, context }: Duty, now: number, pollSeconds: number): number {
  if (idle < PATIENT_LOOKS) return 0;
  const { cadence, openBy } = context.statement;
  const longest = Math.max(LONGEST_FACTOR * pollSeconds, Math.min(cadence * PART_OF_CADENCE, LONGEST_PAUSE_SECONDS));
  const pause = Math.min(pollSeconds * 2 ** Math.floor(idle / PATIENT_LOOKS), longest);
  const end = now <= openBy ? openBy + 1 : journal.destroyAt;
  return end > now ? Math.min(now + pause, end) : now + pause;
}
