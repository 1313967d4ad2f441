import 'server-only';
import { eq, max } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { statements, trusteeMessages } from '#db/schema.ts';
import type { Cosignature } from '#lib/protocol/board/board.ts';
import { findMissingMessages } from '#lib/protocol/key/key-judgement.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { checkDestroyed } from '#lib/protocol/reveal/destruction.ts';
import type { Wave } from '#lib/protocol/reveal/opening.ts';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { followBoard } from '../board/follower.ts';
import { forgetLoss, hasCheckpoint, noteLoss } from '../board/loss.ts';
import { revealNames } from '../board/reveal-names.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { judgeListedKey, listKeyMessages, requireKeyed } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';
import { type OpeningHead, type Received, receiveMessage } from '../threads/receive-message.ts';
import { findEarlier } from './find-earlier.ts';

const LARGEST_NUMBER = 2 ** 31 - 1;
/** Names that are computed before the answer; more are left to the clock. */
const NAMES_AT_ONCE = 200;

/**
 * Takes what a trustee says about a statement, from whoever brings it. The same message again changes nothing. One that
 * contradicts an earlier one of its author is refused, but two of a kind are kept as evidence and never counted: a second
 * cosignature of one number, and an opening that does not hold. `isNew` is false for a repetition. SPEC §2.2, §13.
 */
export async function acceptMessage(ctx: Context, id: string, value: unknown): Promise<{ isNew: boolean }> {
  const { context } = await loadStatement(ctx, id);
  return acceptReceived(ctx, context, requireOk(receiveMessage(context, value)));
}

/** The same for a message whose shape, author and signature hold. */
export async function acceptReceived(
  ctx: Context,
  context: StatementContext,
  { message, body, hash }: Received,
): Promise<{ isNew: boolean }> {
  const about = { ...message, slot: slotOf(message) };
  if ((await findEarlier(ctx.db, about)).some((row) => row.hash === hash)) return { isNew: false };
  const wave = message.type === 'opening' ? await findWave(ctx, context, message) : null;
  const holds = wave === null || (await isOpeningTrue(ctx, context, wave, body)); // slow: before the lock

  const isNew = await ctx.db.transaction(async (tx) => {
    // One message at a time: the cursors of a statement have no gaps, and its state does not change between look and write.
    await tx.select({ id: statements.id }).from(statements).where(eq(statements.id, context.id)).for('no key update');
    const earlier = await findEarlier(tx, about);
    if (earlier.some((row) => row.hash === hash)) return false;
    const evidence = judgeConflict(message, earlier, holds);
    await requireTimely(ctx, tx, context, message, ctx.now());
    if (message.type === 'cosignature') await judgeCheckpoint(tx, message, evidence);
    const [last] = await tx
      .select({ cursor: max(trusteeMessages.cursor) })
      .from(trusteeMessages)
      .where(eq(trusteeMessages.statement, context.id));
    const { type, trustee } = message;
    const checkpoint = type === 'cosignature' ? message.checkpoint : null;
    const row = {
      statement: context.id,
      cursor: (last?.cursor ?? 0) + 1,
      type,
      trustee,
      slot: about.slot,
      hash,
      checkpoint,
      evidence,
      body,
    };
    await tx.insert(trusteeMessages).values(row);
    return true;
  });
  if (isNew && holds && wave && wave.items.length <= NAMES_AT_ONCE) await revealNames(ctx, context);
  return { isNew };
}

/** What a message is about, where its author may send several of its kind. */
function slotOf(message: Received['message']): number {
  if (message.type === 'complaint') return message.dealer;
  if (message.type === 'cosignature') return message.number;
  return message.type === 'opening' ? message.wave : 0;
}

/** Whether a message is kept as evidence only. @throws AppError MESSAGE_CONFLICT */
function judgeConflict(message: Received['message'], earlier: readonly { evidence: boolean }[], holds: boolean): boolean {
  const isContradiction = message.type === 'cosignature' && earlier.length > 0;
  const evidence = isContradiction || !holds;
  if (earlier.some((row) => row.evidence === evidence)) throw new AppError('MESSAGE_CONFLICT');
  return evidence;
}

/** Whether now is the time for a message of its kind. */
async function requireTimely(
  ctx: Context,
  db: Database,
  context: StatementContext,
  message: Received['message'],
  now: number,
): Promise<void> {
  if (message.type === 'destroyed') return void requireOk(checkDestroyed(context, message));
  if (message.type === 'cosignature' || message.type === 'opening') {
    await requireKeyed(ctx, context, db);
    if (now >= destructionTime(context.statement)) throw new AppError('STATEMENT_ENDED');
    return;
  }
  const messages = await listKeyMessages(db, context.id);
  const key = judgeListedKey(ctx, context, messages);
  // n equal confirms make the key, whatever else was said, so confirms count also after an abort.
  const mayStillMatter = key.status === 'waiting' || (key.status === 'aborted' && message.type === 'confirm');
  if (!mayStillMatter || now > context.statement.openBy) throw new AppError('KEYING_OVER');
  // Taken only after the messages that it follows, so that a record never lacks one. SPEC §7.5.
  const missing = findMissingMessages(context, [...messages, message]);
  if (missing.length > 0) throw new AppError('MESSAGE_EARLY');
}

/** A checkpoint that is not there has been lost, or never was: its cosignature is kept once, to show that. @throws AppError UNKNOWN_CHECKPOINT */
async function judgeCheckpoint(tx: Database, cosignature: Cosignature, isContradiction: boolean): Promise<void> {
  if (cosignature.number > LARGEST_NUMBER) throw new AppError('UNKNOWN_CHECKPOINT');
  if (await hasCheckpoint(tx, cosignature)) return forgetLoss(tx, cosignature);
  if (isContradiction) return;
  if (!(await noteLoss(tx, cosignature.statement, cosignature.trustee))) throw new AppError('UNKNOWN_CHECKPOINT');
}

/** @throws AppError UNKNOWN_WAVE while no final checkpoint opens the wave, STATEMENT_ENDED */
export async function findWave(ctx: Context, context: StatementContext, opening: Pick<OpeningHead, 'wave'>): Promise<Wave> {
  await requireKeyed(ctx, context);
  if (ctx.now() >= destructionTime(context.statement)) throw new AppError('STATEMENT_ENDED');
  const { waves } = await followBoard(ctx, context);
  const found = waves[opening.wave - 1];
  if (!found) throw new AppError('UNKNOWN_WAVE');
  const { number, checkpoint, items } = found;
  return { number, checkpoint, items };
}

async function isOpeningTrue(ctx: Context, context: StatementContext, wave: Wave, opening: string): Promise<boolean> {
  const { verificationKeys } = await requireKeyed(ctx, context);
  const keys = verificationKeys.map(formatPoint);
  return ctx.threads.run('checkOpening', { statement: context.id, verificationKeys: keys, wave, opening });
}
