// SPEC §4.6: who can stand in a roll
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Hex32 } from '../messages/hash.ts';
import type { Field } from '../numbers/field.ts';
import { type CapsuleRoll, capsuleOf, tagOf } from './capsule.ts';
import { leafOf } from './credential.ts';
import { checkName } from './name.ts';
import { tokenOf } from './token.ts';

/** What an issuer keeps of somebody. A keystore may lack commitment or u, as one does that is older than a roll. */
export type Candidate = { name: string; commitment: Field | null; membership: Hex32 | null };
/** What somebody has in one roll. */
export type Enlisted = { leaf: Field; capsule: Uint8Array };

/**
 * Leaf and capsule of somebody in a roll, made of one token: about a millisecond. Null for whoever lacks name, commitment or u:
 * no capsule is ever invented (T65). SPEC §4.6.
 */
export function enlist(roll: CapsuleRoll, { name, commitment, membership }: Candidate): Enlisted | null {
  if (commitment === null || membership === null || !checkName(name).ok) return null;
  const token = tokenOf(membership, roll.group, name);
  return { leaf: leafOf(commitment, token.point), capsule: capsuleOf(roll, membership, name, token) };
}

/**
 * Who among those enlisted for one roll has a token that stands before already: a second member with it would be the same name
 * (T44). One token has one tag in a roll. @returns their places in the list
 */
export function findRepeated(enlisted: readonly Enlisted[]): Set<number> {
  const tags = new Set<string>();
  const repeated = new Set<number>();
  for (const [i, { capsule }] of enlisted.entries()) {
    const tag = bytesToHex(tagOf(capsule));
    if (tags.has(tag)) repeated.add(i);
    tags.add(tag);
  }
  return repeated;
}
