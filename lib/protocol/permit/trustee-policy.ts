// SPEC §5.12: what a trustee says that it takes on
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isPublicKey, isSignedBy, publicKeyOf, type Signed, signMessage } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import { checkShape, hex32, hex64, positive, unixTime } from '../messages/shape.ts';

/** Groups that a policy can name. */
export const MOST_NAMED_GROUPS = 1_000;

export const trusteePolicyShape = z.strictObject({
  type: z.literal('trustee-policy'),
  key: hex32,
  number: positive,
  /** Groups whose statements it serves, ascending. */
  groups: z.union([z.literal('any'), z.array(hex32).min(1).max(MOST_NAMED_GROUPS)]),
  /** Statements that it serves at a time. */
  mostOpen: positive,
  /** Seconds from the moment at which it joins a statement to the statement's end, grace included. */
  longestLife: positive,
  time: unixTime,
  signature: hex64,
});
export type TrusteePolicy = z.infer<typeof trusteePolicyShape>;
export type TrusteePolicyFailure = 'BAD_SHAPE' | 'BAD_TRUSTEE' | 'POLICY_GROUPS' | 'POLICY_SIGNATURE';

/** Signs a policy with a trustee's seed. `number` is one more than that of the last, from 1; groups may come in any order. */
export function signTrusteePolicy(terms: Omit<TrusteePolicy, 'type' | 'key' | 'signature'>, seed: Uint8Array): Signed<TrusteePolicy> {
  const groups = terms.groups === 'any' ? terms.groups : [...new Set(terms.groups)].sort((a, b) => (a < b ? -1 : 1));
  return signMessage('trustee-policy', { type: 'trustee-policy' as const, key: publicKeyOf(seed), ...terms, groups }, seed);
}

/** Checks a policy by itself: shape, key, groups that ascend, the trustee's own signature. SPEC §5.12. */
export function checkTrusteePolicy(value: unknown): Checked<TrusteePolicy, TrusteePolicyFailure> {
  const shaped = checkShape(trusteePolicyShape, value);
  if (!shaped.ok) return shaped;
  const policy = shaped.value;
  const { key, groups } = policy;
  if (!isPublicKey(key)) return refuse('BAD_TRUSTEE', 'the key is not an Ed25519 key');
  if (groups !== 'any' && groups.some((id, i) => i > 0 && id <= (groups[i - 1] as string)))
    return refuse('POLICY_GROUPS', 'groups must be distinct and ascending');
  return isSignedBy('trustee-policy', policy, key) ? accept(policy) : refuse('POLICY_SIGNATURE', 'not signed by the trustee that it names');
}

/** Of each trustee the policy that holds, by its key: the one with the highest number, of equal ones the last. SPEC §5.12. */
export function newestPolicies(policies: readonly TrusteePolicy[]): Map<Hex32, TrusteePolicy> {
  const newest = new Map<Hex32, TrusteePolicy>();
  for (const policy of policies) if (policy.number >= (newest.get(policy.key)?.number ?? 0)) newest.set(policy.key, policy);
  return newest;
}
