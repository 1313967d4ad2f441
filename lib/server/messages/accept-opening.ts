import 'server-only';
import { sql } from '#db/drizzle.cjs';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { chainTo, isComplete } from '#lib/protocol/reveal/chain.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { totalOf } from '#lib/protocol/statement/trigger.ts';
import { revealNames } from '../board/reveal-names.ts';
import { revealWave } from '../board/reveal-wave.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { requireKeyed } from '../statements/judge-key.ts';
import type { OpeningHead, Received } from '../threads/receive-message.ts';
import { findWave, loadChains, loadLists, wantStep } from './load-chains.ts';
import { findEarlier, storeMessage, type Taken } from './store.ts';

/** Names among so many members are read before the answer; others are left to the clock. */
const MEMBERS_AT_ONCE = 1_000;

type ReceivedOpening = Omit<Received, 'message'> & { message: OpeningHead };

/**
 * Takes an opening of a complete chain that stands here. One that does not hold is kept as evidence, once; a second lead is kept
 * beside the first, for both are valid openings and name their author. With the k-th of one chain the wave is public. SPEC §10.7.
 */
export async function acceptOpening(ctx: Context, context: StatementContext, { message, body, hash }: ReceivedOpening): Promise<Taken> {
  const wave = await findWave(ctx, context, message);
  const chains = await loadChains(ctx.db, context, wave);
  if (!isComplete(chains, chainTo(chains, message.mix))) {
    wantStep(ctx, context.id, message.mix);
    throw new AppError('MESSAGE_EARLY');
  }
  requireRoom(context, await findEarlier(ctx.db, context.id, message), message);
  const keyed = await requireKeyed(ctx, context);
  const holds = await ctx.threads.run('checkOpening', {
    statement: context.id,
    verificationKeys: keyed.verificationKeys.map(formatPoint),
    wave: wave.number,
    content: wave.content,
    mix: message.mix,
    lists: await loadLists(ctx.db, context.id, message.mix),
    opening: body,
  });
  const taken = await storeMessage(ctx, context, { message, hash, body: sql`${body}` }, async (_, earlier) => {
    requireRoom(context, earlier, message);
    if (!holds && earlier.some(({ evidence }) => evidence)) throw new AppError('MESSAGE_CONFLICT');
    return !holds;
  });
  const isRevealed = taken.isNew && holds && (await revealWave(ctx, context, wave));
  if (isRevealed && totalOf(context.sizes) <= MEMBERS_AT_ONCE) await revealNames(ctx, context);
  return taken;
}

/** One opening for each author and chain; of chains an author opens no more than one that it led and one for each other leader. */
function requireRoom(
  { statement }: StatementContext,
  earlier: readonly { subject: string | null; evidence: boolean }[],
  { mix }: OpeningHead,
): void {
  const valid = earlier.filter(({ evidence }) => !evidence);
  const isFull = valid.length > statement.committee.trustees.length;
  if (isFull || valid.some(({ subject }) => subject === mix)) throw new AppError('MESSAGE_CONFLICT');
}
