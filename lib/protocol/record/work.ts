// SPEC §12.4: the parts of checking a record that take long and need nothing but their input
import { checkRollLeaves, type RollFailure, type RollHeader } from '../member/roll.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import type { Hex32 } from '../messages/hash.ts';
import type { FieldText } from '../numbers/field.ts';
import { formatPoints, type Point, type PointText, parseCurvePoint, parsePoint } from '../numbers/point.ts';
import { checkStep, type MixFailure, type MixList, type MixStep } from '../reveal/mix.ts';
import { checkNames, type Names, type NamesFailure, type RevealedName } from '../reveal/names.ts';
import { checkOpening, type Opening, type OpeningFailure } from '../reveal/opening.ts';
import type { ItemText, SealedList } from '../reveal/shuffle.ts';
import { clearTexts, takeTokens } from '../reveal/tokens.ts';
import type { Wave, WaveEntry } from '../reveal/wave-content.ts';

/** A roll header that has passed, and the leaves beside it. */
export type LeavesToCheck = { header: RollHeader; leaves: readonly FieldText[] };

/** A list of items as it stands in a message. `isWire` is false for the entries of a wave. */
export type ListText = { group: Hex32; items: readonly ItemText[]; isWire: boolean };

/** L₀ as text: the entries of a wave as they stand, for who has checked them with `startLists`. SPEC §10.2. */
export function startTexts(wave: Wave, entries: readonly Pick<WaveEntry, 'ephemeral' | 'sealed'>[]): ListText[] {
  let place = 0;
  return wave.groups.map(({ group, entries: hashes }) => {
    const own = entries.slice(place, place + hashes.length);
    place += hashes.length;
    return { group, items: own.map(({ ephemeral, sealed }) => [ephemeral, sealed] as const), isWire: false };
  });
}

/** A step of a mix that may stand at its place, with the lists that it shuffles. `key` is that of the statement. */
export type StepToCheck = { key: PointText; wave: number; content: Hex32; inputs: readonly ListText[]; step: MixStep };

/** An opening whose author has been checked, and the wave and the chain that it is to be of, with the lists of its last step. */
export type OpeningToCheck = {
  verificationKey: PointText;
  wave: number;
  content: Hex32;
  mix: Hex32;
  lists: readonly ListText[];
  opening: Opening;
};

/** A part of a line of names with the items that they came out of, and of k trustees' valid openings what they hold for these. */
export type NamesToCheck = {
  header: RollHeader;
  line: Names;
  sealed: readonly PointText[];
  partials: readonly { trustee: number; points: readonly PointText[] }[];
};

/**
 * What a verifier may hand to other threads. Inputs and outputs are plain data that can be copied between them; points travel
 * as text.
 */
export type HeavyWork = {
  checkLeaves(input: LeavesToCheck): Promise<Checked<true, RollFailure>>;
  checkStep(input: StepToCheck): Promise<Checked<true, MixFailure>>;
  checkOpening(input: OpeningToCheck): Promise<Checked<true, OpeningFailure>>;
  checkNames(input: NamesToCheck): Promise<Checked<RevealedName[], NamesFailure>>;
};

/** Does the work where it is called. */
export const workHere: HeavyWork = {
  async checkLeaves({ header, leaves }) {
    return withoutValue(checkRollLeaves(header, leaves));
  },
  async checkStep({ key, wave, content, inputs, step }) {
    const start = readLists(inputs);
    if (!start) return refuse('BAD_POINT', 'a point of the step before is not on the curve');
    const setting = { statement: step.mix.statement, key: requireKey(key), wave, content, start };
    const place = { step: step.mix.step, previous: step.mix.previous, inputs: start };
    return withoutValue(checkStep(setting, place, step));
  },
  async checkOpening({ verificationKey, wave, content, mix, lists, opening }) {
    const { statement, trustee } = opening;
    const verificationKeys: Point[] = [];
    verificationKeys[trustee - 1] = requireKey(verificationKey);
    const read = readLists(lists);
    if (!read) return refuse('BAD_POINT', 'a point of the last step is not on the curve');
    const end = { statement, wave, content, mix, lists: read };
    return withoutValue(checkOpening({ verificationKeys }, end, opening));
  },
  async checkNames({ header, line, sealed, partials }) {
    const cleared = partials.map(({ trustee, points }) => ({ trustee, points: clearTexts(points) }));
    return checkNames(header, formatPoints(takeTokens(clearTexts(sealed), cleared)), line);
  },
};

/** The lists of a step that was checked before, from its lines. */
export function textsOfLines(lines: readonly string[]): ListText[] {
  return lines.map((line) => {
    const { group, items } = JSON.parse(line) as MixList;
    return { group, items, isWire: true };
  });
}

/** The points of lists; null where one is not on the curve, which was told where the list was made. */
export function readLists(lists: readonly ListText[]): SealedList[] | null {
  const read = lists.map(({ items, ...list }) => ({ ...list, items: items.map((item) => item.map(parseCurvePoint)) }));
  return read.every(({ items }) => items.every((item) => item.every((point) => point !== null))) ? (read as unknown as SealedList[]) : null;
}

/** @throws TypeError for a key that has not been judged */
export function requireKey(text: PointText): Point {
  const point = parsePoint(text);
  if (point === null) throw new TypeError('a key must have been judged before');
  return point;
}

/** A verdict that can travel between threads. */
function withoutValue<Code extends string>(checked: Checked<unknown, Code>): Checked<true, Code> {
  return checked.ok ? accept(true) : checked;
}
