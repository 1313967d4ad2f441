import 'server-only';
import type { Database } from '#db/client.ts';
import { and, eq, inArray, isNull, lte, notInArray } from '#db/drizzle.cjs';
import { entries, statements } from '#db/schema/board.ts';
import { mixLists, trusteeMessages } from '#db/schema/messages.ts';
import { waves } from '#db/schema/reveal.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { doEach } from '../do-each.ts';
import { logFault } from '../log.ts';
import { eraseCapsules } from '../rolls/erase-capsules.ts';
import { judgeKey } from '../statements/judge-key.ts';
import { readStatement } from '../statements/load.ts';
import { followBoard, listWaves } from './follower.ts';
import { revealWave } from './reveal-wave.ts';

/**
 * Erases, once a statement has ended, everything that has not become public: entries with their salts, mixes, openings, and which
 * entries a wave would have opened. Of a revealed wave nothing is left that tells in which checkpoint anybody signed. Lists and counts
 * stay. From then on nobody who takes this database learns a nullifier of somebody who was not revealed. SPEC §11.
 */
export async function eraseUnopened(ctx: Context): Promise<void> {
  const ended = await ctx.db
    .select()
    .from(statements)
    .where(and(eq(statements.isErased, false), lte(statements.destroyAt, ctx.now())));
  await doEach(ended, async (row) => {
    const { context } = readStatement(ctx, row);
    await revealOutstanding(ctx, context);
    await eraseOf(ctx, context.id);
  });
  if (ended.length > 0) await eraseCapsules(ctx);
}

/** What k trustees have opened is public, though the process that took the last opening died before it said so. */
async function revealOutstanding(ctx: Context, context: StatementContext): Promise<void> {
  const key = await judgeKey(ctx, context);
  // A board that cannot be read any more calls for no further wave; what it holds is erased all the same.
  if (key.status === 'keyed') await followBoard(ctx, context, key).catch((error) => logFault(error));
  for (const wave of await listWaves(ctx.db, context.id)) if (wave.openedBy === null) await revealWave(ctx, context, wave);
}

async function eraseOf(ctx: Context, id: Hex32): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    // Messages wait for this lock too, and after it the time for openings is over.
    const [row] = await tx.select({ isErased: statements.isErased }).from(statements).where(eq(statements.id, id)).for('update');
    if (!row || row.isErased) return;
    await tx.delete(entries).where(eq(entries.statement, id));
    const opened = (await listWaves(tx, id)).filter(({ openedBy }) => openedBy !== null).map(({ number }) => number);
    await eraseMessages(tx, id, opened);
    await tx
      .update(waves)
      .set({ body: null })
      .where(and(eq(waves.statement, id), isNull(waves.openedBy)));
    await tx.update(statements).set({ isErased: true }).where(eq(statements.id, id));
  });
  ctx.memo.followers.delete(id);
}

/** Steps and openings of waves that were not opened. Of those that were, all is public, also of chains by which they were not opened. */
async function eraseMessages(tx: Database, id: Hex32, opened: readonly number[]): Promise<void> {
  const isOf = and(eq(trusteeMessages.statement, id), inArray(trusteeMessages.type, ['mix', 'opening']));
  await tx.delete(trusteeMessages).where(opened.length > 0 ? and(isOf, notInArray(trusteeMessages.slot, [...opened])) : isOf);
  const kept = await tx
    .select({ body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(trusteeMessages.type, 'mix')));
  const lists = kept.flatMap(({ body }) => (body.type === 'mix' ? body.lists.map(({ list }) => list) : []));
  const ofStatement = eq(mixLists.statement, id);
  await tx.delete(mixLists).where(lists.length > 0 ? and(ofStatement, notInArray(mixLists.hash, lists)) : ofStatement);
}
