import 'server-only';
import { inArray, lt } from '#db/drizzle.cjs';
import { answers, challengeGroups, challenges } from '#db/schema/asking.ts';
import type { Context } from '../context.ts';

/** How long answers wait for their asker, and a challenge counts for its key, after it has expired. */
const KEPT_SECONDS = 30 * 86_400;
const AT_ONCE = 100;

/** Erases some of the challenges whose askers have had time enough to fetch the answers, with these. SPEC §14.5. */
export async function eraseChallenges(ctx: Context): Promise<void> {
  const over = await ctx.db
    .select({ id: challenges.id })
    .from(challenges)
    .where(lt(challenges.expires, ctx.now() - KEPT_SECONDS))
    .limit(AT_ONCE);
  if (over.length === 0) return;
  const ids = over.map(({ id }) => id);
  await ctx.db.transaction(async (tx) => {
    await tx.delete(answers).where(inArray(answers.challenge, ids));
    await tx.delete(challengeGroups).where(inArray(challengeGroups.challenge, ids));
    await tx.delete(challenges).where(inArray(challenges.id, ids));
  });
}
