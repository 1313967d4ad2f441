// What an operator lets a trustee take on. It is asked before anything is made for a statement.
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { hex32, positive, unixTime } from '#lib/protocol/messages/shape.ts';
import type { OpenedBy } from '#lib/protocol/permit/group-policy.ts';
import { signTrusteePolicy, type TrusteePolicy } from '#lib/protocol/permit/trustee-policy.ts';
import { destructionTime, type Statement } from '#lib/protocol/statement/statement.ts';
import type { OwnIdentity } from './keystore.ts';

/** `policy.json`: written by `serve` from its options, and kept until they are given anew. */
const policyFileShape = z.strictObject({
  version: z.literal(2),
  /** Groups whose statements are served. */
  groups: z.union([z.literal('any'), z.array(hex32).min(1)]),
  /** Statements that are served at a time: keys being made, and shares held. */
  mostOpen: positive,
  /** Days until the end of a statement, its grace included. */
  longestDays: positive,
  /** Of the message that says so, and when it was first so, Unix seconds; absent in a file of an earlier version. */
  number: positive.optional(),
  time: unixTime.optional(),
});
export type Policy = Pick<z.infer<typeof policyFileShape>, 'groups' | 'mostOpen' | 'longestDays'>;

/** Five years and the month that a grace may take. */
export const STANDARD_POLICY: Policy = { groups: 'any', mostOpen: 500, longestDays: 5 * 365 + 31 };

const DAY = 86_400;

export async function readPolicy(disk: Disk): Promise<Policy> {
  const stored = await readStored(disk, 'policy.json', policyFileShape);
  if (stored === null) return STANDARD_POLICY;
  const { groups, mostOpen, longestDays } = stored;
  return { groups, mostOpen, longestDays };
}

/** Keeps a policy; one that differs from the last gets the next number. `now` in Unix seconds. */
export async function writePolicy(disk: Disk, policy: Policy, now: number): Promise<void> {
  const last = await readStored(disk, 'policy.json', policyFileShape);
  const groups = policy.groups === 'any' ? policy.groups : [...new Set(policy.groups)].sort((a, b) => (a < b ? -1 : 1));
  const next = { ...policy, groups };
  const isSame = last?.number !== undefined && canonicalJson(await readPolicy(disk)) === canonicalJson(next);
  if (isSame) return;
  const file = { version: 2 as const, ...next, number: (last?.number ?? 0) + 1, time: now };
  await writeStored(disk, 'policy.json', file, policyFileShape);
}

/** The signed message that says what a trustee takes on, the same until that changes. SPEC §5.12. @throws Error before `serve` has kept one */
export async function makeTrusteePolicy(disk: Disk, { seed }: OwnIdentity): Promise<TrusteePolicy> {
  const stored = await readStored(disk, 'policy.json', policyFileShape);
  if (stored?.number === undefined || stored.time === undefined)
    throw new Error('This keystore has no policy of its own yet. Start it once with “serve”, which keeps one.');
  const { groups, mostOpen, longestDays, number, time } = stored;
  return signTrusteePolicy({ groups, mostOpen, longestLife: longestDays * DAY, number, time }, seed);
}

/** One line for the operator. */
export function describePolicy({ groups, mostOpen, longestDays }: Policy): string {
  const whose = groups === 'any' ? 'statements of any group' : `only statements of ${groups.map((id) => id.slice(0, 12)).join(', ')}`;
  return `policy: ${whose}; ${mostOpen} at a time, at most half of them on one group, a quarter kept for issuers; none that ends more than ${longestDays} days from now`;
}

/** What can be judged for good. `now` in Unix seconds. */
export function judgeByPolicy(statement: Statement, policy: Policy, now: number): Checked<true, 'GROUP_NOT_SERVED' | 'TOO_LONG'> {
  const { groups } = policy;
  const foreign = groups === 'any' ? undefined : statement.rolls.find(({ group }) => !groups.includes(group));
  if (foreign) return refuse('GROUP_NOT_SERVED', `group ${foreign.group.slice(0, 12)} is none that this trustee serves`);
  if (destructionTime(statement) > now + policy.longestDays * DAY)
    return refuse('TOO_LONG', `it ends more than ${policy.longestDays} days from now`);
  return accept(true);
}

/**
 * Whether there is room for one more statement. One group gets half of it, so that a flood of statements on one keeps nobody else's out. A
 * quarter is kept for accounts, and they get half, since what the platform says of them is its word alone. SPEC §5.12.
 * @param open who opened each statement that is served
 */
export function hasRoom({ mostOpen }: Policy, open: readonly OpenedBy[], { by, group }: OpenedBy): boolean {
  const half = Math.ceil(mostOpen / 2);
  const ofGroup = open.filter((one) => one.group === group).length;
  const ofKind = open.filter((one) => one.by === by).length;
  const most = by === 'account' ? half : mostOpen - Math.floor(mostOpen / 4);
  return open.length < mostOpen && ofGroup < half && ofKind < most;
}
