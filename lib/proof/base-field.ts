import { bn254 } from '@noble/curves/bn254.js';
import { BASE_FIELD_ORDER } from '#lib/protocol/board/signature.ts';
import { parseDecimal } from '#lib/protocol/numbers/field.ts';

const G1_B = 3n;
const { Fp2 } = bn254.fields;
const G2_B = bn254.G2.Point.CURVE().b;

/**
 * Reads a coordinate from its only accepted spelling: decimal, no sign, no leading zero, below the base field's modulus.
 *
 * @returns null for every other input, whatever its type
 */
export function parseCoordinate(text: unknown): bigint | null {
  return typeof text === 'string' ? parseDecimal(text, BASE_FIELD_ORDER) : null;
}

/** Whether (x, y) solves the equation of the first group's curve. Its order is prime, so this is also the subgroup check. */
export function isOnG1(x: bigint, y: bigint): boolean {
  return (y * y - x * x * x - G1_B) % BASE_FIELD_ORDER === 0n;
}

/**
 * Whether (x, y), each c0 + c1·u, solves the equation of the second group's curve.
 * Says nothing about the subgroup, which is a small part of that curve: see `kernel/README.md`.
 */
export function isOnG2(x: readonly [bigint, bigint], y: readonly [bigint, bigint]): boolean {
  const X = Fp2.fromBigTuple([x[0], x[1]]);
  const Y = Fp2.fromBigTuple([y[0], y[1]]);
  return Fp2.eql(Fp2.sqr(Y), Fp2.add(Fp2.mul(Fp2.sqr(X), X), G2_B));
}
