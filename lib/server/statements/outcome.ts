import 'server-only';
import type { KeyState } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type StateName, stateAt } from '#lib/protocol/statement/outcome.ts';
import { countLive } from '../board/count-live.ts';
import { type FinalBoard, followBoard } from '../board/follower.ts';
import { listOpeners } from '../board/openings.ts';
import type { Context } from '../context.ts';
import { judgeKey, keyStateAt } from './judge-key.ts';
import { readFinalCounts, type StoredStatement } from './load.ts';

/** What the messages and entries of a statement amount to now. */
export type Outcome = {
  key: KeyState;
  state: StateName;
  board: FinalBoard;
  /** For each wave, the trustees whose opening holds. */
  openers: number[][];
  /** Live and opened signatures by group. */
  counts: ReadonlyMap<Hex32, number>;
  /** Whether entries that never opened are gone. */
  isErased: boolean;
};

/** Computes the state of a statement from what is stored about it. Nothing of it is stored itself. */
export async function computeOutcome(ctx: Context, { context, finalCounts }: StoredStatement): Promise<Outcome> {
  const now = ctx.now();
  const key = keyStateAt(context, await judgeKey(ctx, context), now);
  if (key.status !== 'keyed') {
    return {
      key,
      state: stateAt(context, key, [], now),
      board: { final: 0, waves: [] },
      openers: [],
      counts: new Map(),
      isErased: finalCounts !== null,
    };
  }
  const [board, byWave] = await Promise.all([followBoard(ctx, context), listOpeners(ctx.db, context.id)]);
  const openers = board.waves.map((wave) => byWave.get(wave.number) ?? []);
  const progress = openers.map((trustees) => ({ openings: trustees.length }));
  const live = finalCounts ?? (await countLive(ctx.db, context.id, board));
  // Entries may have been erased since the statement was read. If so, what was kept of them was stored at that same instant.
  const kept = finalCounts ?? (await readFinalCounts(ctx.db, context.id));
  return { key, state: stateAt(context, key, progress, now), board, openers, counts: kept ?? live, isErased: kept !== null };
}

/** How many names k trustees have opened. */
export function countRevealed({ context }: StoredStatement, { board, openers }: Outcome): number {
  const { threshold } = context.statement.committee;
  return board.waves.reduce((sum, wave, i) => sum + ((openers[i]?.length ?? 0) >= threshold ? wave.items.length : 0), 0);
}
