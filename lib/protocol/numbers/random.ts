// SPEC §1.3: drawing numbers from randomness handed in by the caller
import { bytesToHex } from '@noble/hashes/utils.js';
import { FIELD_ORDER, type Field } from './field.ts';
import { SCALAR_ORDER, type Scalar } from './point.ts';

/** A source of uniform bytes: the platform's CSPRNG in production, a seeded one in tests and vectors. */
export type Random = (length: number) => Uint8Array;

/** A uniform field element. 48 bytes are reduced, so the bias is below 2^-129. */
export function randomField(random: Random): Field {
  return (wide(random) % FIELD_ORDER) as Field;
}

/** A uniform scalar that is not zero: secret keys, polynomial coefficients, nonces and seal randomness. */
export function randomScalar(random: Random): Scalar {
  for (;;) {
    const value = wide(random) % SCALAR_ORDER;
    if (value !== 0n) return value as Scalar;
  }
}

function wide(random: Random): bigint {
  const bytes = random(48);
  if (bytes.length !== 48) throw new TypeError('"random" must return as many bytes as asked for');
  return BigInt(`0x${bytesToHex(bytes)}`);
}

/** A uniform integer from 0 to `limit` − 1, limit ≤ 2^32: what does not fit a whole number of times is drawn again, so there is no bias. */
export function randomBelow(limit: number, random: Random): number {
  const fair = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const bytes = random(4);
    if (bytes.length !== 4) throw new TypeError('"random" must return as many bytes as asked for');
    const value = Number(`0x${bytesToHex(bytes)}`);
    if (value < fair) return value % limit;
  }
}
