// SPEC §10.7: opening the last lists of a chain
import { z } from 'zod';
import type { Author } from '../key/key-generation.ts';
import type { Keyed } from '../key/key-judgement.ts';
import { authored } from '../key/key-messages.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { signMessage } from '../messages/ed25519.ts';
import { type Hex32, hashBytes, hashHex } from '../messages/hash.ts';
import { hex32, pointText, positive } from '../messages/shape.ts';
import { sumInPieces } from '../numbers/combination.ts';
import { type EqualityClaim, equalityShape, isEqual, proveEquality } from '../numbers/discrete-log.ts';
import {
  formatPoint,
  formatPoints,
  INVERSE_OF_EIGHT,
  multiplySecret,
  type Point,
  type PointText,
  parseCurvePoint,
  type Scalar,
  toScalar,
} from '../numbers/point.ts';
import type { Random } from '../numbers/random.ts';
import { pointMeant } from '../numbers/wire-point.ts';
import { type SealedList, shortScalar } from './shuffle.ts';

export const openingShape = z.strictObject({
  type: z.literal('opening'),
  ...authored,
  wave: positive,
  /** W, the hash of the wave. */
  content: hex32,
  /** The hash of the last step of the chain that is opened. */
  mix: hex32,
  /** Whether its author led: opened the chain that it preferred, before it followed anybody. */
  lead: z.boolean(),
  /** For each group of the wave, ascending, for each item of the last list, in its order: share · ephemeral, as a wire point. */
  lists: z
    .array(z.strictObject({ group: hex32, partials: z.array(pointText).min(1).max(65_536) }))
    .min(1)
    .max(64),
  /** One Chaum–Pedersen proof for all of them. */
  proof: equalityShape,
});
/** A trustee's part in opening a wave. k valid ones of one chain open it; an invalid one is set aside and its author named. */
export type Opening = z.infer<typeof openingShape>;

/** The end of a complete chain, verified from the entries on: what an opening opens. */
export type ChainEnd = { statement: Hex32; wave: number; content: Hex32; mix: Hex32; lists: readonly SealedList[] };

/** The partials of one list, as they stand in an opening. */
export type PartialList = { group: Hex32; partials: readonly PointText[] };

/** E = 8 · D for each item of each list: small-order parts are gone, and nothing but these is used from here on (T29). */
export type ClearedOpening = { trustee: number; lists: { group: Hex32; points: Point[] }[] };

export type OpeningFailure = 'OPENING_MIX' | 'BAD_POINT' | 'OPENING_PROOF';

/** Makes a trustee's opening of a chain that it has verified itself, at one go. SPEC §10.7. */
export function makeOpening(author: Author, keyed: Keyed, share: Scalar, end: ChainEnd, lead: boolean, random: Random): Opening {
  const lists = end.lists.map((list) => ({ group: list.group, partials: openItems(share, list) }));
  const key = keyed.verificationKeys[author.trustee - 1] as Point;
  return signOpening(author, end, lead, lists, proveOpening(author.trustee, key, share, end, lists, random));
}

/**
 * A trustee's partials of some items, in their order. Each costs a multiplication that takes the same time for every share, so that
 * a large wave is better opened in pieces. They start from the points meant, never from those on the wire: a small-order part would
 * tell something of the share (T29). SPEC §10.7.
 */
export function openItems(share: Scalar, list: Pick<SealedList, 'items' | 'isWire'>): PointText[] {
  const factor = toScalar(share * INVERSE_OF_EIGHT);
  return formatPoints(list.items.map(([ephemeral]) => multiplySecret(meant(list, ephemeral), factor)));
}

/**
 * Proves partials of all lists. Whether they are what `openItems` makes of this share is left to the caller: for others the proof
 * does not hold. `key` is the trustee's verification key. SPEC §10.7. @throws TypeError for a partial that is not on the curve
 */
