import 'server-only';
import { sql } from '#db/drizzle.cjs';
import { mixLists } from '#db/schema/messages.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { checkPlace, mayTake } from '#lib/protocol/reveal/chain.ts';
import { type Mix, mixHash } from '#lib/protocol/reveal/mix.ts';
import { parseMixHead } from '#lib/protocol/reveal/mix-lines.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { FollowedWave } from '../board/follower.ts';
import { loadWaveEntries } from '../board/wave-entries.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { LARGEST } from '../http/body.ts';
import { requireKeyed } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';
import type { Jobs } from '../threads/jobs.ts';
import { decodeUtf8 } from '../threads/receive-message.ts';
import { requireSize } from './largest-message.ts';
import { findWave, loadChains, loadLists, wantStep } from './load-chains.ts';
import { findReceipt, storeMessage, type Taken } from './store.ts';

const LINE_FEED = 0x0a;
/** The longest first line that is looked at: a mix of 64 groups takes 13 KB. */
const LONGEST_HEAD = 32_768;
/** Signed steps and openings of one trustee about one statement that are checked or wait for it, where they are short: small waves come side by side. */
export const SHORT_AT_ONCE = 4;

/** Whether a body begins with a line of its own: that is how a step comes, and nothing else does. */
export function isMix(bytes: Uint8Array): boolean {
  return bytes.subarray(0, LONGEST_HEAD).includes(LINE_FEED);
}

/** Judges the author of a step by its first line, while its lists are still on the way. @throws AppError as `acceptMix` */
export async function judgeMixAuthor(ctx: Context, id: string, line: Uint8Array): Promise<void> {
  if (line.length < LONGEST_HEAD) requireOk(parseMixHead((await loadStatement(ctx, id)).context, decodeUtf8(line) ?? ''));
}

/**
 * Takes a step of a mix: the mix, then its lists, each a line. Author, signature, wave and place are judged by the first line, before
 * a list is read; the proofs are checked in a thread. A step that does not hold is kept as evidence, once. SPEC §10.5, §10.6.
 */
export async function acceptMix(ctx: Context, context: StatementContext, bytes: Uint8Array): Promise<Taken> {
  const end = bytes.indexOf(LINE_FEED);
  const mix = requireOk(parseMixHead(context, decodeUtf8(bytes.subarray(0, end)) ?? ''));
  const [hash, body] = [mixHash(mix), canonicalJson(mix)];
  const known = await findReceipt(ctx, context, hash);
  if (known) return known;
  const wave = await findWave(ctx, context, mix);
  requireSize(wave, 'mix', bytes);
  await requirePlace(ctx, context, wave, mix, hash);
  // By author: whoever sends steps that do not hold keeps only itself waiting.
  const most = bytes.length > LARGEST.message ? 1 : SHORT_AT_ONCE;
  return ctx.slots.hold(`${context.id}/${mix.trustee}`, most, async () => {
    const checked = await ctx.threads.run('checkMix', await describeStep(ctx, context, wave, mix, readLines(bytes.subarray(end + 1), mix)));
    if (!checked.ok && checked.code !== 'MIX_PROOF' && checked.code !== 'BAD_POINT') throw new AppError(checked.code);
    return storeMessage(
      ctx,
      context,
      { message: mix, hash, body: sql`${body}` },
      async (_, earlier) => {
        const isRepeated = earlier.some((row) => row.evidence && row.step === mix.step);
        if (!checked.ok && isRepeated) throw new AppError('MESSAGE_CONFLICT');
        return !checked.ok;
      },
      async (tx) => {
        if (!checked.ok) return;
        const rows = checked.value.map((list) => ({ statement: context.id, hash: list.hash, body: sql`${list.body}` }));
        await tx.insert(mixLists).values(rows).onConflictDoNothing(); // two steps of one author may share a list
      },
    );
  });
}

async function requirePlace(ctx: Context, context: StatementContext, wave: FollowedWave, mix: Mix, hash: string): Promise<void> {
  const chains = await loadChains(ctx.db, context, wave);
  if (!checkPlace(chains, mix).ok) {
    wantStep(ctx, context.id, mix.previous);
    throw new AppError('MESSAGE_EARLY');
  }
  const isWanted = ctx.memo.wanted.get(`${context.id}/${hash}`) ?? false;
  if (!mayTake(chains, { hash, trustee: mix.trustee, step: mix.step }, isWanted)) throw new AppError('MESSAGE_CONFLICT');
}

function readLines(bytes: Uint8Array, mix: Mix): string[] {
  const text = decodeUtf8(bytes);
  const lines = text?.split('\n') ?? [];
  if (lines.pop() !== '' || lines.length !== mix.lists.length) throw new AppError('BAD_SHAPE', 'a step has a line for each of its lists');
  return lines;
}

async function describeStep(
  ctx: Context,
  context: StatementContext,
  { number, content, wave }: FollowedWave,
  mix: Mix,
  lists: string[],
): Promise<Jobs['checkMix']['input']> {
  const { key } = await requireKeyed(ctx, context);
  if (!wave) throw new AppError('STATEMENT_ENDED');
  const inputs =
    mix.step === 1
      ? { wave, entries: await loadWaveEntries(ctx.db, context.id, wave) }
      : { lists: await loadLists(ctx.db, context.id, mix.previous) };
  return { statement: context.id, key: formatPoint(key), wave: number, content, mix, lists, inputs };
}
