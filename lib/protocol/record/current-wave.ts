// SPEC §12.4: what a verifier knows of the wave that it is reading, and keeps of those before
import type { Hex32 } from '../messages/hash.ts';
import type { Chains } from '../reveal/chain.ts';
import type { NamedWave } from '../reveal/destruction.ts';
import type { Mix, MixList } from '../reveal/mix.ts';
import type { RevealedName } from '../reveal/names.ts';
import type { Opening } from '../reveal/opening.ts';
import type { Wave, WaveEntry } from '../reveal/wave-content.ts';
import type { PendingChecks } from './pending.ts';
import type { ListText } from './work.ts';

/** A wave while its lines are read. */
export type CurrentWave = {
  line: number;
  wave: Wave;
  /** W. */
  content: Hex32;
  /** The number of its checkpoint; 0 where it has no good one. */
  checkpointNumber: number;
  entries: (WaveEntry & { minimum: number })[];
  /** How far it has been judged: all its entries are there, all its steps and openings. */
  stage: 'entries' | 'steps' | 'names';
  /** Whether an entry was refused, which was told at its line. */
  hasBadEntry: boolean;
  /** The lists of the last step read; at first those of the entries. Null where nothing after them can be judged. */
  lists: ListText[] | null;
  chains: Chains;
  /** The step whose lists are being read. */
  step: { line: number; mix: Mix; lists: MixList[] } | null;
  /** The hash of the last step; W before the first. */
  last: Hex32;
  openings: Opening[];
  /** Groups whose names stand in the record, and the pieces of names that were checked, with their places. */
  named: Hex32[];
  names: { place: number; start: number; names: RevealedName[] }[];
  /** Of each line of names, the failure that comes first in it, and where. */
  badNames: Map<number, { start: number; code: string; detail?: string }>;
  checks: PendingChecks;
};

/** A wave that has passed by: what later waves and the report need of it. */
export type PastWave = { number: number; content: Hex32; checkpointNumber: number; openedBy: number[] };

/** Of waves that trustees name, those that have not passed by. Either may be hundreds of thousands. */
export function findNotPast(named: readonly NamedWave[], past: readonly PastWave[]): NamedWave[] {
  const keyOf = ({ number, content }: NamedWave) => `${number}/${content}`;
  const seen = new Set(past.map(keyOf));
  return named.filter((wave) => !seen.has(keyOf(wave)));
}
