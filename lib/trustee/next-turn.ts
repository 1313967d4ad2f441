// When a trustee looks at a statement again: what is quiet is asked about less often
import type { Duty } from './duty.ts';

/** Looks in a row that bring nothing new before the pauses begin to grow, and before each time that they double. */
const PATIENT_LOOKS = 12;
/** Of the pause between two rounds; where nothing is published at once, also a part of its cadence. */
const LONGEST_FACTOR = 6;
const PART_OF_CADENCE = 0.1;
const LONGEST_PAUSE_SECONDS = 300;

/** What has become of a statement so far, as one text: the same as before where a look has brought nothing. */
export function stateOf({ journal, view, pace }: Duty): string {
  const { stage, messages, cosigned } = journal;
  const { inbox, board, keyMessages, waves } = view;
  const steps = [...waves.values()].reduce((sum, wave) => sum + wave.verifiedAt.size + wave.openings.length, waves.size);
  const said = [stage, messages.length, cosigned?.number ?? 0];
  return [...said, inbox.cursor, inbox.sent.size, board?.board.head.number ?? 0, keyMessages.length, steps, pace.isBehind].join();
}

/** Unix seconds; never after a moment at which its time is over. */
export function nextTurn({ pace, journal, context }: Duty, now: number, pollSeconds: number): number {
  const { idle } = pace;
  if (idle < PATIENT_LOOKS) return 0;
  const { cadence, openBy } = context.statement;
  const longest = Math.max(LONGEST_FACTOR * pollSeconds, Math.min(cadence * PART_OF_CADENCE, LONGEST_PAUSE_SECONDS));
  const pause = Math.min(pollSeconds * 2 ** Math.floor(idle / PATIENT_LOOKS), longest);
  const ends = [openBy + 1, journal.destroyAt].filter((end) => end > now);
  return ends.reduce((first, end) => Math.min(first, end), now + pause);
}
