import 'server-only';
import { and, asc, count, eq, getTableColumns, gte, inArray } from '#db/drizzle.cjs';
import { challengeGroups, challenges } from '#db/schema/asking.ts';
import type { ChallengeAnswer, ChallengeList } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { isHex32 } from '../statements/load.ts';

/** A stored challenge, which was checked before it was stored. @throws AppError UNKNOWN_CHALLENGE */
export async function loadStoredChallenge(ctx: Context, id: string): Promise<typeof challenges.$inferSelect> {
  const [row] = isHex32(id) ? await ctx.db.select().from(challenges).where(eq(challenges.id, id)) : [];
  if (!row) throw new AppError('UNKNOWN_CHALLENGE');
  return row;
}

/** A challenge as everybody may see it, also after it has expired. @throws AppError UNKNOWN_CHALLENGE */
export async function getChallengeView(ctx: Context, id: string): Promise<ChallengeAnswer> {
  const stored = await loadStoredChallenge(ctx, id);
  const { body, headers, asker } = stored;
  const made = (await countMade(ctx, [asker])).get(asker) ?? 1;
  return { challenge: body, rolls: headers, made, ...domainOf(stored), time: ctx.now() };
}

/** The challenges to a group that can still be answered, by the time when they expire; with each, how many its asker has made here. */
export async function listChallenges(ctx: Context, group: string): Promise<ChallengeList['challenges']> {
  if (!isHex32(group)) throw new AppError('GROUP_NOT_FOUND');
  const open = await ctx.db
    .select(getTableColumns(challenges))
    .from(challengeGroups)
    .innerJoin(challenges, eq(challenges.id, challengeGroups.challenge))
    .where(and(eq(challengeGroups.groupId, group), gte(challenges.expires, ctx.now())))
    .orderBy(asc(challenges.expires), asc(challenges.id));
  const made = await countMade(ctx, [...new Set(open.map(({ asker }) => asker))]);
  return open.map((stored) => ({ challenge: stored.body, made: made.get(stored.asker) ?? 1, ...domainOf(stored) }));
}

/** What was found at the domain that the asker's name is, if it is one. */
function domainOf({ domain, provedBy, provedAt, checkedAt }: typeof challenges.$inferSelect): Pick<ChallengeAnswer, 'domain'> {
  return domain === null ? {} : { domain: { provedBy, provedAt, checkedAt } };
}

/** How many challenges each of these keys has made here, those included that have expired and are not erased yet. */
async function countMade(ctx: Context, askers: readonly Hex32[]): Promise<Map<Hex32, number>> {
  const rows = await ctx.db
    .select({ asker: challenges.asker, made: count() })
    .from(challenges)
    .where(inArray(challenges.asker, [...askers]))
    .groupBy(challenges.asker);
  return new Map(rows.map(({ asker, made }) => [asker, made]));
}
