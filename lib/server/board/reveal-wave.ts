import 'server-only';
import { and, eq, isNotNull } from '#db/drizzle.cjs';
import { openedEntries, waves } from '#db/schema/reveal.ts';
import { entryHash } from '#lib/protocol/board/signature.ts';
import { revealedBy } from '#lib/protocol/reveal/chain.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { loadOpenings } from '../messages/load-chains.ts';
import type { FollowedWave } from './follower.ts';
import { loadWaveEntries } from './wave-entries.ts';

const ROWS_AT_ONCE = 1_000;

/**
 * Makes a wave public once k trustees have opened one chain of it: which chain that is, and its entries. From then on nothing of this
 * wave is withheld. SPEC §10.6. @returns whether it is public by this call
 */
export async function revealWave(ctx: Context, { id, statement }: StatementContext, { number, wave }: FollowedWave): Promise<boolean> {
  const openedBy = revealedBy(statement.committee.threshold, await loadOpenings(ctx.db, id, number));
  if (openedBy === null || wave === null) return false;
  return ctx.db.transaction(async (tx) => {
    const isIt = and(eq(waves.statement, id), eq(waves.number, number), isNotNull(waves.body));
    const [row] = await tx.select({ openedBy: waves.openedBy }).from(waves).where(isIt).for('update');
    if (!row || row.openedBy !== null) return false;
    const rows = (await loadWaveEntries(tx, id, wave)).map((body) => ({ statement: id, wave: number, hash: entryHash(body), body }));
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
      await tx.insert(openedEntries).values(rows.slice(start, start + ROWS_AT_ONCE));
    await tx.update(waves).set({ openedBy }).where(isIt);
    return true;
  });
}
