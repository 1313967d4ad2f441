// SPEC §5.11: an issuer's policy for who may open a statement that names its group

import { z } from 'zod';
import { checkGroup, groupId, groupShape } from '../member/group.ts';
import { nameGroupsBy } from '../member/name-groups.ts';
import type { RollHeader } from '../member/roll.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isSignedBy, type Signed, signMessage } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import { quote } from '../messages/quote.ts';
import { checkShape, hex32, hex64, positive, unixTime } from '../messages/shape.ts';

/** The most statements that one member may open in a week. */
export const MOST_QUOTA = 16;
/** The most policies of one group. */
const MOST_POLICIES = 1_000;

export const groupPolicyShape = z.strictObject({
  type: z.literal('group-policy'),
  group: groupShape,
  number: positive.max(MOST_POLICIES),
  /** Who of the group opens: each member and the issuer's account; the account alone; members with its approval of the text. */
  opening: z.enum(['open', 'accounts', 'approved']),
  /** Whether others than this group's may open statements that name it beside their own. */
  foreign: z.boolean(),
  /** Slots of a member in a week. */
  quota: positive.max(MOST_QUOTA),
  time: unixTime,
  signature: hex64,
});
export type GroupPolicy = z.infer<typeof groupPolicyShape>;
/** What a policy says. */
export type GroupRules = Pick<GroupPolicy, 'opening' | 'foreign' | 'quota'>;
export type GroupPolicyFailure = 'BAD_SHAPE' | 'BAD_GROUP' | 'POLICY_SIGNATURE' | 'POLICY_ORDER';

/** What holds for a group whose issuer has said nothing. */
export const STANDARD_RULES: GroupRules = { opening: 'open', foreign: true, quota: 2 };

/** Signs a policy with the seed of the group's issuer. `number` is one more than that of the last, from 1; `time` in Unix seconds. */
export function signGroupPolicy(terms: Omit<GroupPolicy, 'type' | 'signature'>, seed: Uint8Array): Signed<GroupPolicy> {
  return signMessage('group-policy', { type: 'group-policy' as const, ...terms }, seed);
}

/** Checks a policy by itself: shape, group, the signature of the group's own issuer. SPEC §5.11. */
export function checkGroupPolicy(value: unknown): Checked<GroupPolicy, GroupPolicyFailure> {
  const shaped = checkShape(groupPolicyShape, value);
  if (!shaped.ok) return shaped;
  const policy = shaped.value;
  const group = checkGroup(policy.group);
  if (!group.ok) return group;
  const isSigned = isSignedBy('group-policy', policy, policy.group.issuer);
  return isSigned ? accept(policy) : refuse('POLICY_SIGNATURE', 'not signed by the issuer of the group');
}

/** Whether a policy may come after another of its group, or, after null, be the first. SPEC §5.11. */
export function followsGroupPolicy(before: GroupPolicy | null, next: GroupPolicy): boolean {
  if (before === null) return next.number === 1;
  return groupId(next.group) === groupId(before.group) && next.number === before.number + 1 && next.time >= before.time;
}

/** Checks all policies of a group, from the first to the newest. SPEC §5.11. */
export function checkPolicyHistory(group: Hex32, values: readonly unknown[]): Checked<GroupPolicy[], GroupPolicyFailure> {
  const history: GroupPolicy[] = [];
  for (const value of values) {
    const checked = checkGroupPolicy(value);
    if (!checked.ok) return checked;
    if (groupId(checked.value.group) !== group) return refuse('POLICY_ORDER', 'a policy is of another group');
    if (!followsGroupPolicy(history.at(-1) ?? null, checked.value)) return refuse('POLICY_ORDER', 'a policy is missing or out of order');
    history.push(checked.value);
  }
  return accept(history);
}

/** Rules as loose as any that were in force at `since` or later, of a checked history: what who comes later can ask. SPEC §5.10. */
export function loosestRules(history: readonly GroupPolicy[], since: number): GroupRules {
  const inForce = [STANDARD_RULES, ...history].filter((_, i) => (history[i]?.time ?? since) >= since);
  return {
    opening: inForce.find(({ opening }) => opening !== 'accounts')?.opening ?? 'accounts',
    foreign: inForce.some(({ foreign }) => foreign),
    quota: inForce.reduce((most, { quota }) => (quota > most ? quota : most), 1),
  };
}

/** On whose behalf a statement is opened: a member of one of its groups, or the account that keeps it. */
export const openedByShape = z.strictObject({ by: z.enum(['member', 'account']), group: hex32 });
export type OpenedBy = z.infer<typeof openedByShape>;
export type OpeningRefusal = 'UNKNOWN_GROUP' | 'ACCOUNTS_ONLY' | 'GROUP_CLOSED' | 'SLOT_BEYOND_QUOTA';

/**
 * Whether the rules of all groups of a statement let it be opened so. Groups that name one issuer key are one account's; for a member
 * every group but its own is another's. SPEC §5.11.
 * @param rulesOf the rules of a group of the statement
 * @param slot of the member's permit
 */
export function judgeOpening(
  rolls: ReadonlyMap<Hex32, RollHeader>,
  { by, group }: OpenedBy,
  rulesOf: (group: Hex32) => GroupRules,
  slot = 0,
): Checked<GroupRules, OpeningRefusal> {
  const issuer = rolls.get(group)?.group.issuer;
  if (issuer === undefined) return refuse('UNKNOWN_GROUP', 'whoever opens a statement belongs to a group that it names');
  const own = rulesOf(group);
  if (by === 'member' && own.opening === 'accounts')
    return refuse('ACCOUNTS_ONLY', 'only the issuer of this group opens statements for it');
  if (by === 'member' && slot >= own.quota) return refuse('SLOT_BEYOND_QUOTA', `a member of this group opens ${own.quota} in a week`);
  for (const [other, header] of rolls) {
    const isOwn = by === 'member' ? other === group : header.group.issuer === issuer;
    if (!isOwn && !rulesOf(other).foreign) return refuse('GROUP_CLOSED', `${quote(nameGroupsBy(rolls)(other))} is not named by others`);
  }
  return accept(own);
}
