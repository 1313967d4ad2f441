// SPEC §1.3: drawing numbers from randomness handed in by the caller
import { bytesToHex } from '@noble/hashes/utils.js';
import { FIELD_ORDER, type Field } from './field.ts';
import { SCALAR_ORDER, type Scalar } from './point.ts';

/** A source of uniform bytes: the platform's CSPRNG in production, a seeded one in tests and vectors. */
export type Random = (length: number) => Uint8Array;

const SHORT = '"random" must return as many bytes as asked for';
/** Bytes of a number that is then reduced. */
const WIDE = 48;
/** Below what a browser gives at a time. */
const MOST_BYTES = 2 ** 15;

/**
 * The same bytes as a source gives, for at least `count` pieces of one length that are drawn and nothing else in between: many are
 * asked for together, because a call of the platform's source costs more than its bytes.
 */
export function drawAhead(random: Random, length: number, count: number): Random {
  let drawn: Uint8Array = new Uint8Array(0);
  let left = count;
  return () => {
    if (drawn.length === 0) {
      const pieces = Math.max(1, Math.min(left, Math.floor(MOST_BYTES / length)));
      drawn = random(length * pieces);
      if (drawn.length !== length * pieces) throw new TypeError(SHORT);
      left -= pieces;
    }
    const piece = drawn.subarray(0, length);
    drawn = drawn.subarray(length);
    return piece;
  };
}

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

/** As many of them. */
export function randomScalars(count: number, random: Random): Scalar[] {
  const ahead = drawAhead(random, WIDE, count);
  return Array.from({ length: count }, () => randomScalar(ahead));
}

function wide(random: Random): bigint {
  const bytes = random(WIDE);
  if (bytes.length !== WIDE) throw new TypeError(SHORT);
  return BigInt(`0x${bytesToHex(bytes)}`);
}

/** A uniform integer from 0 to `limit` − 1, limit ≤ 2^32: what does not fit a whole number of times is drawn again, so there is no bias. */
export function randomBelow(limit: number, random: Random): number {
  const fair = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const bytes = random(4);
    if (bytes.length !== 4) throw new TypeError(SHORT);
    const value = Number(`0x${bytesToHex(bytes)}`);
    if (value < fair) return value % limit;
  }
}
