// SPEC §3.3: invitation and enrolment
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad, utf8 } from '@scure/base';
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashBytes, hashHex } from '../messages/hash.ts';
import { canonicalJson, parseJson } from '../messages/json.ts';
import { checkShape, fieldText, hex32 } from '../messages/shape.ts';
import { type Field, formatField, parseField } from '../numbers/field.ts';
import type { Random } from '../numbers/random.ts';
import { checkNewGroup, type GroupName, groupId, groupShape } from './group.ts';
import { checkAttestedName } from './name.ts';

const NONCE_BYTES = 24;

const invitationShape = z.strictObject({ version: z.literal(1), secret: hex32, name: z.string(), group: groupShape });
/** What the fragment of an invitation link carries. It never reaches a server; the issuer's key in it is pinned by the wallet. */
export type Invitation = z.infer<typeof invitationShape>;

/** What the member's browser posts: an id that only holders of the invitation can form, and the sealed commitment in hex. */
export const enrolmentShape = z.strictObject({ id: hex32, ciphertext: z.string().regex(/^([0-9a-f]{2}){41,256}$/) });
export type Enrolment = z.infer<typeof enrolmentShape>;

export function createInvitation(name: string, group: GroupName, random: Random): Invitation {
  return { version: 1, secret: bytesToHex(random(32)), name, group };
}

/** The fragment of an invitation link: base64url without padding of the canonical JSON. SPEC §3.3. */
export function formatInvitation(invitation: Invitation): string {
  return base64urlnopad.encode(utf8ToBytes(canonicalJson(invitation)));
}

/** Reads the fragment of an invitation link, without the `#`. */
export function parseInvitation(fragment: string): Checked<Invitation, 'BAD_INVITATION'> {
  const text = decodeText(() => base64urlnopad.decode(fragment));
  const json = text === null ? null : parseJson(text);
  if (!json?.ok) return refuse('BAD_INVITATION', 'this link is cut off or changed');
  const shaped = checkShape(invitationShape, json.value);
  if (!shaped.ok) return refuse('BAD_INVITATION', shaped.detail);
  const name = checkAttestedName(shaped.value.name);
  const group = checkNewGroup(shaped.value.group);
  const fault = name.ok ? group : name;
  return fault.ok ? accept(shaped.value) : refuse('BAD_INVITATION', fault.detail);
}

/** The text of bytes that may not decode or decrypt; null when they do not, or are not UTF-8. */
function decodeText(read: () => Uint8Array): string | null {
  try {
    return utf8.encode(read());
  } catch {
    return null;
  }
}

/** The id under which the member enrols; the platform learns it only from the member. SPEC §3.3. */
export function enrolmentId(invitation: Invitation): Hex32 {
  return hashHex('enrolment-id', { secret: invitation.secret });
}

/** The ticket that the issuer gives the platform for each invitation: H(id), so that the platform cannot enrol by itself. */
export function enrolmentTicket(id: Hex32): Hex32 {
  return hashHex('enrolment-ticket', { id });
}

/** Encrypts the member's commitment for the issuer (XChaCha20-Poly1305) with group and issuer as associated data. SPEC §3.3. */
export function sealEnrolment(invitation: Invitation, commitment: Field, random: Random): Enrolment {
  const nonce = random(NONCE_BYTES);
  const plain = utf8ToBytes(canonicalJson({ commitment: formatField(commitment) }));
  const sealed = enrolmentCipher(invitation, nonce).encrypt(plain);
  return { id: enrolmentId(invitation), ciphertext: bytesToHex(nonce) + bytesToHex(sealed) };
}

/**
 * Opens an enrolment, of the right shape, with the invitation it answers. Anything the platform changed or made itself is
 * refused (T27).
 */
export function openEnrolment(invitation: Invitation, enrolment: Enrolment): Checked<Field, 'ENROLMENT_FORGED'> {
  const bytes = hexToBytes(enrolment.ciphertext);
  if (enrolment.id !== enrolmentId(invitation)) return refuse('ENROLMENT_FORGED', 'this answers another invitation');
  const plain = decodeText(() => enrolmentCipher(invitation, bytes.subarray(0, NONCE_BYTES)).decrypt(bytes.subarray(NONCE_BYTES)));
  if (plain === null) return refuse('ENROLMENT_FORGED', 'the sealed commitment does not open');
  const json = parseJson(plain);
  const shaped = json.ok ? checkShape(z.strictObject({ commitment: fieldText }), json.value) : json;
  const commitment = shaped.ok ? parseField(shaped.value.commitment) : null;
  return commitment === null ? refuse('ENROLMENT_FORGED', 'the sealed commitment is not a number') : accept(commitment);
}

function enrolmentCipher(invitation: Invitation, nonce: Uint8Array) {
  const key = hashBytes('enrolment-key', { secret: invitation.secret });
  const context = utf8ToBytes(canonicalJson({ group: groupId(invitation.group), issuer: invitation.group.issuer }));
  return xchacha20poly1305(key, nonce, context);
}
