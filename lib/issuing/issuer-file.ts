import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import type { Candidate } from '#lib/protocol/member/enlist.ts';
import { checkNewGroup, type GroupName, groupId } from '#lib/protocol/member/group.ts';
import { type RollHeader, rollHeaderShape } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { createHpkeKeyPair, type HpkeKeyPair, hpkeKeyPairOf } from '#lib/protocol/messages/hpke.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape, fieldText, hex32, positive, unixTime } from '#lib/protocol/messages/shape.ts';
import { parseField } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';

/** The most people on the roster of one group, those removed included: their invitations and places must not be forgotten. */
export const MOST_ON_ROSTER = 100_000;
const MOST_GROUPS = 1_000;
/** Of the rolls before the last, so many are remembered: as many as a platform may lose that is put back from a copy. */
const MOST_EARLIER = 50;

const rosterMemberShape = z.strictObject({
  name: z.string().min(1),
  email: z.string(),
  /** The secret of the invitation: whoever has it can enrol under this name. */
  secret: hex32,
  /** What the member's wallet sent back, with u; kept here because the platform deletes it once a roll holds the member. */
  commitment: fieldText.optional(),
  /** u, of which token and capsules are made. Whoever lacks it can stand in no roll (SPEC §4.6). */
  membership: hex32.optional(),
  /** The position in the roll, given at the first roll that holds the member and never moved. */
  place: z.int().min(0).max(65_535).optional(),
  /** In which way the member was admitted: SPEC §4.2. Missing where it is not known. */
  way: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]).optional(),
  /** The number of the roll that first held the member. */
  since: positive.optional(),
  /** Struck from the roster; the place is given back at the next roll. */
  removed: z.literal(true).optional(),
});
/** A person on the issuer's roster. */
export type RosterMember = z.infer<typeof rosterMemberShape>;

const issuedGroupShape = z.strictObject({
  name: z.string().min(1),
  /** The Ed25519 keys of the trustees that the issuer recognises. */
  trustees: z.array(hex32).max(64),
  members: z.array(rosterMemberShape).max(MOST_ON_ROSTER),
  lastRoll: rollHeaderShape.optional(),
  /** The newest before it, the oldest first: what a platform that was put back has lost of the history. */
  earlier: z.array(rollHeaderShape).max(MOST_EARLIER).optional(),
  /** Rolls come out at multiples of so many seconds, so that a new leaf does not tell the day; whenever somebody publishes without it. */
  publishSeconds: positive.max(90 * 86_400).optional(),
  /** Present where the employer is hostile: no invitation goes to an address at these domains, and only ways 1 and 5 admit. */
  hostileEmployer: z.strictObject({ domains: z.array(z.string().min(1)).min(1).max(50) }).optional(),
  /** `lastRoll` was signed, and the platform has not yet said that it has it. */
  unsent: z.literal(true).optional(),
});
export type IssuedGroup = z.infer<typeof issuedGroupShape>;

const issuerShape = z.strictObject({
  type: z.literal('round-robin-issuer'),
  version: z.literal(2),
  /** Of the Ed25519 key that signs rolls. */
  seed: hex32,
  /** The X25519 secret key that opens enrolments. SPEC §3.4. */
  enrolmentSecret: hex32,
  groups: z.array(issuedGroupShape).max(MOST_GROUPS),
  /** The keys that are to go on for this one, from when that was decided until the platform has it. SPEC §4.8. */
  next: z.strictObject({ seed: hex32, enrolmentSecret: hex32, time: unixTime }).optional(),
});
/** Everything that an issuer keeps and the platform never sees: both keys, who was invited, what they answered, and the places in the rolls. */
export type Issuer = z.infer<typeof issuerShape>;

/** Whether nobody has answered the invitation yet, as far as this keystore knows. */
export function isInvited(member: RosterMember): boolean {
  return member.commitment === undefined && member.membership === undefined && member.place === undefined;
}

/** What the rolls make of a member: a commitment or u that is not here is null. */
export function candidateOf({ name, commitment, membership }: RosterMember): Candidate {
  return { name, commitment: commitment === undefined ? null : parseField(commitment), membership: membership ?? null };
}

