// SPEC §3.1: the attested name
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { findUnseen } from '../messages/visible-text.ts';
import { type Field, fieldToBytes } from '../numbers/field.ts';

/** The longest name, in bytes of UTF-8: four field elements of 31 bytes. */
export const NAME_BYTES = 124;
const CHUNK = 31;
const CHUNK_LIMIT = 1n << 248n;

/** A packed name: four field elements below 2^248. */
export type NameFields = readonly [Field, Field, Field, Field];

// C0, DEL and C1 controls, line and paragraph separators, the byte order mark, and the characters that reorder what stands
// around them: a revealed name must not be able to rearrange the page or the record in which it is read.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

/**
 * Whether a text can be a name at all. Names that come out of a seal, and the groups of a record, are judged by this and nothing
 * else, so that no two verifiers differ. SPEC §3.1.
 */
export function checkName(name: string): Checked<string, 'BAD_NAME'> {
  if (name.length === 0) return refuse('BAD_NAME', 'the name is empty');
  if (!name.isWellFormed()) return refuse('BAD_NAME', 'the name is not well-formed Unicode');
  if (name !== name.normalize('NFC')) return refuse('BAD_NAME', 'the name is not in Unicode normal form C');
  if (FORBIDDEN.test(name)) return refuse('BAD_NAME', 'the name holds a control character');
  if (name.startsWith(' ') || name.endsWith(' ')) return refuse('BAD_NAME', 'the name begins or ends with a space');
  const bytes = utf8ToBytes(name).length;
  if (bytes > NAME_BYTES) return refuse('BAD_NAME', `the name takes ${bytes} bytes, at most ${NAME_BYTES} fit`);
  return accept(name);
}

/** Whether a text may be attested as a name from now on; the detail of a refusal is a sentence for the issuer. SPEC §3.4. */
export function checkAttestedName(name: string): Checked<string, 'BAD_NAME'> {
  const checked = checkName(name);
  const unseen = checked.ok ? findUnseen(name) : null;
  return unseen === null ? checked : refuse('BAD_NAME', `the name ${unseen}`);
}

/**
 * Packs a name into four field elements: UTF-8, zero-padded at the end to 124 bytes, each 31 bytes read big-endian. SPEC §3.1.
 * @throws RangeError when `checkName` refuses the name.
 */
export function packName(name: string): NameFields {
  const checked = checkName(name);
  if (!checked.ok) throw new RangeError(`"name" cannot be packed: ${checked.detail}`);
  const bytes = new Uint8Array(NAME_BYTES);
  bytes.set(utf8ToBytes(name));
  return [0, 1, 2, 3].map((i) => bigEndian(bytes.subarray(i * CHUNK, (i + 1) * CHUNK))) as unknown as NameFields;
}

/** Reads four field elements back; refuses all that `packName` cannot have produced. SPEC §3.1. */
export function unpackName(fields: NameFields): Checked<string, 'BAD_NAME'> {
  if (fields.some((field) => field >= CHUNK_LIMIT)) return refuse('BAD_NAME', 'a part is longer than 31 bytes');
  const bytes = concatBytes(...fields.map((field) => fieldToBytes(field).subarray(1)));
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  try {
    return checkName(utf8.encode(bytes.subarray(0, end)));
  } catch {
    return refuse('BAD_NAME', 'not UTF-8');
  }
}

function bigEndian(bytes: Uint8Array): Field {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) as Field;
}
