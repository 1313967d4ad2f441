import 'server-only';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { LARGEST } from '../http/body.ts';
import { loadStatement } from '../statements/load.ts';
import { receiveBytes } from '../threads/receive-message.ts';
import { acceptReceived } from './accept.ts';
import { acceptMix, isMix } from './accept-mix.ts';
import { requireSize } from './largest-message.ts';
import { findWave } from './load-chains.ts';
import { readEnvelope } from './read-envelope.ts';
import { findReceipt, type Taken } from './store.ts';

/** Signatures of long messages about one statement that are checked or wait for it. */
const SIGNATURES_AT_ONCE = 4;

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
  requireSize(await findWave(ctx, context, { wave, content }), 'opening', bytes);
  const hash = await ctx.slots.hold(id, SIGNATURES_AT_ONCE, () =>
    ctx.strangers.run('checkSignature', { key: author.key, signature, signed }),
  );
  if (hash === null) throw new AppError('TRUSTEE_SIGNATURE');
  const known = await findReceipt(ctx, context, hash); // openings become public: anybody may send one again
  if (known) return known;
  return ctx.slots.hold(`${id}/${trustee}`, 1, async () => {
    const received = await ctx.threads.run('receiveMessage', { context: { id, statement }, bytes });
    return acceptReceived(ctx, context, requireOk(received));
  });
}
