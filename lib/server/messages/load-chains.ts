import 'server-only';
import type { Database } from '#db/client.ts';
import { LARGEST_INTEGER } from '#db/columns.ts';
import { and, asc, eq, inArray, sql } from '#db/drizzle.cjs';
import { mixLists, trusteeMessages } from '#db/schema/messages.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { addStep, type ChainOpening, type Chains, createChains } from '#lib/protocol/reveal/chain.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { type FollowedWave, followBoard, loadWave } from '../board/follower.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { requireKeyed } from '../statements/judge-key.ts';

/**
 * The wave of a number and content, while it may be mixed and opened.
 * @throws AppError UNKNOWN_WAVE while no final checkpoint calls for it, STATEMENT_ENDED
 */
export async function findWave(ctx: Context, context: StatementContext, about: { wave: number; content: Hex32 }): Promise<FollowedWave> {
  const keyed = await requireKeyed(ctx, context);
  if (ctx.now() >= destructionTime(context.statement)) throw new AppError('STATEMENT_ENDED');
  if (about.wave > LARGEST_INTEGER) throw new AppError('UNKNOWN_WAVE');
  // Waves never change, and of thousands side by side only one is asked for.
  let found = await loadWave(ctx.db, context.id, about.wave);
  if (!found) {
    await followBoard(ctx, context, keyed);
    found = await loadWave(ctx.db, context.id, about.wave);
  }
  if (found?.content !== about.content) throw new AppError('UNKNOWN_WAVE');
  return found;
}

/** The steps of a wave that hold. Each was checked when it was taken, after the one before it. */
export async function loadChains(
  db: Database,
  { id, statement }: StatementContext,
  wave: Pick<FollowedWave, 'number' | 'content'>,
): Promise<Chains> {
  const { trustees, threshold } = statement.committee;
  const { hash, trustee, step, subject, evidence } = trusteeMessages;
  const rows = await db
    .select({ hash, trustee, step, previous: subject })
    .from(trusteeMessages)
    .where(
      and(eq(trusteeMessages.statement, id), eq(trusteeMessages.slot, wave.number), eq(trusteeMessages.type, 'mix'), eq(evidence, false)),
    )
    .orderBy(asc(step), asc(trusteeMessages.cursor));
  const none = createChains({ content: wave.content, threshold, keys: trustees.map(({ key }) => key) });
  return rows.reduce(
    (chains, row) => addStep(chains, { hash: row.hash, trustee: row.trustee, step: row.step as number, previous: row.previous as Hex32 }),
    none,
  );
}

/** The openings of a wave that hold, in the order in which they came. */
export async function loadOpenings(db: Database, id: Hex32, wave: number): Promise<ChainOpening[]> {
  const { trustee, subject, cursor, body, evidence } = trusteeMessages;
  const rows = await db
    .select({ trustee, mix: subject, lead: sql<boolean>`left(${body}, 128) like '%"lead":true,%'` })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(trusteeMessages.slot, wave), eq(trusteeMessages.type, 'opening'), eq(evidence, false)))
    .orderBy(asc(cursor));
  return rows.map((row) => ({ trustee: row.trustee, mix: row.mix as Hex32, lead: row.lead }));
}

/** The lists that a step made, in the order of the step, as text. @throws Error for a step that is not there, or does not hold */
export async function loadLists(db: Database, id: Hex32, mix: Hex32): Promise<string[]> {
  const [row] = await db
    .select({ body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(trusteeMessages.hash, mix)));
  if (row?.body.type !== 'mix') throw new Error('a step is not there');
  return loadTextsOfLists(
    db,
    id,
    row.body.lists.map(({ list }) => list),
  );
}

/** Lists by their hashes, as text. @throws Error where one is not there: of a step that does not hold none is kept */
export async function loadTextsOfLists(db: Database, id: Hex32, hashes: readonly Hex32[]): Promise<string[]> {
  const rows = await db
    .select({ hash: mixLists.hash, body: sql<string>`${mixLists.body}` })
    .from(mixLists)
    .where(and(eq(mixLists.statement, id), inArray(mixLists.hash, [...hashes])));
  const found = new Map(rows.map(({ hash, body }) => [hash, body]));
  return hashes.map((hash) => {
    const list = found.get(hash);
    if (list === undefined) throw new Error('a list of a step is not there');
    return list;
  });
}

/**
 * Notes that a trustee builds on a step, or opens it, that is not here: it is read when it comes, also where its author has made two
 * others (SPEC §10.6). To forget it costs its sender another try.
 */
export function wantStep(ctx: Context, id: Hex32, mix: Hex32): void {
  ctx.memo.wanted.set(`${id}/${mix}`, true);
}
