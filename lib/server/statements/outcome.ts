import 'server-only';
import type { Database } from '#db/client.ts';
import { and, asc, eq } from '#db/drizzle.cjs';
import { trusteeMessages } from '#db/schema/messages.ts';
import type { KeyState } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Destroyed } from '#lib/protocol/reveal/destruction.ts';
import { sizeOf } from '#lib/protocol/reveal/wave-content.ts';
import { type StateName, stateAt } from '#lib/protocol/statement/outcome.ts';
import { type FollowedBoard, followBoard } from '../board/follower.ts';
import type { Context } from '../context.ts';
import { judgeKey, keyStateAt } from './judge-key.ts';
import type { StoredStatement } from './load.ts';

/** What the messages and entries of a statement amount to now. */
export type Outcome = {
  key: KeyState;
  state: StateName;
  board: FollowedBoard;
  destroyed: Destroyed[];
  /** Live and opened signatures by group, as the newest checkpoint says. */
  counts: ReadonlyMap<Hex32, number>;
};

/** Computes the state of a statement from what is stored about it. Nothing of it is stored itself. */
export async function computeOutcome(ctx: Context, { context }: StoredStatement): Promise<Outcome> {
  const now = ctx.now();
  const key = keyStateAt(context, await judgeKey(ctx, context), now);
  const isKeyed = key.status === 'keyed';
  const board = isKeyed ? await followBoard(ctx, context, key) : { head: null, final: 0, waves: [] };
  const destroyed = await listDestroyed(ctx.db, context.id);
  // A wave that the platform calls opened has k valid openings of one chain. SPEC §10.6.
  const { threshold } = context.statement.committee;
  const progress = board.waves.map(({ openedBy }) => ({ openings: openedBy === null ? 0 : threshold }));
  const counts = new Map((board.head?.live ?? []).map(({ group, count }) => [group, count]));
  return { key, state: stateAt(context, key, progress, destroyed, now), board, destroyed, counts };
}

/** How many names k trustees have opened. */
export function countRevealed({ board }: Pick<Outcome, 'board'>): number {
  return board.waves.reduce((sum, { wave, openedBy }) => sum + (wave && openedBy !== null ? sizeOf(wave) : 0), 0);
}

async function listDestroyed(db: Database, id: Hex32): Promise<Destroyed[]> {
  const { type, trustee, evidence, body } = trusteeMessages;
  const rows = await db
    .select({ body })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(type, 'destroyed'), eq(evidence, false)))
    .orderBy(asc(trustee));
  return rows.flatMap((row) => (row.body.type === 'destroyed' ? [row.body] : []));
}
