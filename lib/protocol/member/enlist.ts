// SPEC §4.6: who can stand in a roll
import type { Hex32 } from '../messages/hash.ts';
import type { Field } from '../numbers/field.ts';
import { formatPoint } from '../numbers/point.ts';
import { type CapsuleRoll, joinCapsules, makeCapsule } from './capsule.ts';
import { leafOf } from './credential.ts';
import { checkName } from './name.ts';
import { clearToken, tokenOf } from './token.ts';

/** What an issuer keeps of somebody. A keystore may lack commitment or u, as one does that is older than capsules. */
export type Candidate = { name: string; commitment: Field | null; membership: Hex32 | null };
/** Somebody with all that a roll needs. */
export type Enlisted<C extends Candidate> = { candidate: C; membership: Hex32; leaf: Field };
/** `incomplete` are to be invited anew; of `repeated` the token stands before already. */
export type Enlistment<C extends Candidate> = { enlisted: Enlisted<C>[]; incomplete: C[]; repeated: C[] };

/**
 * Works out the leaves of a group's next roll, in the order given. Nobody gets a capsule that was invented: who lacks name,
 * commitment or u stays out (T65), and so does a second member with a token of the roll, whose name would be that of the
 * first. What to tell the issuer is the caller's. SPEC §4.6.
 */
export function enlist<C extends Candidate>(group: Hex32, candidates: readonly C[]): Enlistment<C> {
  const result: Enlistment<C> = { enlisted: [], incomplete: [], repeated: [] };
  const tokens = new Set<string>();
  for (const candidate of candidates) {
    const { name, commitment, membership } = candidate;
    if (commitment === null || membership === null || !checkName(name).ok) {
      result.incomplete.push(candidate);
      continue;
    }
    const { point } = tokenOf(membership, group, name);
    const T = formatPoint(clearToken(point)).join();
    if (tokens.has(T)) result.repeated.push(candidate);
    else result.enlisted.push({ candidate, membership, leaf: leafOf(commitment, point) });
    tokens.add(T);
  }
  return result;
}

/** The file of capsules of a roll, one for each of its members. */
export function capsulesFor<C extends Candidate>(roll: CapsuleRoll, enlisted: readonly Enlisted<C>[]): Uint8Array {
  return joinCapsules(enlisted.map(({ membership, candidate }) => makeCapsule(roll, membership, candidate.name)));
}
