import 'server-only';
import type { Database } from '#db/client.ts';
import { eq } from '#db/drizzle.cjs';
import { statements } from '#db/schema/board.ts';
import type { CommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { quorumOf } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import type { StoredStatement } from '../statements/load.ts';
import { loadHead } from './follower.ts';

type Held = Pick<StoredStatement, 'context' | 'putBack'>;

/**
 * Whether a board waits for its trustees: it was put back from a copy, and may lack what a quorum has vouched for. Published on
 * before they have been heard, it would become a second board. SPEC §13.1.
 */
export function isBoardHeld({ context: { statement }, putBack }: Held): boolean {
  if (!putBack) return false;
  const silent = statement.committee.trustees.length - putBack.heard.length;
  return silent >= quorumOf(statement);
}

/** Holds every board that can still grow, at `now`, Unix seconds: the database is another than it was. */
export async function holdBoards(tx: Database, now: number): Promise<void> {
  await tx
    .update(statements)
    .set({ putBack: { since: now, heard: [] } })
    .where(eq(statements.isErased, false));
}

/**
 * A trustee that asks for what comes after its own last checkpoint has vouched for nothing later. It is heard if the board has that
 * checkpoint, and if it asked after the board was put back.
 */
export async function hearTrustee(ctx: Context, stored: Held, asked: CommitteeRequest & { want: 'board' }): Promise<void> {
  const { context, putBack } = stored;
  if (!putBack || !isBoardHeld(stored) || asked.time <= putBack.since) return;
  if (asked.after > ((await loadHead(ctx.db, context.id))?.number ?? 0)) return;
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx.select({ putBack: statements.putBack }).from(statements).where(eq(statements.id, context.id)).for('update');
    if (!row?.putBack || row.putBack.heard.includes(asked.trustee)) return;
    const heard = [...row.putBack.heard, asked.trustee].sort((a, b) => a - b);
    await tx
      .update(statements)
      .set({ putBack: { ...row.putBack, heard } })
      .where(eq(statements.id, context.id));
  });
}
