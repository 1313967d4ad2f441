// SPEC §10.2: the content of a wave, to which everything that opens it is bound
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashHex } from '../messages/hash.ts';
import { hex32, positive } from '../messages/shape.ts';
import type { FieldText } from '../numbers/field.ts';
import { type Point, type PointText, parseCurvePoint } from '../numbers/point.ts';
import type { SealedList } from './shuffle.ts';
import { compareNullifiers, type WaveGroup } from './waves.ts';

export const waveShape = z.strictObject({
  type: z.literal('wave'),
  statement: hex32,
  number: positive,
  /** The hash of the final checkpoint that calls for the wave. */
  checkpoint: hex32,
  /** Ascending by group; entry hashes, ascending by nullifier. */
  groups: z
    .array(z.strictObject({ group: hex32, entries: z.array(hex32).min(1).max(65_536) }))
    .min(1)
    .max(64),
});
/** Which entries open together: a line of the record, which nobody signs, for everybody derives it from the board. */
export type Wave = z.infer<typeof waveShape>;

/** The wave that a final checkpoint calls for. SPEC §10.2. */
export function createWave(statement: Hex32, due: { number: number; checkpoint: Hex32; groups: readonly WaveGroup[] }): Wave {
  return { type: 'wave', statement, number: due.number, checkpoint: due.checkpoint, groups: due.groups.map((group) => ({ ...group })) };
}

/** W, the hash of a wave. SPEC §10.2. */
export function contentOf(wave: Wave): Hex32 {
  return hashHex('wave', wave);
}

/** How many entries a wave opens. */
export function sizeOf(wave: Wave): number {
  return wave.groups.reduce((sum, { entries }) => sum + entries.length, 0);
}

/** An entry of a wave that has passed §8.4, with its hash. */
export type WaveEntry = { hash: Hex32; group: Hex32; nullifier: FieldText; ephemeral: PointText; sealed: PointText };

/**
 * L₀, the lists that the first mixer starts from: the entries of a wave, in its order. They must be those that the wave names, of
 * its groups, which ascend, and rise by nullifier within each. Whether the nullifiers are new is the caller's. SPEC §10.2.
 */
export function startLists(wave: Wave, entries: readonly WaveEntry[]): Checked<SealedList[], 'WAVE_ENTRY' | 'WAVE_ORDER'> {
  if (entries.length !== sizeOf(wave)) return refuse('WAVE_ENTRY', 'there are not as many entries as the wave names');
  const lists: SealedList[] = [];
  let [place, groupBefore] = [0, ''];
  for (const { group, entries: hashes } of wave.groups) {
    if (group <= groupBefore) return refuse('WAVE_ORDER', 'groups must ascend');
    const own = entries.slice(place, place + hashes.length);
    const fits = own.every((entry, i) => entry.hash === hashes[i] && entry.group === group);
    if (!fits) return refuse('WAVE_ENTRY', 'an entry is not the one that the wave names in its place');
    const rises = own.every(({ nullifier }, i) => i === 0 || compareNullifiers((own[i - 1] as WaveEntry).nullifier, nullifier) < 0);
    if (!rises) return refuse('WAVE_ORDER', 'entries must ascend by nullifier');
    lists.push({ group, items: own.map(({ ephemeral, sealed }) => [requirePoint(ephemeral), requirePoint(sealed)]), isWire: false });
    [place, groupBefore] = [place + hashes.length, group];
  }
  return accept(lists);
}

function requirePoint(text: PointText): Point {
  const point = parseCurvePoint(text);
  if (point === null) throw new TypeError('"entries" must have passed §8.4');
  return point;
}
