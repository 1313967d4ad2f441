import 'server-only';
import { and, eq, max } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { checkpoints, statements, trusteeMessages } from '../../../db/schema.ts';
import { checkDestroyed } from '../../protocol/destruction.ts';
import type { Hex32 } from '../../protocol/hash.ts';
import { findMissingMessages } from '../../protocol/key-judgement.ts';
import type { Wave } from '../../protocol/opening.ts';
import { formatPoint } from '../../protocol/point.ts';
import { destructionTime, type StatementContext } from '../../protocol/statement.ts';
import { followBoard } from '../board/follower.ts';
import { revealNames } from '../board/reveal-names.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { judgeKey, judgeListedKey, listKeyMessages, requireKeyed } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';
import { type OpeningHead, type Received, receiveBytes, receiveMessage } from '../threads/receive-message.ts';

const LARGEST_NUMBER = 2 ** 31 - 1;
/** Names that are computed before the answer; more are left to the clock. */
const NAMES_AT_ONCE = 200;
const SMALL_BYTES = 256 * 1024;
/** Of one partial opening as JSON, and some more. */
const PARTIAL_BYTES = 200;

/**
 * The most bytes that are read of a message about a statement: an opening of the largest wave that there is, and little where there
 * is none, so that a stranger cannot fill the memory in the name of members who may never sign. `declared` is how many are
 * announced, if that is known. @throws AppError UNKNOWN_STATEMENT
 */
export async function largestMessage(ctx: Context, id: string, declared: number | null): Promise<number> {
  const { context } = await loadStatement(ctx, id);
  if (declared !== null && declared <= SMALL_BYTES) return SMALL_BYTES;
  const key = await judgeKey(ctx, context);
  if (key.status !== 'keyed' || ctx.now() >= destructionTime(context.statement)) return SMALL_BYTES;
  const { waves } = await followBoard(ctx, context);
  return waves.reduce((most, { items }) => Math.max(most, SMALL_BYTES + PARTIAL_BYTES * items.length), SMALL_BYTES);
}

/** Takes a message as it came over the wire; what is long is read in a thread. As `acceptMessage`, and @throws AppError NOT_JSON */
export async function acceptMessageBytes(ctx: Context, id: string, bytes: Uint8Array): Promise<{ isNew: boolean }> {
  const { context } = await loadStatement(ctx, id);
  if (bytes.length <= SMALL_BYTES) return acceptReceived(ctx, context, requireOk(receiveBytes(context, bytes)));
  const { statement } = context;
  const received = await ctx.threads.run('receiveMessage', { context: { id: context.id, statement }, bytes });
  return acceptReceived(ctx, context, requireOk(received));
}

/**
 * Takes what a trustee says about a statement, from whoever brings it. The same message again changes nothing. One that
 * contradicts an earlier one of its author is refused, but two of a kind are kept as evidence and never counted: a second
 * cosignature of one number, and an opening that does not hold. `isNew` is false for a repetition. SPEC §2.2, §13.
 */
export async function acceptMessage(ctx: Context, id: string, value: unknown): Promise<{ isNew: boolean }> {
  const { context } = await loadStatement(ctx, id);
  return acceptReceived(ctx, context, requireOk(receiveMessage(context, value)));
}

async function acceptReceived(ctx: Context, context: StatementContext, { message, body, hash }: Received): Promise<{ isNew: boolean }> {
  if ((await findEarlier(ctx.db, message)).some((row) => row.hash === hash)) return { isNew: false };
  const wave = message.type === 'opening' ? await findWave(ctx, context, message) : null;
  const holds = wave === null || (await isOpeningTrue(ctx, context, wave, body)); // slow: before the lock

  const isNew = await ctx.db.transaction(async (tx) => {
    // One message at a time: the cursors of a statement have no gaps, and its state does not change between look and write.
    await tx.select({ id: statements.id }).from(statements).where(eq(statements.id, context.id)).for('no key update');
    const earlier = await findEarlier(tx, message);
    if (earlier.some((row) => row.hash === hash)) return false;
    const evidence = judgeConflict(message, earlier, holds);
    await requireTimely(ctx, tx, context, message, ctx.now());
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
      slot: slotOf(message),
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

function findEarlier(db: Database, message: Received['message']): Promise<{ hash: Hex32; evidence: boolean }[]> {
  const { statement, type, trustee } = message;
  return db
    .select({ hash: trusteeMessages.hash, evidence: trusteeMessages.evidence })
    .from(trusteeMessages)
    .where(
      and(
        eq(trusteeMessages.statement, statement),
        eq(trusteeMessages.type, type),
        eq(trusteeMessages.trustee, trustee),
        eq(trusteeMessages.slot, slotOf(message)),
      ),
    );
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
    if (message.type === 'cosignature') await requireCheckpoint(db, context.id, message.number);
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

async function requireCheckpoint(db: Database, id: Hex32, number: number): Promise<void> {
  if (number > LARGEST_NUMBER) throw new AppError('UNKNOWN_CHECKPOINT');
  const isIt = and(eq(checkpoints.statement, id), eq(checkpoints.number, number));
  const found = await db.select({ number: checkpoints.number }).from(checkpoints).where(isIt);
  if (found.length === 0) throw new AppError('UNKNOWN_CHECKPOINT');
}

/** @throws AppError UNKNOWN_WAVE while no final checkpoint opens the wave, STATEMENT_ENDED */
async function findWave(ctx: Context, context: StatementContext, opening: OpeningHead): Promise<Wave> {
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
