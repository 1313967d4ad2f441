// SPEC §3.1: the attested name
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashToField } from '../messages/hash.ts';
import { isNormal } from '../messages/normal-form.ts';
import { findUnseen } from '../messages/visible-text.ts';
import type { Field } from '../numbers/field.ts';

/** The longest name, in bytes of UTF-8. */
export const NAME_BYTES = 200;

// C0, DEL and C1 controls, line and paragraph separators, the byte order mark, and the characters that reorder what stands
// around them: a revealed name must not be able to rearrange the page or the record in which it is read.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

/**
 * Whether a text can be a name at all. Names that come out of capsules, and the groups of a record, are judged by this and nothing
 * else, so that no two verifiers differ. SPEC §3.1.
 */
export function checkName(name: string): Checked<string, 'BAD_NAME'> {
  if (name.length === 0) return refuse('BAD_NAME', 'the name is empty');
  if (!name.isWellFormed()) return refuse('BAD_NAME', 'the name is not well-formed Unicode');
  if (!isNormal(name)) return refuse('BAD_NAME', 'the name is not in Unicode normal form C');
  if (FORBIDDEN.test(name)) return refuse('BAD_NAME', 'the name holds a control character');
  if (name.startsWith(' ') || name.endsWith(' ')) return refuse('BAD_NAME', 'the name begins or ends with a space');
  const bytes = utf8ToBytes(name).length;
  if (bytes > NAME_BYTES) return refuse('BAD_NAME', `the name takes ${bytes} bytes, at most ${NAME_BYTES} fit`);
  return accept(name);
}

/** Whether a text may be attested as a name from now on; the detail of a refusal is a sentence for the issuer. SPEC §3.5. */
export function checkAttestedName(name: string): Checked<string, 'BAD_NAME'> {
  const checked = checkName(name);
  const unseen = checked.ok ? findUnseen(name) : null;
  return unseen === null ? checked : refuse('BAD_NAME', `the name ${unseen}`);
}

/**
 * The name as a field element, with the group that attests it: what the y of a token is made of. SPEC §3.1.
 * @throws RangeError when `checkName` refuses the name
 */
export function nameHash(group: Hex32, name: string): Field {
  const checked = checkName(name);
  if (!checked.ok) throw new RangeError(`"name" is no name: ${checked.detail}`);
  return hashToField('name', { group, name });
}
