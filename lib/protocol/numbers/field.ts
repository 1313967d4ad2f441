// SPEC §1.3: numbers
import { numberToBytesBE } from '@noble/curves/utils.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** A number in the BN254 scalar field, 0 ≤ x < r. Obtained only from `parseField`, a protocol hash or arithmetic modulo r. */
export type Field = bigint & { readonly brand: 'Field' };

/** A field element as it stands in messages: decimal, canonical. */
export type FieldText = string;

/** r, the order of the BN254 scalar field, which is also the base field of Baby Jubjub. */
export const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

const CANONICAL = /^(0|[1-9][0-9]{0,77})$/;

/**
 * Reads a number from its only accepted text: decimal digits, no sign, no leading zero, below `limit`.
 * Provers and verifiers of this field take `7`, `007` and `0x7` for one number, so texts would not be unique. SPEC §1.3.
 * @returns null when the text is anything else.
 */
export function parseDecimal(text: string, limit: bigint): bigint | null {
  if (!CANONICAL.test(text)) return null;
  const value = BigInt(text);
  return value < limit ? value : null;
}

/** Reads a field element from its canonical decimal text; null when it is not one. SPEC §1.3. */
export function parseField(text: string): Field | null {
  return parseDecimal(text, FIELD_ORDER) as Field | null;
}

export function formatField(value: Field): FieldText {
  return value.toString(10);
}

/**
 * The field element of an integer that is already known to be in range, as after arithmetic.
 * @throws RangeError outside 0 ≤ value < r, because a silent reduction would give one number two spellings.
 */
export function toField(value: bigint): Field {
  if (value < 0n || value >= FIELD_ORDER) throw new RangeError('"value" is not a field element');
  return value as Field;
}

export function addField(a: Field, b: Field): Field {
  return ((a + b) % FIELD_ORDER) as Field;
}

export function subtractField(a: Field, b: Field): Field {
  return ((a - b + FIELD_ORDER) % FIELD_ORDER) as Field;
}

/** 32 bytes, big-endian: the form of a field element in roll files and database columns. SPEC §1.3. */
export function fieldToBytes(value: Field): Uint8Array {
  return numberToBytesBE(value, 32);
}

/** Reads 32 big-endian bytes; null when there are not 32 of them or they are not below r. SPEC §1.3. */
export function fieldFromBytes(bytes: Uint8Array): Field | null {
  if (bytes.length !== 32) return null;
  const value = BigInt(`0x${bytesToHex(bytes)}`);
  return value < FIELD_ORDER ? (value as Field) : null;
}