export function proveOpening(
  trustee: number,
  key: Point,
  share: Scalar,
  end: ChainEnd,
  lists: readonly PartialList[],
  random: Random,
): Opening['proof'] {
  const bound = seedOfOpening(end, trustee, key, lists);
  const points = readPartials(lists);
  if (points === null) throw new TypeError('"lists" must hold partials of this chain');
  return proveEquality('opening-challenge', share, claimOf(key, end.lists, points, bound), { seed: bound }, random);
}

/** Signs an opening of these partials, which `proof` is of. SPEC §10.7. */
export function signOpening(
  { trustee, seed }: Pick<Author, 'trustee' | 'seed'>,
  { statement, wave, content, mix }: Omit<ChainEnd, 'lists'>,
  lead: boolean,
  partials: readonly PartialList[],
  proof: Opening['proof'],
): Opening {
  const lists = partials.map((list) => ({ group: list.group, partials: [...list.partials] }));
  return signMessage('opening', { type: 'opening', statement, trustee, wave, content, mix, lead, lists, proof }, seed);
}

/**
 * Checks an opening, already checked by `checkTrusteeMessage`, against the chain that the verifier has verified itself: one list for
 * each group, a partial on the curve for each item, and the one proof with coefficients hashed from all that is claimed. SPEC §10.7.
 */
export function checkOpening(
  keyed: Pick<Keyed, 'verificationKeys'>,
  end: ChainEnd,
  opening: Opening,
): Checked<ClearedOpening, OpeningFailure> {
  const { wave, content, mix, lists } = opening;
  if (wave !== end.wave || content !== end.content || mix !== end.mix) return refuse('OPENING_MIX', 'the opening is not of this chain');
  const fits = lists.every(({ group, partials }, i) => group === end.lists[i]?.group && partials.length === end.lists[i].items.length);
  if (!fits || lists.length !== end.lists.length) return refuse('OPENING_MIX', 'the opening has not one partial for each item');
  const points = readPartials(lists);
  if (points === null) return refuse('BAD_POINT', 'a partial opening is not on the curve');
  const key = keyed.verificationKeys[opening.trustee - 1] as Point;
  const bound = seedOfOpening(end, opening.trustee, key, lists);
  const claim = claimOf(key, end.lists, points, bound);
  if (claim.base.is0() || !isEqual('opening-challenge', claim, opening.proof, { seed: bound }))
    return refuse('OPENING_PROOF', `the opening of trustee ${opening.trustee} is not proven`);
  const cleared = lists.map(({ group }, i) => ({ group, points: (points[i] as Point[]).map(pointMeant) }));
  return accept({ trustee: opening.trustee, lists: cleared });
}

function readPartials(lists: readonly PartialList[]): Point[][] | null {
  const all: Point[][] = [];
  for (const { partials } of lists) {
    const points = partials.map(parseCurvePoint);
    if (!points.every((point) => point !== null)) return null;
    all.push(points);
  }
  return all;
}

/** Everything that is claimed. W and the hash of the last step stand for the points meant, which they commit to. */
function seedOfOpening({ statement, wave, content, mix }: ChainEnd, trustee: number, key: Point, lists: readonly PartialList[]): Hex32 {
  return hashHex('opening-seed', { statement, trustee, key: formatPoint(key), wave, content, mix, lists });
}

/** The batch over all items of all lists, i from 1: base Σ ρᵢ · ephemeralᵢ and image 8 · Σ ρᵢ · Dᵢ, with ρᵢ of 128 bits. */
function claimOf(key: Point, lists: readonly SealedList[], partials: readonly Point[][], seed: Hex32): EqualityClaim {
  const isWire = lists[0]?.isWire ?? true;
  const ephemerals = lists.flatMap(({ items }) => items.map(([ephemeral]) => ephemeral));
  const coefficients = ephemerals.map((_, i) => shortScalar(hashBytes('opening-coefficient', { seed, index: i + 1 })));
  const base = sumInPieces(ephemerals, coefficients);
  const image = sumInPieces(partials.flat(), coefficients);
  return { key, base: meant({ isWire }, base), image: pointMeant(image) };
}

function meant({ isWire }: Pick<SealedList, 'isWire'>, point: Point): Point {
  return isWire ? pointMeant(point) : point;
}
