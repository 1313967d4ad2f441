import 'server-only';
import type { Database } from '#db/client.ts';
import { LARGEST_INTEGER } from '#db/columns.ts';
import { sql } from '#db/drizzle.cjs';
import type { Cosignature } from '#lib/protocol/board/cosignature.ts';
import { findMissingMessages } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import { checkDestroyed, type Destroyed } from '#lib/protocol/reveal/destruction.ts';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { forgetLoss, hasCheckpoint, noteLoss } from '../board/loss.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { judgeListedKey, listKeyMessages, requireKeyed } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';
import { type MessageHead, type OpeningHead, type Received, receiveMessage } from '../threads/receive-message.ts';
import { SHORT_AT_ONCE } from './accept-mix.ts';
import { acceptOpening } from './accept-opening.ts';
import { findReceipt, judgeContradiction, storeMessage, type Taken } from './store.ts';

/**
 * Takes what a trustee says about a statement, from whoever brings it. The same message again changes nothing and gets the same
 * receipt. One that contradicts an earlier one of its author is kept as evidence, once, and never counted. SPEC §2.2, §13.
 */
export async function acceptMessage(ctx: Context, id: string, value: unknown): Promise<Taken> {
  const { context } = await loadStatement(ctx, id);
  return acceptReceived(ctx, context, requireOk(receiveMessage(context, value)));
}

/** The same for a message whose shape, author and signature hold. @throws AppError BAD_SHAPE for a step without its lists */
export async function acceptReceived(ctx: Context, context: StatementContext, { message, body, hash }: Received): Promise<Taken> {
  const known = await findReceipt(ctx, context, hash);
  if (known) return known;
  if (message.type === 'mix') throw new AppError('BAD_SHAPE', 'a step of a mix is sent as lines, with its lists');
  if (message.type === 'opening')
    // By author: whoever sends openings that do not hold keeps only itself waiting.
    return ctx.slots.hold(`${context.id}/${message.trustee}`, SHORT_AT_ONCE, () => acceptOpening(ctx, context, { message, body, hash }));
  return storeMessage(ctx, context, { message, hash, body: sql`${body}` }, async (tx, earlier) => {
    const evidence = judgeContradiction(earlier);
    await requireTimely(ctx, tx, context, message);
    if (message.type === 'cosignature') await judgeCheckpoint(tx, message, evidence);
    return evidence;
  });
}

/** Whether now is the time for a message of its kind. */
async function requireTimely(
  ctx: Context,
  db: Database,
  context: StatementContext,
  message: Exclude<MessageHead, OpeningHead | { type: 'mix' }>,
): Promise<void> {
  if (message.type === 'destroyed') return void requireOk(checkDestroyed(context, message as Destroyed));
  if (message.type === 'cosignature') {
    await requireKeyed(ctx, context, db);
    if (ctx.now() >= destructionTime(context.statement)) throw new AppError('STATEMENT_ENDED');
    return;
  }
  return requireKeying(ctx, db, context, message);
}

async function requireKeying(ctx: Context, db: Database, context: StatementContext, message: KeyMessage): Promise<void> {
  const messages = await listKeyMessages(db, context.id);
  const key = judgeListedKey(ctx, context, messages);
  // n equal confirms make the key, whatever else was said, so confirms count also after an abort.
  const mayStillMatter = key.status === 'waiting' || (key.status === 'aborted' && message.type === 'confirm');
  if (!mayStillMatter || ctx.now() > context.statement.openBy) throw new AppError('KEYING_OVER');
  // Taken only after the messages that it follows, so that a record never lacks one. SPEC §7.5.
  if (findMissingMessages(context, [...messages, message]).length > 0) throw new AppError('MESSAGE_EARLY');
}

/**
 * A checkpoint that is not there has been lost, or never was: its cosignature is kept once, to show that. @throws AppError
 * UNKNOWN_CHECKPOINT
 */
async function judgeCheckpoint(tx: Database, cosignature: Cosignature, isContradiction: boolean): Promise<void> {
  if (cosignature.number > LARGEST_INTEGER) throw new AppError('UNKNOWN_CHECKPOINT');
  if (await hasCheckpoint(tx, cosignature)) return forgetLoss(tx, cosignature);
  if (isContradiction) return;
  if (!(await noteLoss(tx, cosignature.statement, cosignature.trustee))) throw new AppError('UNKNOWN_CHECKPOINT');
}
