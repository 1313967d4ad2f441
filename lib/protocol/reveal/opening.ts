// SPEC §10.2 – §10.3: opening the seals of a wave
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import type { Author } from '../key/key-generation.ts';
import type { Keyed } from '../key/key-judgement.ts';
import { authored } from '../key/key-messages.ts';
import { unseal } from '../key/sealing.ts';
import { type NameFields, unpackName } from '../member/name.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { signMessage } from '../messages/ed25519.ts';
import { type Hex32, hashBytes, hashHex } from '../messages/hash.ts';
import { hex32, pointText, positive } from '../messages/shape.ts';
import { finishSteps, type Steps } from '../messages/steps.ts';
import { type EqualityClaim, equalityShape, isEqual, proveEquality } from '../numbers/discrete-log.ts';
import { type Field, type FieldText, fieldToBytes, parseField } from '../numbers/field.ts';
import {
  formatPoint,
  IDENTITY,
  INVERSE_OF_EIGHT,
  invertScalar,
  multiplyPublic,
  multiplySecret,
  type Point,
  type PointText,
  parseCurvePoint,
  type Scalar,
  sumOfProducts,
  toScalar,
} from '../numbers/point.ts';
import type { Random } from '../numbers/random.ts';

/** One signature of a wave: who (a nullifier) and the point that trustees multiply, both from its verified entry. */
export type WaveItem = { nullifier: FieldText; ephemeral: PointText };
/** The signatures that open together at a final checkpoint, ascending by nullifier. Waves are numbered from 1. SPEC §10.1. */
export type Wave = { number: number; checkpoint: Hex32; items: readonly WaveItem[] };

export const openingShape = z.strictObject({
  type: z.literal('opening'),
  ...authored,
  wave: positive,
  checkpoint: hex32,
  /** For each signature of the wave, in its order: (share · 8⁻¹) · ephemeral. */
  partials: z.array(pointText).min(1),
  /** One Chaum–Pedersen proof for all of them. */
  proof: equalityShape,
});
/** A trustee's part in opening a wave. Any k valid ones open it; an invalid one is set aside and its author named. */
export type Opening = z.infer<typeof openingShape>;

/** 8 · partial for each signature of a wave: small-order parts are gone, and nothing but these is used from here on (T29). */
export type ClearedOpening = { trustee: number; points: Point[] };

export type OpeningFailure = 'OPENING_WAVE' | 'BAD_POINT' | 'OPENING_PROOF';

/** Signatures that are weighed between two stops. */
const PIECE = 4_000;

/** Makes a trustee's opening of a wave that it has derived itself from final checkpoints, at once. SPEC §10.2. */
export function makeOpening(author: Author, keyed: Keyed, share: Scalar, wave: Wave, random: Random): Opening {
  return finishSteps(proveOpening(author, keyed, share, wave, openSeals(share, wave.items), random));
}

/**
 * A trustee's partial openings of signatures of a wave, in their order. Each costs a multiplication that takes the same time
 * for every share, so that a large wave is better opened in pieces. SPEC §10.2.
 */
export function openSeals(share: Scalar, items: readonly WaveItem[]): PointText[] {
  const factor = toScalar(share * INVERSE_OF_EIGHT);
  return items.map((item) => formatPoint(multiplySecret(pointOf(item), factor)));
}

/**
 * Proves and signs partial openings of a whole wave. Whether they are what `openSeals` makes of this share is left to the
 * caller: for others the proof does not hold. SPEC §10.2.
 * @throws TypeError for a partial that is not on the curve
 */
export function* proveOpening(
  { context, trustee, seed }: Author,
  keyed: Keyed,
  share: Scalar,
  wave: Wave,
  partials: readonly PointText[],
  random: Random,
): Steps<Opening> {
  const key = keyed.verificationKeys[trustee - 1] as Point;
  const transcript = seedOf(context.id, trustee, key, wave, partials);
  yield;
  const [ephemerals, points] = [wave.items.map(pointOf), partials.map(requireCurvePoint)];
  yield;
  const claim = yield* claimOf(key, ephemerals, points, transcript);
  const body = {
    type: 'opening' as const,
    statement: context.id,
    trustee,
    wave: wave.number,
    checkpoint: wave.checkpoint,
    partials: [...partials],
    proof: proveEquality('opening-challenge', share, claim, { seed: transcript }, random),
  };
  yield;
  return signMessage('opening', body, seed);
}

/**
 * Checks an opening, already checked by `checkTrusteeMessage`, against the wave that the verifier derived itself: every
 * partial on the curve, and the one batched proof with coefficients hashed from everything that is claimed. SPEC §10.2.
 */
export function checkOpening(
  statement: Hex32,
  keyed: Pick<Keyed, 'verificationKeys'>,
  wave: Wave,
  opening: Opening,
): Checked<ClearedOpening, OpeningFailure> {
  return finishSteps(checkOpeningInSteps(statement, keyed, wave, opening));
}

