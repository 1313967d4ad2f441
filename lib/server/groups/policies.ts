import 'server-only';
import type { Database } from '#db/client.ts';
import { asc, desc, eq, inArray } from '#db/drizzle.cjs';
import { refusals } from '#db/schema/board.ts';
import { groupPolicies, groups } from '#db/schema/membership.ts';
import type { PolicyAnswer } from '#lib/api/shapes.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { isFresh } from '#lib/protocol/messages/shape.ts';
import { checkGroupPolicy, followsGroupPolicy, type GroupPolicy, type GroupRules } from '#lib/protocol/permit/group-policy.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { transactInLine } from '../in-line.ts';
import { requireLiveKeys } from '../issuers/key-ends.ts';
import { type Keeper, logChange } from '../issuers/log.ts';
import { isHex32 } from '../statements/load.ts';
import { requireOwnGroup } from './list.ts';

const MOST_REFUSALS = 200;

/**
 * Publishes the next policy of a group that the account keeps, signed by the issuer's key; it holds for what is opened from now on. The
 * same again changes nothing. SPEC §5.11.
 */
export async function publishPolicy(ctx: Context, keeper: Keeper, id: string, value: unknown): Promise<{ number: number; isNew: boolean }> {
  await requireOwnGroup(ctx, keeper.issuer, id);
  const policy = requireOk(checkGroupPolicy(value));
  const { number } = policy;
  if (groupId(policy.group) !== id) throw new AppError('POLICY_ORDER', 'it is of another group');
  await requireLiveKeys(ctx.db, [policy.group.issuer]);
  const isNew = await transactInLine(ctx, `group ${id}`, async (tx) => {
    await tx.select({ id: groups.id }).from(groups).where(eq(groups.id, id)).for('no key update');
    const before = (await readHistory(tx, id)).at(-1) ?? null;
    if (before && canonicalJson(before) === canonicalJson(policy)) return false;
    if (!isFresh(policy.time, ctx.now())) throw new AppError('REQUEST_NOT_FRESH');
    if (!followsGroupPolicy(before, policy)) throw new AppError('POLICY_ORDER', `the next is number ${(before?.number ?? 0) + 1}`);
    await tx.insert(groupPolicies).values({ groupId: id, number, body: policy });
    await logChange(tx, keeper, ctx.now(), { action: 'policy-published', group: id, count: number });
    return true;
  });
  return { number, isNew };
}

async function readHistory(db: Database, id: Hex32): Promise<GroupPolicy[]> {
  const rows = await db
    .select({ body: groupPolicies.body })
    .from(groupPolicies)
    .where(eq(groupPolicies.groupId, id))
    .orderBy(asc(groupPolicies.number));
  return rows.map(({ body }) => body);
}

/** All policies of a group, the first first, and the drafts that its issuer has refused, the newest first: for everybody. */
export async function listPolicies(ctx: Context, id: string): Promise<PolicyAnswer> {
  if (!isHex32(id) || (await ctx.db.$count(groups, eq(groups.id, id))) === 0) throw new AppError('GROUP_NOT_FOUND');
  const refused = await ctx.db
    .select({ statement: refusals.statement, reason: refusals.reason, day: refusals.day })
    .from(refusals)
    .where(eq(refusals.groupId, id))
    .orderBy(desc(refusals.day), asc(refusals.statement))
    .limit(MOST_REFUSALS);
  return { policies: await readHistory(ctx.db, id), refused };
}

/** The rules in force by group id; a group without a policy is not among them. */
export async function readRules(ctx: Context, ids: readonly Hex32[]): Promise<Map<Hex32, GroupRules>> {
  const rows = await ctx.db
    .selectDistinctOn([groupPolicies.groupId], { group: groupPolicies.groupId, body: groupPolicies.body })
    .from(groupPolicies)
    .where(inArray(groupPolicies.groupId, [...ids]))
    .orderBy(groupPolicies.groupId, desc(groupPolicies.number));
  return new Map(rows.map(({ group, body }) => [group, body]));
}
