// SPEC §10.4: sums of many products, as they come from equations that are checked together
import { IDENTITY, INVERSE_OF_EIGHT, type Point, type Scalar, sumOfProducts, toScalar } from './point.ts';
import { pointMeant } from './wire-point.ts';

/** Points that are summed up at a time: 3 MB of the kernel's memory, which never becomes less. */
const PIECE = 8_000;

/**
 * A linear combination of points meant, gathered from many equations. A point that stands in several is multiplied once, by the
 * sum of its factors; points are told apart as objects. For public values: its time tells them.
 */
export class Combination {
  /** For each wire point D what 8 · D is multiplied by. */
  private readonly factors = new Map<Point, bigint>();

  /** Adds factor · (8 · wire). */
  addWire(wire: Point, factor: bigint): void {
    this.factors.set(wire, (this.factors.get(wire) ?? 0n) + factor);
  }

  /** Adds factor · point for a point of the prime subgroup, which is its own eighth times eight. */
  addPoint(point: Point, factor: bigint): void {
    this.addWire(point, toScalar(factor) * INVERSE_OF_EIGHT);
  }

  /** Whether everything added up is the identity. */
  isZero(): boolean {
    const sum = sumInPieces([...this.factors.keys()], [...this.factors.values()].map(toScalar));
    return pointMeant(sum).is0();
  }
}

/** Σ scalarᵢ · pointᵢ for public values, of any number. */
export function sumInPieces(points: readonly Point[], scalars: readonly Scalar[]): Point {
  let sum = IDENTITY;
  for (let start = 0; start < points.length; start += PIECE)
    sum = sum.add(sumOfProducts(points.slice(start, start + PIECE), scalars.slice(start, start + PIECE)));
  return sum;
}
