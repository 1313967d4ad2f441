import { bn254 } from '@noble/curves/bn254.js';
import { concatBytes, numberToBytesLE } from '@noble/curves/utils.js';
import type { Affine } from '#lib/proof/kernel.ts';

const P = bn254.fields.Fp.ORDER;
export const R = bn254.fields.Fr.ORDER;
const { G1, G2 } = bn254;

/** A number as proving keys hold coordinates: times 2^256, 32 bytes, little-endian. */
const keyForm = (value: bigint) => numberToBytesLE((value << 256n) % P, 32);
export const numberBytes = (value: bigint) => numberToBytesLE(value, 32);

/** The components of n times the generator of a group, null for infinity. */
export function multiple(degree: 1 | 2, n: bigint): Affine {
  const scalar = ((n % R) + R) % R;
  if (scalar === 0n) return null;
  if (degree === 1) {
    const { x, y } = G1.Point.BASE.multiply(scalar).toAffine();
    return [x, y];
  }
  const { x, y } = G2.Point.BASE.multiply(scalar).toAffine();
  return [x.c0, x.c1, y.c0, y.c1];
}

const known = new Map<string, Uint8Array>();

/** n times the generator in the form of a proving key, infinity as zeros. */
export function pointBytes(degree: 1 | 2, n: bigint): Uint8Array {
  const name = `${degree} ${n}`;
  const found = known.get(name);
  if (found) return found;
  const point = multiple(degree, n);
  const bytes = point ? concatBytes(...point.map(keyForm)) : new Uint8Array(64 * degree);
  known.set(name, bytes);
  return bytes;
}
