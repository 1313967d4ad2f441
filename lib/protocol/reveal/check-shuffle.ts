// SPEC §10.4: checking proofs of shuffles; see shuffle.ts for the source and the letters
import { type Hex32, hashBytes } from '../messages/hash.ts';
import { Combination } from '../numbers/combination.ts';
import { BASE, type Point, type PointText, parseCurvePoint, parseScalar, type Scalar, toScalar } from '../numbers/point.ts';
import { generatorsToCheck } from './generators.ts';
import {
  challengeOf,
  type ItemText,
  type SealedList,
  type ShuffleProof,
  type ShuffleSetting,
  seedOf,
  shortScalar,
  vectorOf,
} from './shuffle.ts';

/** A shuffle as it was received: shapes hold, and all lists have one element for each item of the input. */
export type ShuffleMessage = { setting: ShuffleSetting; input: SealedList; items: readonly ItemText[]; proof: ShuffleProof };

/** A shuffle that was read: all of its points are on the curve, and the challenge is known. */
export type ReadShuffle = {
  input: SealedList;
  output: SealedList;
  key: Point;
  points: { c: Point[]; cHat: Point[]; t: Point[]; tHat: Point[] };
  responses: { s: Scalar[]; sHat: Scalar[]; sPrime: Scalar[] };
  u: Scalar[];
  x: Scalar;
};

/** Reads the points of a shuffle and hashes it; null where a point is not on the curve. */
export function readShuffle({ setting, input, items, proof }: ShuffleMessage): ReadShuffle | null {
  const outputs = readPoints(items.flat());
  const c = readPoints(proof.c);
  const cHat = readPoints(proof.cHat);
  const t = readPoints(proof.t);
  const tHat = readPoints(proof.tHat);
  if (!outputs || !c || !cHat || !t || !tHat) return null;
  const pairs = items.map((_, i) => [outputs[2 * i] as Point, outputs[2 * i + 1] as Point] as const);
  const seed = seedOf(setting, items, proof.c);
  const u = items.map((_, i) => vectorOf(seed, i + 1));
  const x = challengeOf(seed, proof);
  const scalars = (texts: readonly string[]) => texts.map((text) => parseScalar(text) as Scalar);
  return {
    input,
    output: { group: setting.group, items: pairs, isWire: true },
    key: setting.key,
    points: { c, cHat, t, tHat },
    responses: { s: scalars(proof.s), sHat: scalars(proof.sHat), sPrime: scalars(proof.sPrime) },
    u,
    x,
  };
}

function readPoints(texts: readonly PointText[]): Point[] | null {
  const points = texts.map(parseCurvePoint);
  return points.every((point) => point !== null) ? points : null;
}

/**
 * Whether all of these shuffles hold: all their equations, each times a coefficient of 128 bits, as one sum. `batch` is a hash of
 * everything that is checked, responses included, so that nobody can choose what cancels out; verdicts agree with those of the
 * equations one by one but for a chance of 2^−128. SPEC §10.4.
 */
export function doShufflesHold(shuffles: readonly ReadShuffle[], batch: Hex32): boolean {
  const sum = new Combination();
  const generators = generatorsToCheck(shuffles.reduce((most, { u }) => Math.max(most, u.length), 0));
  for (const [list, shuffle] of shuffles.entries()) {
    const equations = Array.from({ length: shuffle.u.length + 5 }, (_, i) => i + 1);
    const g = equations.map((index) => coefficientOf(batch, list + 1, index));
    addEquations(sum, shuffle, generators, g);
  }
  return sum.isZero();
}

/** γ for one equation: the first 16 bytes of its hash, 1 in place of 0. */
function coefficientOf(batch: Hex32, list: number, index: number): Scalar {
  return shortScalar(hashBytes('mix-coefficient', { batch, list, index })) || (1n as Scalar);
}

/** Adds γ · (left − right) of each equation of a shuffle, g holding γ₁ … γ₅ and then one for each item. */
function addEquations(sum: Combination, shuffle: ReadShuffle, generators: readonly Point[], g: readonly Scalar[]): void {
  const { input, output, key, points, responses, u, x } = shuffle;
  const { c, cHat, t, tHat } = points;
  const [s1, s2, s3, s4] = responses.s as [Scalar, Scalar, Scalar, Scalar];
  const [g1, g2, g3, g4, g5, ...gHat] = g as [Scalar, Scalar, Scalar, Scalar, Scalar, ...Scalar[]];
  const [H0, ...H] = generators as [Point, ...Point[]];
  const addInput = (point: Point, factor: bigint) => (input.isWire ? sum.addWire(point, factor) : sum.addPoint(point, factor));
  for (const [i, gamma] of [g1, g2, g3, g4, g5].entries()) sum.addWire(t[i] as Point, gamma);
  sum.addPoint(BASE, s4 * g4 - s1 * g1 - s2 * g2 - s3 * g3);
  sum.addPoint(key, s4 * g5);
  // (2) t₂ + x · (ĉ_N − (Π uⱼ) · H₀) − s₂ · B
  sum.addWire(cHat.at(-1) as Point, g2 * x);
  sum.addWire(H0, -g2 * toScalar(x * u.reduce((all, factor) => toScalar(all * factor), 1n as Scalar)));
  for (const [i, factor] of u.entries()) {
    const [sHat, sPrime, gamma] = [responses.sHat[i], responses.sPrime[i], gHat[i]] as [Scalar, Scalar, Scalar];
    const [A, C] = input.items[i] as readonly [Point, Point];
    const [outA, outC] = output.items[i] as readonly [Point, Point];
    // (1) t₁ + x · Σ (cⱼ − Hⱼ) − s₁ · B, (3) t₃ + x · Σ uⱼ · cⱼ − s₃ · B − Σ s′ᵢ · Hᵢ
    sum.addWire(c[i] as Point, x * (g1 + g3 * factor));
    sum.addWire(H[i] as Point, -(x * g1 + g3 * sPrime));
    // (4, 5) (t₄, t₅) + x · Σ uⱼ · eⱼ + s₄ · (B, K) − Σ s′ᵢ · e′ᵢ
    addInput(A, g4 * toScalar(x * factor));
    addInput(C, g5 * toScalar(x * factor));
    sum.addWire(outA, -g4 * sPrime);
    sum.addWire(outC, -g5 * sPrime);
    // (6) t̂ᵢ + x · ĉᵢ − ŝᵢ · B − s′ᵢ · ĉᵢ₋₁ with ĉ₀ = H₀
    sum.addWire(tHat[i] as Point, gamma);
    sum.addWire(cHat[i] as Point, gamma * x);
    sum.addPoint(BASE, -gamma * sHat);
    sum.addWire(i === 0 ? H0 : (cHat[i - 1] as Point), -gamma * sPrime);
  }
}
