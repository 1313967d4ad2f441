import 'server-only';
import { createHash } from 'node:crypto';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { followBoard } from '../board/follower.ts';
import { listOpeners } from '../board/openings.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { LARGEST } from '../http/body.ts';
import { judgeKey } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';
import { receiveBytes } from '../threads/receive-message.ts';
import { acceptReceived, findWave } from './accept.ts';
import { findEarlier } from './find-earlier.ts';
import { readEnvelope } from './read-envelope.ts';

/** Of one partial opening as JSON, and some more. */
const PARTIAL_BYTES = 200;
/** Signatures of long messages about one statement that are checked or wait for it. */
const SIGNATURES_AT_ONCE = 4;

/**
 * The most bytes that are read of a message about a statement: an opening of the largest wave that a trustee has yet to open, and
 * little where there is none, so that a stranger cannot fill the memory in the name of members who may never sign. `declared` is how
 * many are announced, if that is known. SPEC §13.
 * @throws AppError UNKNOWN_STATEMENT, MESSAGE_CONFLICT for the length of an opening that all have sent
 */
export async function largestMessage(ctx: Context, id: string, declared: number | null): Promise<number> {
  const { context } = await loadStatement(ctx, id);
  if (declared !== null && declared <= LARGEST.message) return LARGEST.message;
  const key = await judgeKey(ctx, context);
  if (key.status !== 'keyed' || ctx.now() >= destructionTime(context.statement)) return LARGEST.message;
  const [{ waves }, openers] = await Promise.all([followBoard(ctx, context), listOpeners(ctx.db, id)]);
  const trustees = context.statement.committee.trustees.length;
  const missing = waves.filter(({ number }) => (openers.get(number)?.length ?? 0) < trustees);
  const largest = largestOf(missing);
  if (declared !== null && declared > largest && declared <= largestOf(waves)) throw new AppError('MESSAGE_CONFLICT');
  return largest;
}

function largestOf(waves: readonly { items: readonly unknown[] }[]): number {
  return waves.reduce((most, { items }) => Math.max(most, LARGEST.message + PARTIAL_BYTES * items.length), LARGEST.message);
}

/** Takes a message as it came over the wire. As `acceptMessage`, and @throws AppError NOT_JSON, BUSY */
export async function acceptMessageBytes(ctx: Context, id: string, bytes: Uint8Array): Promise<{ isNew: boolean }> {
  const { context } = await loadStatement(ctx, id);
  if (bytes.length > LARGEST.message) return acceptLong(ctx, context, bytes);
  return acceptReceived(ctx, context, requireOk(receiveBytes(context, bytes)));
}

/**
 * A long message is only taken apart once its author is known to have made it, and that is found out by looking at its ends and
 * hashing it, which costs less than to send it: whoever else sends such messages keeps nobody waiting but those who do the same.
 * After that its author has one thing at a time done.
 */
async function acceptLong(ctx: Context, context: StatementContext, bytes: Uint8Array): Promise<{ isNew: boolean }> {
  const { id, statement } = context;
  const { trustee, wave, signature, signed, ...envelope } = requireOk(readEnvelope(bytes));
  if (envelope.statement !== id) throw new AppError('OTHER_STATEMENT');
  const author = statement.committee.trustees[trustee - 1];
  if (!author) throw new AppError('UNKNOWN_TRUSTEE');
  const earlier = await findEarlier(ctx.db, { statement: id, type: 'opening', trustee, slot: wave });
  if (earlier.length > 0) {
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (earlier.some((row) => row.hash === hash)) return { isNew: false };
    if (earlier.some((row) => !row.evidence)) throw new AppError('MESSAGE_CONFLICT');
  }
  const { items } = await findWave(ctx, context, { wave });
  if (bytes.length > largestOf([{ items }])) throw new AppError('BODY_TOO_LARGE');
  const isAuthors = await ctx.slots.hold(id, SIGNATURES_AT_ONCE, () =>
    ctx.strangers.run('checkSignature', { key: author.key, signature, signed }),
  );
  if (!isAuthors) throw new AppError('TRUSTEE_SIGNATURE');
  return ctx.slots.hold(`${id}/${trustee}`, 1, async () => {
    const received = await ctx.threads.run('receiveMessage', { context: { id, statement }, bytes });
    return acceptReceived(ctx, context, requireOk(received));
  });
}
