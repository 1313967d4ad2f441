// SPEC §4.1: the group
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isPublicKey } from '../messages/ed25519.ts';
import { type Hex32, hashHex } from '../messages/hash.ts';
import { hex32 } from '../messages/shape.ts';
import { checkAttestedName, checkName } from './name.ts';

export const groupShape = z.strictObject({ issuer: hex32, name: z.string().min(1) });
/** A group is the pair of its issuer's Ed25519 key and a name; its id is the hash of both. */
export type GroupName = z.infer<typeof groupShape>;

/** The id of a group, in hex. It commits to the issuer's key, so no one else can publish a roll for it. SPEC §4.1. */
export function groupId(group: GroupName): Hex32 {
  return hashHex('group', { issuer: group.issuer, name: group.name });
}

/** A group's name is one that can be read, and its issuer's key obeys SPEC §1.7. What a roll header must fulfil. SPEC §4.1. */
export function checkGroup(group: GroupName): Checked<GroupName, 'BAD_GROUP'> {
  const name = checkName(group.name);
  if (!name.ok) return refuse('BAD_GROUP', name.detail);
  return isPublicKey(group.issuer) ? accept(group) : refuse('BAD_GROUP', 'the issuer key is not an Ed25519 key');
}

/** Whether a group may be made, claimed or joined from now on: its name is also one that may be attested. SPEC §3.5. */
export function checkNewGroup(group: GroupName): Checked<GroupName, 'BAD_GROUP'> {
  const name = checkAttestedName(group.name);
  return name.ok ? checkGroup(group) : refuse('BAD_GROUP', name.detail);
}
