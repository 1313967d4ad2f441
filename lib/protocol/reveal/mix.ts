// SPEC §10.5: steps of a mix
import { z } from 'zod';
import type { Author } from '../key/key-generation.ts';
import { authored } from '../key/key-messages.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { messageHash, signMessage } from '../messages/ed25519.ts';
import { type Hex32, hashHex } from '../messages/hash.ts';
import { hex32, pointText, positive } from '../messages/shape.ts';
import { type Point, type PointText, parseCurvePoint } from '../numbers/point.ts';
import type { Random } from '../numbers/random.ts';
import { pointMeant } from '../numbers/wire-point.ts';
import { doShufflesHold, type ReadShuffle, readShuffle } from './check-shuffle.ts';
import { makeShuffle } from './make-shuffle.ts';
import { type SealedList, type ShuffleSetting, shuffleProofShape } from './shuffle.ts';

export const mixShape = z.strictObject({
  type: z.literal('mix'),
  ...authored,
  wave: positive,
  /** W, the hash of the wave. */
  content: hex32,
  step: positive.max(16),
  /** The hash of the step before; W for the first. */
  previous: hex32,
  /** For each group of the wave, ascending, the hash of the list that the step makes of the one before. */
  lists: z
    .array(z.strictObject({ group: hex32, list: hex32 }))
    .min(1)
    .max(64),
});
/** A trustee's step: it has shuffled every list of a wave. Its lists are lines of their own. */
export type Mix = z.infer<typeof mixShape>;

export const mixListShape = z.strictObject({
  type: z.literal('mix-list'),
  statement: hex32,
  group: hex32,
  /** (ephemeral, sealed) of each item, as wire points. */
  items: z
    .array(z.tuple([pointText, pointText]).readonly())
    .min(1)
    .max(65_536),
  proof: shuffleProofShape,
});
/** One list that a step has made, and the proof that it is the one before, shuffled. */
export type MixList = z.infer<typeof mixListShape>;

/** A step with its lists, in the order of `mix.lists`. */
export type MixStep = { mix: Mix; lists: readonly MixList[] };

/** What mixing a wave depends on, and everybody who holds the wave knows. */
export type MixSetting = {
  statement: Hex32;
  key: Point;
  wave: number;
  content: Hex32;
  /** L₀, from `startLists`. */
  start: readonly SealedList[];
};

/** Where a step stands: after `previous`, the hash of step − 1, whose lists it shuffles. */
export type MixPlace = { step: number; previous: Hex32; inputs: readonly SealedList[] };

export type MixFailure = 'MIX_WAVE' | 'MIX_LIST' | 'BAD_POINT' | 'MIX_PROOF';

export function mixHash(mix: Mix): Hex32 {
  return messageHash('mix', mix);
}

export function mixListHash(list: MixList): Hex32 {
  return hashHex('mix-list', list);
}

/** The place of the first step of every chain. */
export function firstPlace({ content, start }: Pick<MixSetting, 'content' | 'start'>): MixPlace {
  return { step: 1, previous: content, inputs: start };
}

/** A list of a step with its hash, which the step names. */
export type HashedList = { list: MixList; hash: Hex32 };

/**
 * Shuffles the lists of a step, for its author to sign. Permutations and randomness exist only while this runs: after a crash
 * either the finished step is sent or a new one is made. Whether the author may make a step here is for `nextMix` in chain.ts.
 * `generators` as for `makeShuffle`. SPEC §10.5.
 */
export function shuffleLists(
  trustee: number,
  setting: Omit<MixSetting, 'start'>,
  place: MixPlace,
  random: Random,
  generators?: readonly Point[],
): HashedList[] {
  return place.inputs.map((input) => {
    const shuffle = makeShuffle(shuffleSetting(setting, trustee, place, input.group), input, random, generators);
    const list: MixList = { type: 'mix-list', statement: setting.statement, group: input.group, ...shuffle };
    return { list, hash: mixListHash(list) };
  });
}

/** Signs a step of these lists. SPEC §10.5. */
export function signMix(
  { trustee, seed }: Pick<Author, 'trustee' | 'seed'>,
  { statement, wave, content }: Pick<MixSetting, 'statement' | 'wave' | 'content'>,
  { step, previous }: Pick<MixPlace, 'step' | 'previous'>,
  lists: Mix['lists'],
): Mix {
  return signMessage('mix', { type: 'mix', statement, trustee, wave, content, step, previous, lists }, seed);
}

