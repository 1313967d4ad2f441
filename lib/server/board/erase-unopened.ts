import 'server-only';
import { and, eq, inArray, isNull, lte, ne } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { entries, statements } from '#db/schema.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import type { Context } from '../context.ts';
import { judgeKey } from '../statements/judge-key.ts';
import { readStatement } from '../statements/load.ts';
import { countLive } from './count-live.ts';
import { followBoard } from './follower.ts';

const ROWS_AT_ONCE = 5_000;

/**
 * Erases, once a statement has ended, every entry that is in no wave; checkpoints keep their hashes. From then on nobody who
 * takes this database learns a nullifier or a sealed name of somebody who was not revealed. SPEC §11.
 */
export async function eraseUnopened(ctx: Context): Promise<void> {
  const ended = await ctx.db
    .select()
    .from(statements)
    .where(and(isNull(statements.finalCounts), lte(statements.destroyAt, ctx.now())));
  for (const row of ended) await eraseOf(ctx, readStatement(ctx, row).context.id);
}

async function eraseOf(ctx: Context, id: Hex32): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    // Messages wait for this lock too, and after it the time for cosignatures is over: the final board does not change any more.
    const [row] = await tx.select().from(statements).where(eq(statements.id, id)).for('update');
    if (!row || row.finalCounts !== null) return;
    const { context } = readStatement(ctx, row);
    const key = await judgeKey(ctx, context, tx);
    const board = key.status === 'keyed' ? await followBoard(ctx, context) : { final: 0, waves: [] };
    const counts = await countLive(tx, id, board);
    await deleteUnopened(tx, id, new Set(board.waves.flatMap((wave) => wave.items.map((item) => item.nullifier))));
    await tx
      .update(statements)
      .set({ finalCounts: canonicalJson(Object.fromEntries(counts)) })
      .where(eq(statements.id, id));
  });
}

async function deleteUnopened(tx: Database, id: Hex32, opened: ReadonlySet<string>): Promise<void> {
  await tx.delete(entries).where(and(eq(entries.statement, id), ne(entries.action, 'sign')));
  const signed = await tx.select({ nullifier: entries.nullifier }).from(entries).where(eq(entries.statement, id));
  const unopened = signed.map((row) => row.nullifier).filter((nullifier) => !opened.has(formatField(nullifier)));
  for (let start = 0; start < unopened.length; start += ROWS_AT_ONCE) {
    const part = unopened.slice(start, start + ROWS_AT_ONCE);
    await tx.delete(entries).where(and(eq(entries.statement, id), inArray(entries.nullifier, part)));
  }
}
