// SPEC §13: how an issuer's key takes a group into an account
import { z } from 'zod';
import { checkNewGroup, type GroupName, groupShape } from '#lib/protocol/member/group.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { isSignedBy, publicKeyOf, type Signed, signMessage } from '#lib/protocol/messages/ed25519.ts';
import { checkShape, hex64, unixTime } from '#lib/protocol/messages/shape.ts';

const groupClaimShape = z.strictObject({ type: z.literal('group-claim'), group: groupShape, time: unixTime, signature: hex64 });
/** The issuer's word, signed with its key, that a group is to be kept by the account that brings this. */
export type GroupClaim = z.infer<typeof groupClaimShape>;

/** Seconds for which a claim is fresh, before and after its time. */
const FRESH_SECONDS = 600;

/** Signs a claim. `seed` is the issuer's Ed25519 seed, whose public key names the group. */
export function signGroupClaim(name: string, now: number, seed: Uint8Array): Signed<GroupClaim> {
  return signMessage('group-claim', { type: 'group-claim' as const, group: { issuer: publicKeyOf(seed), name }, time: now }, seed);
}

/** Checks shape, group, freshness and signature of a claim. */
export function checkGroupClaim(
  value: unknown,
  now: number,
): Checked<GroupClaim & { group: GroupName }, 'BAD_SHAPE' | 'BAD_GROUP' | 'BAD_CLAIM'> {
  const shaped = checkShape(groupClaimShape, value);
  if (!shaped.ok) return shaped;
  const claim = shaped.value;
  const group = checkNewGroup(claim.group);
  if (!group.ok) return group;
  if (Math.abs(claim.time - now) > FRESH_SECONDS) return refuse('BAD_CLAIM', 'the clock of this device is more than ten minutes off');
  return isSignedBy('group-claim', claim, claim.group.issuer) ? accept(claim) : refuse('BAD_CLAIM', 'not signed by the issuer key');
}