/** Makes and signs a step at one go. SPEC §10.5. */
export function makeStep(author: Author, setting: MixSetting, place: MixPlace, random: Random): MixStep {
  const made = shuffleLists(author.trustee, setting, place, random);
  const named = made.map(({ list: { group }, hash }) => ({ group, list: hash }));
  return { mix: signMix(author, setting, place, named), lists: made.map(({ list }) => list) };
}

/** A step all of whose points were read; its proofs are still to be checked. */
export type ReadStep = { hash: Hex32; shuffles: ReadShuffle[] };

/**
 * Reads a step at its place: shapes have passed, and so has `checkTrusteeMessage`. Checked here: the wave, one list for each group
 * with the hash that the mix names and as many items as came in, points on the curve, no item the identity. SPEC §10.5.
 */
export function readStep(setting: MixSetting, place: MixPlace, { mix, lists }: MixStep): Checked<ReadStep, MixFailure> {
  if (!isAtPlace(setting, place, mix)) return refuse('MIX_WAVE', 'the step is not of this place of this wave');
  if (lists.length !== place.inputs.length || mix.lists.length !== lists.length)
    return refuse('MIX_LIST', 'there is not one list for each group of the wave');
  const shuffles: ReadShuffle[] = [];
  for (const [i, input] of place.inputs.entries()) {
    const [list, named] = [lists[i] as MixList, mix.lists[i]];
    const fits = list.group === input.group && named?.group === input.group && list.statement === setting.statement;
    if (!fits || named.list !== mixListHash(list) || !hasSize(list, input.items.length))
      return refuse('MIX_LIST', 'a list is not the one that the step names, or not of the size of the one before');
    const bound = shuffleSetting(setting, mix.trustee, place, input.group);
    const shuffle = readShuffle({ setting: bound, input, items: list.items, proof: list.proof });
    if (!shuffle) return refuse('BAD_POINT', 'a point of a list is not on the curve');
    if (shuffle.output.items.some((item) => item.some((wire) => pointMeant(wire).is0())))
      return refuse('BAD_POINT', 'an item holds the identity');
    shuffles.push(shuffle);
  }
  return accept({ hash: mixHash(mix), shuffles });
}

/** Whether a step says that it stands at this place of this wave. */
export function isAtPlace(setting: Pick<MixSetting, 'wave' | 'content'>, place: Omit<MixPlace, 'inputs'>, mix: Mix): boolean {
  return mix.wave === setting.wave && mix.content === setting.content && mix.step === place.step && mix.previous === place.previous;
}

/** The lists that a step has made, in their order. */
export function outputsOf(step: ReadStep): SealedList[] {
  return step.shuffles.map(({ output }) => output);
}

/** The list of a step that was verified before, from its text. @throws TypeError for a text that has not been checked */
export function listOf({ group, items }: Pick<MixList, 'group' | 'items'>): SealedList {
  const read = (text: PointText): Point => {
    const point = parseCurvePoint(text);
    if (point === null) throw new TypeError('"items" must come from a verified step');
    return point;
  };
  return { group, items: items.map(([ephemeral, sealed]) => [read(ephemeral), read(sealed)]), isWire: true };
}

/**
 * Which steps have proofs that do not hold, by hash. All are checked as one sum; only if that fails is each step checked alone, so
 * that its author can be named. SPEC §10.5.
 */
export function findBadSteps(steps: readonly ReadStep[]): Hex32[] {
  if (doStepsHold(steps)) return [];
  const bad: Hex32[] = [];
  for (const step of steps) if (steps.length === 1 || !doStepsHold([step])) bad.push(step.hash);
  return bad;
}

function doStepsHold(steps: readonly ReadStep[]): boolean {
  const batch = hashHex('mix-batch', { mixes: steps.map(({ hash }) => hash) });
  return doShufflesHold(
    steps.flatMap(({ shuffles }) => shuffles),
    batch,
  );
}

/** Reads and checks one step alone. SPEC §10.5. */
export function checkStep(setting: MixSetting, place: MixPlace, step: MixStep): Checked<ReadStep, MixFailure> {
  const read = readStep(setting, place, step);
  if (!read.ok) return read;
  const bad = findBadSteps([read.value]);
  return bad.length === 0 ? read : refuse('MIX_PROOF', `the step of trustee ${step.mix.trustee} is not proven`);
}

function hasSize({ items, proof }: MixList, size: number): boolean {
  return [items, proof.c, proof.cHat, proof.tHat, proof.sHat, proof.sPrime].every(({ length }) => length === size);
}

function shuffleSetting(setting: Omit<MixSetting, 'start'>, trustee: number, place: MixPlace, group: Hex32): ShuffleSetting {
  const { statement, key, content } = setting;
  return { statement, key, content, trustee, step: place.step, previous: place.previous, group };
}
