import 'server-only';
import { and, asc, eq, gt, lt, or } from '#db/drizzle.cjs';
import { drafts, permits, refusals } from '#db/schema/board.ts';
import { type DraftList, decisionShape } from '#lib/api/issuer-shapes.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { findDeceptive } from '#lib/protocol/messages/visible-text.ts';
import { firstKeptWeek } from '#lib/protocol/permit/permit.ts';
import { checkStatement, type StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { requireOwnGroup } from '../groups/list.ts';
import { transactInLine } from '../in-line.ts';
import { issuersOf, requireLiveKeys } from '../issuers/key-ends.ts';
import { type Keeper, logChange } from '../issuers/log.ts';
import { OPENING, requireNear } from './keying-room.ts';
import { insertStatement } from './open.ts';

const MOST_SHOWN = 100;
const DAY = 86_400;

/** The drafts that wait for the issuer of a group, those that must be decided first coming first; for nobody else. SPEC §5.11. */
export async function listDrafts(ctx: Context, issuer: string, group: string): Promise<DraftList> {
  await requireOwnGroup(ctx, issuer, group);
  const rows = await ctx.db
    .select({ id: drafts.id, statement: drafts.body })
    .from(drafts)
    .where(and(eq(drafts.groupId, group), gt(drafts.openBy, ctx.now())))
    .orderBy(asc(drafts.openBy), asc(drafts.id))
    .limit(MOST_SHOWN);
  return { drafts: rows };
}

/**
 * Opens a draft, or refuses it with a reason that becomes public, while its text goes. SPEC §5.11.
 * @throws AppError DRAFT_NOT_FOUND for one of another group, or that was decided or has run out of time
 */
export async function decideDraft(ctx: Context, keeper: Keeper, group: string, value: unknown): Promise<void> {
  await requireOwnGroup(ctx, keeper.issuer, group);
  const decision = requireOk(checkShape(decisionShape, value));
  const fault = decision.decision === 'refuse' ? findDeceptive(decision.reason) : null;
  if (fault !== null) throw new AppError('BAD_TEXT', `the reason ${fault}`);
  const isIts = and(eq(drafts.id, decision.statement), eq(drafts.groupId, group));
  await transactInLine(ctx, OPENING, async (tx) => {
    const [draft] = await tx.select().from(drafts).where(isIts).for('update');
    if (!draft || draft.openBy <= ctx.now() || draft.week < firstKeptWeek(ctx.now())) throw new AppError('DRAFT_NOT_FOUND');
    await tx.delete(drafts).where(isIts);
    if (decision.decision === 'refuse') {
      const day = ctx.now() - (ctx.now() % DAY);
      await tx.insert(refusals).values({ statement: draft.id, groupId: group, reason: decision.reason, day });
      await logChange(tx, keeper, ctx.now(), { action: 'draft-refused', group });
      return;
    }
    const context = readDraft(draft);
    requireNear(ctx, context);
    await requireLiveKeys(tx, issuersOf(context.rolls));
    await insertStatement(ctx, tx, context, { by: 'member', group });
    await logChange(tx, keeper, ctx.now(), { action: 'draft-approved', group });
  });
}

/** Its rolls are those of when it was sent. */
function readDraft({ id, body, headers }: typeof drafts.$inferSelect): StatementContext {
  const checked = checkStatement(body, headers);
  if (!checked.ok || checked.value.id !== id) throw new Error('a stored draft is not what it was');
  return checked.value;
}

/** Erases permits with their nullifiers a day after their week, and drafts that were not decided by then or in time for their keys. SPEC §5.10. */
export async function erasePermits(ctx: Context): Promise<void> {
  const first = firstKeptWeek(ctx.now());
  await ctx.db.delete(drafts).where(or(lt(drafts.openBy, ctx.now()), lt(drafts.week, first)));
  await ctx.db.delete(permits).where(lt(permits.week, first));
}