/** The member with a fresh invitation, in no roll, and without what the last invitation was answered with: it admits no second time. */
export function inviteAnew(member: RosterMember, random: Random): RosterMember {
  return withSecret(member, bytesToHex(random(32)));
}

/** The same with a secret that is at hand. */
export function withSecret({ name, email, way }: RosterMember, secret: Hex32): RosterMember {
  return { name, email, secret, ...(way === undefined ? {} : { way }) };
}

/** How many the next roll would take in that the last one did not hold. */
export function countNewcomers({ members }: IssuedGroup): number {
  return members.filter(isNewcomer).length;
}

/** Whether somebody has answered and stands in no roll yet. */
export function isNewcomer(member: RosterMember): boolean {
  return !member.removed && !isInvited(member) && member.place === undefined;
}

/** The rolls that come before the next one, as a keystore remembers them. */
export function earlierRolls({ earlier = [], lastRoll }: IssuedGroup): RollHeader[] {
  return [...earlier, ...(lastRoll ? [lastRoll] : [])].slice(-MOST_EARLIER);
}

/** A new issuer with fresh keys. */
export function createIssuer(random: Random): Issuer {
  const enrolmentSecret = bytesToHex(createHpkeKeyPair(random).secretKey);
  return { type: 'round-robin-issuer', version: 2, seed: bytesToHex(random(32)), enrolmentSecret, groups: [] };
}

/** Reads an issuer's keystore. The detail of a refusal never quotes it: it holds the key and people's names. */
export function parseIssuer(text: string): Checked<Issuer, 'BAD_ISSUER_FILE'> {
  const json = parseJson(text);
  const shaped = json.ok ? checkShape(issuerShape, json.value) : json;
  return shaped.ok ? accept(shaped.value) : refuse('BAD_ISSUER_FILE', 'this is not an issuer’s keystore, or it was cut off or changed');
}

export function issuerKey(issuer: Issuer): Hex32 {
  return publicKeyOf(hexToBytes(issuer.seed));
}

/** The key pair to which the members of all groups of this issuer seal their answers. */
export function enrolmentKeysOf(issuer: Issuer): HpkeKeyPair {
  return hpkeKeyPairOf(hexToBytes(issuer.enrolmentSecret));
}

/** The protocol's name for a group of this issuer. */
export function groupNameOf(issuer: Issuer, name: string): GroupName {
  return { issuer: issuerKey(issuer), name };
}

/** The ids of an issuer's groups, in their order. */
export function groupIdsOf(issuer: Issuer): Hex32[] {
  const key = issuerKey(issuer);
  return issuer.groups.map((group) => groupId({ issuer: key, name: group.name }));
}

/** Adds an empty group. */
export function addGroup(
  issuer: Issuer,
  name: string,
  trustees: readonly Hex32[],
): Checked<Issuer, 'BAD_GROUP' | 'GROUP_EXISTS' | 'TOO_MANY_GROUPS'> {
  const checked = checkNewGroup(groupNameOf(issuer, name));
  if (!checked.ok) return checked;
  if (issuer.groups.some((group) => group.name === name)) return refuse('GROUP_EXISTS', 'you have a group of this name');
  if (issuer.groups.length >= MOST_GROUPS) return refuse('TOO_MANY_GROUPS', `one keystore holds ${MOST_GROUPS} groups, and yours is full`);
  return accept({ ...issuer, groups: [...issuer.groups, { name, trustees: [...trustees], members: [] }] });
}

/** @throws RangeError when the issuer has no group of that id */
export function findGroup(issuer: Issuer, id: Hex32): IssuedGroup {
  const group = issuer.groups[groupIdsOf(issuer).indexOf(id)];
  if (!group) throw new RangeError('"id" is not a group of this issuer');
  return group;
}

/** The issuer with one group exchanged. @throws RangeError when it has no group of that id */
export function replaceGroup(issuer: Issuer, id: Hex32, group: IssuedGroup): Issuer {
  const before = findGroup(issuer, id);
  return { ...issuer, groups: issuer.groups.map((other) => (other === before ? group : other)) };
}