/** The same with stops in between. */
export function* checkOpeningInSteps(
  statement: Hex32,
  keyed: Pick<Keyed, 'verificationKeys'>,
  wave: Wave,
  opening: Opening,
): Steps<Checked<ClearedOpening, OpeningFailure>> {
  if (opening.wave !== wave.number || opening.checkpoint !== wave.checkpoint || opening.partials.length !== wave.items.length)
    return refuse('OPENING_WAVE', 'the opening is not of this wave');
  const partials = opening.partials.map(parseCurvePoint);
  const ephemerals = wave.items.map((item) => parseCurvePoint(item.ephemeral));
  if (!partials.every((point) => point !== null) || !ephemerals.every((point) => point !== null))
    return refuse('BAD_POINT', 'a partial opening is not on the curve');
  yield;
  const key = keyed.verificationKeys[opening.trustee - 1] as Point;
  const transcript = seedOf(statement, opening.trustee, key, wave, opening.partials);
  yield;
  const claim = yield* claimOf(key, ephemerals, partials, transcript);
  if (claim.base.is0() || !isEqual('opening-challenge', claim, opening.proof, { seed: transcript }))
    return refuse('OPENING_PROOF', `the opening of trustee ${opening.trustee} is not proven`);
  return accept({ trustee: opening.trustee, points: partials.map(timesEight) });
}

/** A name as it comes out of a seal: the text, or the hex of its four field elements where it is no name. It never fails. */
export type RevealedName = { name: string } | { undecodable: string };

/** The points of an opening that has passed `checkOpening`, or of a part of it. @throws TypeError for what has not passed */
export function clearPartials(trustee: number, partials: readonly PointText[]): ClearedOpening {
  return { trustee, points: partials.map((text) => timesEight(requireCurvePoint(text))) };
}

/** Combines k cleared openings of different trustees at one place of the wave and decodes what was sealed. SPEC §10.3. */
export function revealName(
  scope: Field,
  item: { nullifier: FieldText; ciphertext: readonly FieldText[] },
  index: number,
  openings: readonly ClearedOpening[],
): RevealedName {
  const { factors, divisor } = weightsOf(openings.map((opening) => opening.trustee));
  const sum = openings.reduce((total, opening, i) => total.add(timesSmall(opening.points[index] as Point, factors[i] as bigint)), IDENTITY);
  const shared = divisor === 1n ? sum : multiplyPublic(sum, invertScalar(divisor));
  const ciphertext = item.ciphertext.map((text) => parseField(text) as Field);
  const fields = unseal(ciphertext, shared, { scope, subject: parseField(item.nullifier) as Field }) as unknown as NameFields;
  const name = unpackName(fields);
  return name.ok ? { name: name.value } : { undecodable: fields.map((field) => bytesToHex(fieldToBytes(field))).join('') };
}

/**
 * Lagrange weights at zero as fractions of one divisor, λⱼ = factorⱼ / divisor with small integers: then only the division
 * takes a multiplication of full length, and often there is none.
 */
function weightsOf(indexes: readonly number[]): { factors: bigint[]; divisor: bigint } {
  const parts = indexes.map((j) => {
    const others = indexes.filter((m) => m !== j);
    return {
      numerator: others.reduce((product, m) => product * BigInt(m), 1n),
      denominator: others.reduce((product, m) => product * BigInt(m - j), 1n),
    };
  });
  const divisor = parts.reduce((least, { denominator }) => leastCommonMultiple(least, denominator), 1n);
  const factors = parts.map(({ numerator, denominator }) => numerator * (divisor / denominator));
  const shared = factors.reduce(greatestCommonDivisor, divisor);
  return { factors: factors.map((factor) => factor / shared), divisor: divisor / shared };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  const product = a * b;
  return (product < 0n ? -product : product) / greatestCommonDivisor(a, b);
}

/** factor · point for a small integer, which may be negative. */
function timesSmall(point: Point, factor: bigint): Point {
  return factor < 0n ? multiplyPublic(point.negate(), -factor as Scalar) : multiplyPublic(point, factor as Scalar);
}

/** Lagrange coefficients at zero for distinct abscissas from 1 to 16, modulo l. Shamir 1979. */
export function lagrangeAtZero(indexes: readonly number[]): Scalar[] {
  const { factors, divisor } = weightsOf(indexes);
  return factors.map((factor) => toScalar(factor * invertScalar(divisor)));
}

function seedOf(statement: Hex32, trustee: number, key: Point, wave: Wave, partials: readonly PointText[]): Hex32 {
  const items = wave.items.map((item, i) => ({ nullifier: item.nullifier, ephemeral: item.ephemeral, partial: partials[i] as PointText }));
  return hashHex('opening-seed', { statement, trustee, key: formatPoint(key), wave: wave.number, checkpoint: wave.checkpoint, items });
}

/** The batch: Σ ρᵢ · ephemeralᵢ and 8 · Σ ρᵢ · partialᵢ, with 128-bit coefficients ρᵢ from the seed; summed up piece by piece. */
function* claimOf(key: Point, ephemerals: readonly Point[], partials: readonly Point[], seed: Hex32): Steps<EqualityClaim> {
  let [base, image] = [IDENTITY, IDENTITY];
  for (let start = 0; start < ephemerals.length; start += PIECE) {
    const piece = ephemerals.slice(start, start + PIECE);
    const coefficients = piece.map((_, i) => coefficientOf(seed, start + i));
    yield;
    base = base.add(sumOfProducts(piece, coefficients));
    yield;
    image = image.add(sumOfProducts(partials.slice(start, start + PIECE), coefficients));
    yield;
  }
  return { key, base, image: timesEight(image) };
}

function coefficientOf(seed: Hex32, index: number): Scalar {
  return BigInt(`0x${bytesToHex(hashBytes('opening-coefficient', { seed, index }).subarray(0, 16))}`) as Scalar;
}

function timesEight(point: Point): Point {
  return point.double().double().double();
}

function pointOf(item: WaveItem): Point {
  return requireCurvePoint(item.ephemeral);
}

function requireCurvePoint(text: readonly string[]): Point {
  const point = parseCurvePoint(text);
  if (point === null) throw new TypeError('"wave" must come from verified entries');
  return point;
}
