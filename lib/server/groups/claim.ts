import 'server-only';
import { eq } from 'drizzle-orm';
import { groups } from '#db/schema/membership.ts';
import { checkGroupClaim } from '#lib/api/group-claim.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { type Keeper, logChange } from '../issuers/log.ts';

/**
 * Binds a group to an account, on the word of the issuer's key. The same claim by the same account changes nothing.
 * @throws AppError BAD_CLAIM, BAD_GROUP, or GROUP_EXISTS when another account keeps it
 */
export async function claimGroup(ctx: Context, keeper: Keeper, value: unknown): Promise<{ id: Hex32; isNew: boolean }> {
  const { group, time } = requireOk(checkGroupClaim(value, ctx.now()));
  const id = groupId(group);
  const row = { id, issuer: keeper.issuer, issuerKey: group.issuer, name: group.name, claimedAt: time };
  const isNew = await ctx.db.transaction(async (tx) => {
    const added = await tx.insert(groups).values(row).onConflictDoNothing().returning({ id: groups.id });
    if (added.length > 0) await logChange(tx, keeper, ctx.now(), { action: 'group-claimed', group: id });
    return added.length > 0;
  });
  if (isNew) return { id, isNew };
  const [present] = await ctx.db.select({ issuer: groups.issuer }).from(groups).where(eq(groups.id, id));
  if (present?.issuer !== keeper.issuer) throw new AppError('GROUP_EXISTS');
  return { id, isNew: false };
}
