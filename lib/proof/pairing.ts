import * as mcl from 'mcl-wasm';
import type { ParsedProof } from './proof.ts';
import { isInSubgroup } from './subgroup.ts';

export type PointG1 = InstanceType<typeof mcl.G1>;
export type PointG2 = InstanceType<typeof mcl.G2>;
export type TargetElement = InstanceType<typeof mcl.GT>;
export type PairingScalar = InstanceType<typeof mcl.Fr>;
export type PreparedG2 = InstanceType<typeof mcl.PrecomputedG2>;

let ready: Promise<void> | null = null;

/**
 * The pairing library on BN254, once per thread. Its wasm lies inside the script: no file, no thread, no `eval`.
 * Its own check of a point's order as it is read costs as much as half a pairing and is switched off: `readG2`, by which every
 * point of the second group comes in, makes the shorter one. Forgeries would follow without any.
 */
export async function loadPairing(): Promise<typeof mcl> {
  ready ??= mcl.init(mcl.BN_SNARK1).then(() => mcl.verifyOrderG2(false));
  await ready;
  return mcl;
}

/** Reads an affine point of the first group from canonical decimals. @returns null off the curve */
export function readG1(coordinates: readonly string[]): PointG1 | null {
  return readPoint(new mcl.G1(), `1 ${coordinates[0]} ${coordinates[1]}`);
}

/** Reads an affine point of the second group, [x0, x1], [y0, y1]. @returns null off the curve or outside the subgroup */
export function readG2(coordinates: readonly (readonly string[])[]): PointG2 | null {
  const [x, y] = coordinates as [readonly string[], readonly string[]];
  const point = readPoint(new mcl.G2(), `1 ${x[0]} ${x[1]} ${y[0]} ${y[1]}`);
  return point && isInSubgroup(point) ? point : null;
}

/** The three points of a proof. @returns null when one of them is off its curve or outside its subgroup */
export function readProofPoints(proof: ParsedProof): { a: PointG1; b: PointG2; c: PointG1 } | null {
  const [a, b, c] = [readG1(proof.a), readG2(proof.b), readG1(proof.c)];
  return a && b && c ? { a, b, c } : null;
}

/** A scalar modulo the order of the groups. @throws RangeError outside 0 ≤ value < r, which would be a second spelling */
export function toPairingScalar(value: bigint): PairingScalar {
  const scalar = new mcl.Fr();
  scalar.setStr(value.toString(), 10);
  return scalar;
}

function readPoint<P extends PointG1 | PointG2>(point: P, text: string): P | null {
  try {
    // Throws off the curve: asking again would double the cost.
    point.setStr(text, 10);
    return point.isZero() ? null : point;
  } catch {
    return null;
  }
}
