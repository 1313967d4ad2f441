// SPEC §1.4: points of Baby Jubjub
import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { babyjubjub } from '@noble/curves/misc.js';
import { hashWide, type Tag } from '../messages/hash.ts';
import type { Json } from '../messages/json.ts';
import { BIG_ARITHMETIC, type BigPoint, type PointArithmetic } from './big-arithmetic.ts';
import { type Field, type FieldText, parseDecimal, parseField, toField } from './field.ts';
import { startKernelArithmetic } from './kernel-arithmetic.ts';

/** A point of Baby Jubjub, on the curve; which subgroup it is in depends on where it came from. */
export type Point = BigPoint;
/** An integer modulo l, the order of the prime subgroup. */
export type Scalar = bigint & { readonly brand: 'Scalar' };
/** A point as it stands in messages: affine x and y, canonical decimals. */
export type PointText = readonly [FieldText, FieldText];

/** l, the order of the subgroup that Base8 generates; the cofactor is 8. EIP-2494. */
export const SCALAR_ORDER = babyjubjub.Point.Fn.ORDER;
/** B, the generator of the prime subgroup: circomlib's Base8. */
export const BASE: Point = babyjubjub.Point.BASE;
export const IDENTITY: Point = babyjubjub.Point.ZERO;
/** 8⁻¹ modulo l. */
export const INVERSE_OF_EIGHT = babyjubjub.Point.Fn.inv(8n) as Scalar;

/**
 * Reads a point and checks that it satisfies the curve equation. It may have a small-order part: use it only where that is
 * cleared before use (SPEC §10.2) or excluded by a proof (SPEC §8.4).
 * @returns null for anything that is not two canonical decimals of a point on the curve.
 */
export function parseCurvePoint(text: readonly string[]): Point | null {
  if (text.length !== 2) return null;
  const [x, y] = [parseField(text[0] as string), parseField(text[1] as string)];
  if (x === null || y === null) return null;
  try {
    const point = babyjubjub.Point.fromAffine({ x, y });
    point.assertValidity();
    return point;
  } catch {
    // The library has no zero element among its valid points; the identity is on the curve and is judged by the callers.
    return x === 0n && y === 1n ? IDENTITY : null;
  }
}

/** Reads a point of the prime subgroup other than the identity: what every key, commitment and nonce must be. SPEC §1.4. */
export function parsePoint(text: readonly string[]): Point | null {
  const point = parseCurvePoint(text);
  return point !== null && !point.is0() && arithmetic().isTorsionFree(point) ? point : null;
}

/**
 * The point of the curve with this y and this lowest bit of x, 0 ≤ x < r: x² = (1 − y²) / (168700 − 168696·y²). It may have a
 * small-order part. Null where there is none, as for half of all y. SPEC §1.4.
 */
export function pointAt(y: Field, sign: 0 | 1): Point | null {
  const { Fp } = babyjubjub.Point;
  const { a, d } = babyjubjub.Point.CURVE();
  const square = Fp.sqr(y);
  const dividend = Fp.sub(Fp.ONE, square);
  const divisor = Fp.sub(a, Fp.mul(d, square)); // never zero, for a / d is no square
  if (dividend === 0n) return sign === 0 ? babyjubjub.Point.fromAffine({ x: 0n, y }) : null;
  const root = arithmetic().inverseRoot(Fp.mul(dividend, divisor)); // √(u / v) = u / √(u v)
  if (root === null) return null;
  const x = Fp.mul(dividend, root);
  return babyjubjub.Point.fromAffine({ x: (x & 1n) === BigInt(sign) ? x : Fp.neg(x), y });
}

export function formatPoint(point: Point): PointText {
  const { x, y } = affineOf(point);
  return [x.toString(10), y.toString(10)];
}

/** The texts of many points: their divisions are done with one (Montgomery's trick). */
export function formatPoints(points: readonly Point[]): PointText[] {
  const isReady = points.every(({ Z }) => Z === 1n);
  return (isReady ? points : normalizeZ(babyjubjub.Point, [...points])).map(formatPoint);
}

