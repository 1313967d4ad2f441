// What an operator lets a trustee take on. It is asked before anything is made for a statement.
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { hex32, positive } from '#lib/protocol/messages/shape.ts';
import { destructionTime, type Statement } from '#lib/protocol/statement/statement.ts';

/** `policy.json`: written by `serve` from its options, and kept until they are given anew. */
const policyFileShape = z.strictObject({
  version: z.literal(2),
  /** Groups whose statements are served. */
  groups: z.union([z.literal('any'), z.array(hex32).min(1)]),
  /** Statements that are served at a time: keys being made, and shares held. */
  mostOpen: positive,
  /** Days until the end of a statement, its grace included. */
  longestDays: positive,
});
export type Policy = Omit<z.infer<typeof policyFileShape>, 'version'>;

/** Five years and the month that a grace may take. */
export const STANDARD_POLICY: Policy = { groups: 'any', mostOpen: 500, longestDays: 5 * 365 + 31 };

const DAY = 86_400;

export async function readPolicy(disk: Disk): Promise<Policy> {
  const stored = await readStored(disk, 'policy.json', policyFileShape);
  if (stored === null) return STANDARD_POLICY;
  const { version: _, ...policy } = stored;
  return policy;
}

export async function writePolicy(disk: Disk, policy: Policy): Promise<void> {
  await writeStored(disk, 'policy.json', { version: 2, ...policy }, policyFileShape);
}

/** One line for the operator. */
export function describePolicy({ groups, mostOpen, longestDays }: Policy): string {
  const whose = groups === 'any' ? 'statements of any group' : `only statements of ${groups.map((id) => id.slice(0, 12)).join(', ')}`;
  return `policy: ${whose}; ${mostOpen} at a time, at most half of them on one group; none that ends more than ${longestDays} days from now`;
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
 * Whether there is room for one more statement of a group. One group gets half of it, so that a flood of statements on one keeps
 * nobody else's out.
 * @param open the group of each statement that is served
 */
export function hasRoom(policy: Policy, open: readonly string[], group: string): boolean {
  const ofGroup = open.filter((one) => one === group).length;
  return open.length < policy.mostOpen && ofGroup < Math.ceil(policy.mostOpen / 2);
}
