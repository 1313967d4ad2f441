import 'server-only';
import { sizeOf } from '#lib/protocol/reveal/wave-content.ts';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { type FollowedWave, followBoard } from '../board/follower.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { LARGEST } from '../http/body.ts';
import { judgeKey } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';
import { receiveBytes } from '../threads/receive-message.ts';
import { acceptReceived } from './accept.ts';
import { acceptMix, isMix } from './accept-mix.ts';
import { findWave } from './load-chains.ts';
import { readEnvelope } from './read-envelope.ts';
import type { Taken } from './store.ts';

/** Bytes of one item in a step: two points of a list, three of its proof, and two responses. Of one in an opening: a point. */
const ITEM_BYTES = { mix: 1_200, opening: 200 } as const;
/** Signatures of long messages about one statement that are checked or wait for it. */
const SIGNATURES_AT_ONCE = 4;

/**
 * The most bytes that are read of a message about a statement: a step of the largest wave that is due and not opened, and little where
 * there is none, so that a stranger cannot fill the memory in the name of members who may never sign. `declared` is how many are
 * announced, if that is known. SPEC §13. @throws AppError UNKNOWN_STATEMENT
 */
export async function largestMessage(ctx: Context, id: string, declared: number | null): Promise<number> {
  const { context } = await loadStatement(ctx, id);
  if (declared !== null && declared <= LARGEST.message) return LARGEST.message;
  const key = await judgeKey(ctx, context);
  if (key.status !== 'keyed' || ctx.now() >= destructionTime(context.statement)) return LARGEST.message;
  const { waves } = await followBoard(ctx, context, key);
  return waves.reduce((most, wave) => Math.max(most, largestOf(wave, 'mix')), LARGEST.message);
}

function largestOf({ wave }: FollowedWave, kind: keyof typeof ITEM_BYTES): number {
  return LARGEST.message + ITEM_BYTES[kind] * (wave ? sizeOf(wave) : 0);
}

/** Takes a message as it came over the wire. As `acceptMessage`, and @throws AppError NOT_JSON, BUSY */
export async function acceptMessageBytes(ctx: Context, id: string, bytes: Uint8Array): Promise<Taken> {
  const { context } = await loadStatement(ctx, id);
  if (isMix(bytes)) return acceptMix(ctx, context, bytes);
  if (bytes.length > LARGEST.message) return acceptLong(ctx, context, bytes);
  return acceptReceived(ctx, context, requireOk(receiveBytes(context, bytes)));
}

/**
 * A long opening is only taken apart once its author is known to have made it, and that is found out by looking at its ends and
 * hashing it, which costs less than to send it: whoever else sends such messages keeps nobody waiting but those who do the same.
 * After that its author has one thing at a time done.
 */
async function acceptLong(ctx: Context, context: StatementContext, bytes: Uint8Array): Promise<Taken> {
  const { id, statement } = context;
  const { trustee, wave, content, signature, signed, ...envelope } = requireOk(readEnvelope(bytes));
  if (envelope.statement !== id) throw new AppError('OTHER_STATEMENT');
  const author = statement.committee.trustees[trustee - 1];
  if (!author) throw new AppError('UNKNOWN_TRUSTEE');
  if (bytes.length > largestOf(await findWave(ctx, context, { wave, content }), 'opening')) throw new AppError('BODY_TOO_LARGE');
  const isAuthors = await ctx.slots.hold(id, SIGNATURES_AT_ONCE, () =>
    ctx.strangers.run('checkSignature', { key: author.key, signature, signed }),
  );
  if (!isAuthors) throw new AppError('TRUSTEE_SIGNATURE');
  return ctx.slots.hold(`${id}/${trustee}`, 1, async () => {
    const received = await ctx.threads.run('receiveMessage', { context: { id, statement }, bytes });
    return acceptReceived(ctx, context, requireOk(received));
  });
}
