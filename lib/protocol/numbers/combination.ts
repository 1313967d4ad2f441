// SPEC §10.4: sums of many products, as they come from equations that are checked together
import type { Steps } from '../messages/steps.ts';
import { IDENTITY, INVERSE_OF_EIGHT, type Point, type Scalar, sumOfProducts, sumOfSecretProducts, toScalar } from './point.ts';
import { pointMeant } from './wire-point.ts';

/** Points that are summed up between two stops: some 50 milliseconds with the kernel, a second without, and 3 MB. */
const PIECE = 8_000;
/** The same where each is multiplied by a secret. */
const SECRET_PIECE = 2_000;

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
  *isZero(): Steps<boolean> {
    const sum = yield* sumInSteps([...this.factors.keys()], [...this.factors.values()].map(toScalar));
    return pointMeant(sum).is0();
  }
}

/** Σ scalarᵢ · pointᵢ for public values, with stops in between. */
export function sumInSteps(points: readonly Point[], scalars: readonly Scalar[]): Steps<Point> {
  return addInPieces(points, scalars, PIECE, sumOfProducts);
}

/** The same for secret scalars, such as the nonces of a proof. */
export function secretSumInSteps(points: readonly Point[], scalars: readonly Scalar[]): Steps<Point> {
  return addInPieces(points, scalars, SECRET_PIECE, sumOfSecretProducts);
}

function* addInPieces(points: readonly Point[], scalars: readonly Scalar[], piece: number, add: typeof sumOfProducts): Steps<Point> {
  let sum = IDENTITY;
  for (let start = 0; start < points.length; start += piece) {
    sum = sum.add(add(points.slice(start, start + piece), scalars.slice(start, start + piece)));
    yield;
  }
  return sum;
}
