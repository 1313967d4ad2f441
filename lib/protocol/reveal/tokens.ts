// SPEC §10.8: taking tokens out of an opened list
import {
  IDENTITY,
  invertScalar,
  multiplyPublic,
  type Point,
  type PointText,
  parseCurvePoint,
  type Scalar,
  toScalar,
} from '../numbers/point.ts';
import { pointMeant } from '../numbers/wire-point.ts';

/** What one trustee's valid opening says of some items, in their order: E = 8 · D. */
export type ClearedPartials = { trustee: number; points: readonly Point[] };

/**
 * T = C − Σ λⱼ · Eⱼ for each item, from cleared partials of k different trustees; C is the second point of the item, as it is meant.
 * Any k give the same. SPEC §10.8.
 */
export function takeTokens(sealed: readonly Point[], openings: readonly ClearedPartials[]): Point[] {
  const { factors, divisor } = weightsOf(openings.map(({ trustee }) => trustee));
  const share = divisor === 1n ? null : invertScalar(divisor);
  return sealed.map((C, i) => {
    const sum = openings.reduce((total, { points }, j) => total.add(timesSmall(points[i] as Point, factors[j] as bigint)), IDENTITY);
    return C.subtract(share === null ? sum : multiplyPublic(sum, share));
  });
}

/** Wire points of a verified list or opening as the points that they mean. @throws TypeError for a text that has not been checked */
export function clearTexts(texts: readonly PointText[]): Point[] {
  return texts.map((text) => {
    const point = parseCurvePoint(text);
    if (point === null) throw new TypeError('"texts" must come from a verified message');
    return pointMeant(point);
  });
}

/** Lagrange coefficients at zero for distinct abscissas from 1 to 16, modulo l. Shamir 1979. */
export function lagrangeAtZero(indexes: readonly number[]): Scalar[] {
  const { factors, divisor } = weightsOf(indexes);
  return factors.map((factor) => toScalar(factor * invertScalar(divisor)));
}

/**
 * Lagrange weights at zero as fractions of one divisor, λⱼ = factorⱼ / divisor with small integers: then only the division takes a
 * multiplication of full length, and often there is none.
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
