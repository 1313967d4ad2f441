import 'server-only';
import { and, asc, count, eq, isNull, lte } from '#db/drizzle.cjs';
import { type StoredSeal, statements } from '#db/schema/board.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { streamRecord } from '../record/stream.ts';

/** How many lines a record has before its last, and their hash: the same in every copy. SPEC §12.1. */
export type RecordSeal = StoredSeal;

/**
 * What identifies the record of a statement to which nothing can come any more. It is computed by the clock, never for whoever
 * looks: to write a record takes as long as the board is large.
 * @returns null before that
 */
export async function findRecordSeal(ctx: Context, { id }: { id: Hex32 }): Promise<RecordSeal | null> {
  const [row] = await ctx.db.select({ seal: statements.recordSeal }).from(statements).where(eq(statements.id, id));
  return row?.seal ?? null;
}

/**
 * Statements whose record lacks its seal and is finished: they have ended, every trustee has said that its share is gone, and what
 * never opened has been erased.
 */
export async function findUnsealed(ctx: Context): Promise<Hex32[]> {
  const { id, position, trustees, destroyAt, isErased, recordSeal } = statements;
  const rows = await ctx.db
    .select({ id })
    .from(statements)
    .innerJoin(
      trusteeMessages,
      and(eq(trusteeMessages.statement, id), eq(trusteeMessages.type, 'destroyed'), eq(trusteeMessages.evidence, false)),
    )
    .where(and(eq(isErased, true), isNull(recordSeal), lte(destroyAt, ctx.now())))
    .groupBy(id)
    .having(eq(count(), trustees))
    .orderBy(asc(position));
  return rows.map((row) => row.id);
}

/** Writes the record once and keeps what identifies it. That it is finished is left to the caller. */
export async function sealRecord(ctx: Context, id: Hex32): Promise<void> {
  let last = '';
  for await (const line of streamRecord(ctx, id)) last = line;
  const { lines, hash } = JSON.parse(last) as RecordSeal;
  await ctx.db.update(statements).set({ recordSeal: { lines, hash } }).where(eq(statements.id, id));
}