export function coordinates(point: Point): { x: Field; y: Field } {
  const { x, y } = affineOf(point);
  return { x: toField(x), y: toField(y) };
}

/** Of points that were asked for before, such as keys: each costs a division. */
const affine = new WeakMap<Point, { x: bigint; y: bigint }>();

function affineOf(point: Point): { x: bigint; y: bigint } {
  if (point.Z === 1n) return { x: point.X, y: point.Y };
  const known = affine.get(point) ?? point.toAffine();
  affine.set(point, known);
  return known;
}

/** Reads an integer below l from its canonical decimal text; null otherwise. SPEC §1.3. */
export function parseScalar(text: string): Scalar | null {
  return parseDecimal(text, SCALAR_ORDER) as Scalar | null;
}

/** 1 / value modulo l for a public value. @throws Error when l divides it */
export function invertScalar(value: bigint): Scalar {
  return babyjubjub.Point.Fn.inv(toScalar(value)) as Scalar;
}

export function toScalar(value: bigint): Scalar {
  const rest = value % SCALAR_ORDER;
  return (rest < 0n ? rest + SCALAR_ORDER : rest) as Scalar;
}

/** A challenge or nonce: SHA-512 of the tagged value modulo l. SPEC §1.5. */
export function hashToScalar(tag: Tag, value: Json): Scalar {
  return toScalar(hashWide(tag, value));
}

/** scalar · point for secret scalars: its time tells them as little as JavaScript and WebAssembly allow. Zero gives the identity. */
export function multiplySecret(point: Point, scalar: Scalar): Point {
  return arithmetic().multiplySecret(point, scalar);
}

/**
 * To each of many sums its secret scalar · a point, for each of some terms: a point with as many scalars as there are sums. The sums may
 * be secret too. Four are computed side by side, and what comes out has a Z of 1. Each term's point gets a table, in the time of some
 * five multiplications; tables are kept for the eight that were used last, and more terms than that are refused.
 */
export function addSecretMultiples(sums: readonly Point[], ...terms: readonly { point: Point; scalars: readonly Scalar[] }[]): Point[] {
  for (const { scalars } of terms) requireOneLength(sums, scalars);
  return arithmetic().addSecretMultiples(sums, terms);
}

/** scalar · point for public values only: faster, and its time tells the scalar. */
export function multiplyPublic(point: Point, scalar: Scalar): Point {
  return arithmetic().multiplyPublic(point, scalar);
}

/** scalar · point for each of many points and one public scalar: three quarters of the time of one by one. The results have a Z of 1. */
export function multiplyAllPublic(points: readonly Point[], scalar: Scalar): Point[] {
  return arithmetic().multiplyAllPublic(points, scalar);
}

/** 8 · point, which is in the prime subgroup whatever small-order part the point has. For points that may be secret as well. */
export function timesEight(point: Point): Point {
  return arithmetic().timesEight(point);
}

/**
 * Σ scalarᵢ · pointᵢ for public values, by buckets. The work follows the length of the longest scalar, so that coefficients of 128
 * bits cost half of full ones. None gives the identity.
 */
export function sumOfProducts(points: readonly Point[], scalars: readonly Scalar[]): Point {
  requireOneLength(points, scalars);
  return arithmetic().sumOfProducts(points, scalars);
}

/** The same for secret scalars: its time tells them as little as that of `multiplySecret`, in a quarter of the work. */
export function sumOfSecretProducts(points: readonly Point[], scalars: readonly Scalar[]): Point {
  requireOneLength(points, scalars);
  return arithmetic().sumOfSecretProducts(points, scalars);
}

function requireOneLength(points: readonly Point[], scalars: readonly Scalar[]): void {
  if (points.length !== scalars.length) throw new RangeError('"points" and "scalars" must have equal lengths');
}

let started: PointArithmetic | null = null;

/** The kernel; big integers where the engine does not run it, twenty times slower and with the same results. */
function arithmetic(): PointArithmetic {
  started ??= startKernelArithmetic('fma') ?? startKernelArithmetic('scalar') ?? BIG_ARITHMETIC;
  return started;
}
