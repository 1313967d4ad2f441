// SPEC §3.4: invitation and enrolment
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad, utf8 } from '@scure/base';
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashHex, taggedBytes } from '../messages/hash.ts';
import { HPKE_OVERHEAD, type HpkeKeyPair, isHpkeKey, openHpke, sealHpke } from '../messages/hpke.ts';
import { canonicalJson, parseJson } from '../messages/json.ts';
import { checkShape, hex32 } from '../messages/shape.ts';
import { type Field, fieldFromBytes, fieldToBytes } from '../numbers/field.ts';
import type { Random } from '../numbers/random.ts';
import { checkNewGroup, type GroupName, groupId, groupShape } from './group.ts';
import { checkAttestedName } from './name.ts';

const invitationShape = z.strictObject({
  version: z.literal(2),
  /** Admits once. Afterwards it opens nothing, for it lies in mailboxes and histories for ever. */
  secret: hex32,
  name: z.string(),
  group: groupShape,
  /** The issuer's X25519 key, to which the answer is sealed. */
  enrolmentKey: hex32,
});
/** What the fragment of an invitation link carries. It never reaches a server; the issuer's key in it is pinned by the wallet. */
export type Invitation = z.infer<typeof invitationShape>;

/** What a member tells the issuer: the commitment and u, with which the issuer makes leaf, token and capsules. SPEC §3.4. */
export type Enrolled = { commitment: Field; membership: Hex32 };

/** Commitment (32 bytes, big-endian) and u (32): every answer has one length. */
const PLAIN_BYTES = 64;
const SEALED_HEX = new RegExp(`^[0-9a-f]{${2 * (PLAIN_BYTES + HPKE_OVERHEAD)}}$`);

/** What the member's browser posts: an id that only holders of the invitation can form, and the sealed answer in hex. */
export const enrolmentShape = z.strictObject({ id: hex32, ciphertext: z.string().regex(SEALED_HEX) });
export type Enrolment = z.infer<typeof enrolmentShape>;

/** @param enrolmentKey the public key of the issuer's `createHpkeKeyPair`, in hex */
export function createInvitation(name: string, group: GroupName, enrolmentKey: Hex32, random: Random): Invitation {
  return { version: 2, secret: bytesToHex(random(32)), name, group, enrolmentKey };
}

/** The fragment of an invitation link: base64url without padding of the canonical JSON. SPEC §3.4. */
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
  if (!fault.ok) return refuse('BAD_INVITATION', fault.detail);
  if (!isHpkeKey(hexToBytes(shaped.value.enrolmentKey))) return refuse('BAD_INVITATION', 'the enrolment key is not an X25519 key');
  return accept(shaped.value);
}

/** The text of bytes that may not decode or decrypt; null when they do not, or are not UTF-8. */
function decodeText(read: () => Uint8Array): string | null {
  try {
    return utf8.encode(read());
  } catch {
    return null;
  }
}

/** The id under which the member enrols; the platform learns it only from the member. SPEC §3.4. */
export function enrolmentId(invitation: Invitation): Hex32 {
  return hashHex('enrolment-id', { secret: invitation.secret });
}

/** The ticket that the issuer gives the platform for each invitation: H(id), so that the platform cannot enrol by itself. */
export function enrolmentTicket(id: Hex32): Hex32 {
  return hashHex('enrolment-ticket', { id });
}

/**
 * Seals a member's answer to the issuer (HPKE). The secret of the invitation stands in `info`: the platform, which has the
 * answer but not the secret, can neither read nor make one; who finds the secret later can read none. SPEC §3.4.
 */
export function sealEnrolment(invitation: Invitation, { commitment, membership }: Enrolled, random: Random): Enrolment {
  const plain = concatBytes(fieldToBytes(commitment), hexToBytes(membership));
  const sealed = sealHpke(hexToBytes(invitation.enrolmentKey), infoOf(invitation), plain, random);
  return { id: enrolmentId(invitation), ciphertext: bytesToHex(sealed) };
}

/**
 * Opens an enrolment, of the right shape, with the invitation it answers and the issuer's key pair. Anything the platform
 * changed or made itself is refused (T27).
 */
export function openEnrolment(invitation: Invitation, enrolment: Enrolment, keys: HpkeKeyPair): Checked<Enrolled, 'ENROLMENT_FORGED'> {
  if (enrolment.id !== enrolmentId(invitation)) return refuse('ENROLMENT_FORGED', 'this answers another invitation');
  const plain = openHpke(keys, infoOf(invitation), hexToBytes(enrolment.ciphertext));
  if (plain?.length !== PLAIN_BYTES) return refuse('ENROLMENT_FORGED', 'the sealed answer does not open');
  const commitment = fieldFromBytes(plain.subarray(0, 32));
  if (commitment === null) return refuse('ENROLMENT_FORGED', 'the sealed commitment is not a number');
  return accept({ commitment, membership: bytesToHex(plain.subarray(32)) });
}

function infoOf({ secret, group }: Invitation): Uint8Array {
  return taggedBytes('enrolment', { secret, group: groupId(group), issuer: group.issuer });
}
