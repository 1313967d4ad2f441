import 'server-only';
import { and, eq, ne, sql } from '#db/drizzle.cjs';
import { groups } from '#db/schema/membership.ts';
import { checkGroupClaim } from '#lib/api/group-claim.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { transactInLine } from '../in-line.ts';
import { requireLiveKeys } from '../issuers/key-ends.ts';
import { type Keeper, logChange } from '../issuers/log.ts';

/** Five changes of key of the fullest keystore: groups and ended keys are listed whole, and everybody's pages read the lists. */
const MOST_GROUPS_OF_ACCOUNT = 5_000;

/**
 * Binds a group to an account, on the word of the issuer's key. The same claim by the same account changes nothing.
 * A key belongs to one account: whoever stole it could otherwise speak for its issuer from an account of their own (T83).
 * @throws AppError BAD_CLAIM, BAD_GROUP, ISSUER_KEY_ENDED, TOO_MANY_GROUPS, or GROUP_EXISTS when another account keeps it, or a group of its key
 */
export async function claimGroup(ctx: Context, keeper: Keeper, value: unknown): Promise<{ id: Hex32; isNew: boolean }> {
  const { group, time } = requireOk(checkGroupClaim(value, ctx.now()));
  const id = groupId(group);
  const row = { id, issuer: keeper.issuer, issuerKey: group.issuer, name: group.name, claimedAt: time };
  await requireLiveKeys(ctx.db, [group.issuer]);
  const isNew = await transactInLine(ctx, `issuer ${keeper.issuer}`, async (tx) => {
    for (const key of [keeper.issuer, group.issuer]) await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${key}))`);
    const ofOthers = and(eq(groups.issuerKey, group.issuer), ne(groups.issuer, keeper.issuer));
    if ((await tx.$count(groups, ofOthers)) > 0) throw new AppError('GROUP_EXISTS');
    const added = await tx.insert(groups).values(row).onConflictDoNothing().returning({ id: groups.id });
    if ((await tx.$count(groups, eq(groups.issuer, keeper.issuer))) > MOST_GROUPS_OF_ACCOUNT) throw new AppError('TOO_MANY_GROUPS');
    if (added.length > 0) await logChange(tx, keeper, ctx.now(), { action: 'group-claimed', group: id });
    return added.length > 0;
  });
  return { id, isNew };
}
