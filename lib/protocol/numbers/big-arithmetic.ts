// Multiples and sums of points of Baby Jubjub in big integers: where there is no WebAssembly, and as the judge of the kernel.
import { babyjubjub } from '@noble/curves/misc.js';

export type BigPoint = InstanceType<typeof babyjubjub.Point>;

/** A point, and a secret scalar for each of some other points. */
export type SecretTerms = { point: BigPoint; scalars: readonly bigint[] };

/** What points are computed with. Points lie on the curve, in whatever subgroup, and scalars are from 0 to l - 1. */
export interface PointArithmetic {
  /** scalar · point where the scalar is secret, in a time that tells it as little as may be. */
  multiplySecret(point: BigPoint, scalar: bigint): BigPoint;
  /** scalar · point where the time may tell the scalar. */
  multiplyPublic(point: BigPoint, scalar: bigint): BigPoint;
  timesEight(point: BigPoint): BigPoint;
  /** scalar · point for each of these points, where the time may tell the scalar. */
  multiplyAllPublic(points: readonly BigPoint[], scalar: bigint): BigPoint[];
  /** To each sum its scalar · point for each of the terms, where all are secret but the terms' points. Eight terms at most. */
  addSecretMultiples(sums: readonly BigPoint[], terms: readonly SecretTerms[]): BigPoint[];
  /** Σ scalarᵢ · pointᵢ of two lists of one length; the time may tell the scalars. None gives the identity. */
  sumOfProducts(points: readonly BigPoint[], scalars: readonly bigint[]): BigPoint;
  /** The same where the scalars are secret, in a time that tells them as little as may be. */
  sumOfSecretProducts(points: readonly BigPoint[], scalars: readonly bigint[]): BigPoint;
  /** Whether l times the point is the identity. */
  isTorsionFree(point: BigPoint): boolean;
  /** One of the two numbers whose square is 1 / n, for n from 1 to r - 1, all modulo r; null where there is none. For public n. */
  inverseRoot(n: bigint): bigint | null;
}

const { ZERO, Fp } = babyjubjub.Point;
/** From so many multiples on the library's table for a point pays. */
const TABLE_PAYS = 16;

export const BIG_ARITHMETIC: PointArithmetic = {
  multiplySecret: (point, scalar) => (scalar === 0n || point.is0() ? ZERO : point.multiply(scalar)),
  multiplyPublic: (point, scalar) => (scalar === 0n || point.is0() ? ZERO : point.multiplyUnsafe(scalar)),
  timesEight: (point) => point.double().double().double(),
  multiplyAllPublic: (points, scalar) => points.map((point) => BIG_ARITHMETIC.multiplyPublic(point, scalar)),
  addSecretMultiples(sums, terms) {
    if (sums.length >= TABLE_PAYS) for (const { point } of terms) point.precompute(8);
    const multiple = ({ point, scalars }: SecretTerms, i: number) => BIG_ARITHMETIC.multiplySecret(point, scalars[i] as bigint);
    return sums.map((sum, i) => terms.reduce((all, term) => all.add(multiple(term, i)), sum));
  },
  sumOfProducts,
  sumOfSecretProducts: (points, scalars) =>
    points.reduce((sum, point, i) => sum.add(BIG_ARITHMETIC.multiplySecret(point, scalars[i] as bigint)), ZERO),
  isTorsionFree: (point) => point.isTorsionFree(),
  inverseRoot: (n) => {
    try {
      return Fp.inv(Fp.sqrt(n));
    } catch {
      return null; // not a square
    }
  },
};

/**
 * By buckets (Pippenger 1976; Bernstein, Doumen, Lange, Oosterwijk 2012). The work follows the length of the longest scalar, so that
 * coefficients of 128 bits cost half of full ones.
 */
function sumOfProducts(points: readonly BigPoint[], scalars: readonly bigint[]): BigPoint {
  const width = Math.max(1, Math.ceil(Math.log2(points.length + 1)) - 3);
  const bits = scalars.reduce((most, scalar) => Math.max(most, scalar.toString(2).length), 0);
  const mask = (1n << BigInt(width)) - 1n;
  let sum = ZERO;
  for (let low = Math.floor((bits - 1) / width) * width; low >= 0; low -= width) {
    for (let i = 0; i < width; i++) sum = sum.double();
    const buckets = new Array<BigPoint>(2 ** width).fill(ZERO);
    for (const [i, scalar] of scalars.entries()) {
      const digit = Number((scalar >> BigInt(low)) & mask);
      if (digit > 0) buckets[digit] = (buckets[digit] as BigPoint).add(points[i] as BigPoint);
    }
    sum = sum.add(sumOfBuckets(buckets));
  }
  return sum;
}

/** Σ i · bucketᵢ, from the last bucket down, with additions alone. */
function sumOfBuckets(buckets: readonly BigPoint[]): BigPoint {
  let [running, total] = [ZERO, ZERO];
  for (let i = buckets.length - 1; i > 0; i--) {
    running = running.add(buckets[i] as BigPoint);
    total = total.add(running);
  }
  return total;
}
