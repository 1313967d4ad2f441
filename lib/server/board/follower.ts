import 'server-only';
import type { Database } from '#db/client.ts';
import { and, asc, eq, inArray, sql } from '#db/drizzle.cjs';
import { checkpoints, entries, statements } from '#db/schema/board.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import { waves } from '#db/schema/reveal.ts';
import { type BoardHead, headOf } from '#lib/protocol/board/checkpoint.ts';
import { lastFinal } from '#lib/protocol/board/cosignature.ts';
import { type Board, type CountedEntry, createBoard, extendBoard } from '#lib/protocol/board/reader.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { contentOf, createWave, type Wave } from '#lib/protocol/reveal/wave-content.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { splitHashes } from './listed-hashes.ts';
import { loadCheckpoints } from './load-checkpoints.ts';
import type { Follower } from './read-so-far.ts';

/** A wave that is due. `wave` is null once the time is over and it was not opened. */
export type FollowedWave = {
  number: number;
  checkpoint: number;
  content: Hex32;
  wave: Wave | null;
  /** The last step of the chain by which it was opened. */
  openedBy: Hex32 | null;
};

/** A board as it stands: its newest checkpoint, the last final one, and the waves that are due. */
export type FollowedBoard = { head: BoardHead | null; final: number; waves: readonly FollowedWave[] };

const FOLLOWED = {
  number: waves.number,
  checkpoint: waves.checkpoint,
  content: waves.content,
  wave: waves.body,
  openedBy: waves.openedBy,
};
const CHECKPOINTS_AT_ONCE = 500;

/** What the board of a statement has come to. Waves that have become due are stored, so that they outlive their entries. */
export async function followBoard(ctx: Context, context: StatementContext, keyed: Keyed, db: Database = ctx.db): Promise<FollowedBoard> {
  const board = await readBoard(ctx, context, keyed, db);
  const hashes = board ? board.hashes : await loadHashes(db, context.id);
  const final = lastFinal(context.statement, hashes, await listCosigned(db, context.id));
  if (board) await storeWaves(db, context.id, board, final);
  return { head: board?.head ?? (await loadHead(db, context.id)), final, waves: await listWaves(db, context.id) };
}

/**
 * The whole board, final or not, with its count; continued from where it was read before. What is remembered is only what the
 * database holds for good: to forget it costs time, nothing else. @returns null once its entries have been erased
 */
export async function readBoard(ctx: Context, context: StatementContext, keyed: Keyed, db: Database = ctx.db): Promise<Board | null> {
  const follower = ctx.memo.followers.get(context.id) ?? ctx.memo.followers.set(context.id, createFollower(keyed));
  // Within a transaction it is read there: a reading outside would want a second connection.
  await ((db === ctx.db && follower.next) || takeTurn(ctx, context, follower, db));
  return follower.board;
}

/** One that has not begun reads what there is for all who come until then: nobody waits for more than the turn before it. */
function takeTurn(ctx: Context, context: StatementContext, follower: Follower, db: Database): Promise<void> {
  const turn = follower.turn.then(() => {
    follower.next = null;
    return readOn(db, context, follower);
  });
  Object.assign(follower, { turn, next: turn });
  turn.catch(() => ctx.memo.followers.delete(context.id)); // half-read: whoever comes next begins again
  return turn;
}

function createFollower({ transcript }: Keyed): Follower {
  return { board: createBoard(transcript), turn: Promise.resolve(), next: null };
}

async function readOn(db: Database, context: StatementContext, follower: Follower): Promise<void> {
  for (;;) {
    const { board } = follower;
    if (!board) return;
    const rows = await loadCheckpoints(db, context.id, board.head.number, CHECKPOINTS_AT_ONCE);
    const byCheckpoint = await loadCounted(db, context.id, rows);
    // Looked at after the entries: they were all there if nothing is erased now.
    if (await isErased(db, context.id)) {
      follower.board = null;
      return;
    }
    for (const { number, body, listed } of rows) {
      const entriesOf = byCheckpoint.get(number) ?? [];
      const taken = extendBoard(context, board, { checkpoint: body, listed: splitHashes(listed), entries: entriesOf });
      if (!taken.ok) throw new Error(`checkpoint ${number} does not stand on its board: ${taken.code}`);
    }
    if (rows.length === 0) return;
  }
}

async function loadCounted(db: Database, id: Hex32, of: readonly { number: number }[]): Promise<Map<number, CountedEntry[]>> {
  const byCheckpoint = new Map<number, CountedEntry[]>();
  if (of.length === 0) return byCheckpoint;
  const rows = await db
    .select({ checkpoint: entries.checkpoint, hash: entries.hash, body: entries.body })
    .from(entries)
    .where(
      and(
        eq(entries.statement, id),
        inArray(
          entries.checkpoint,
          of.map(({ number }) => number),
        ),
      ),
    );
  for (const { checkpoint, hash, body } of rows) {
    const list = byCheckpoint.get(checkpoint as number) ?? [];
    list.push({ nullifier: body.nullifier, said: body.said, hash });
    byCheckpoint.set(checkpoint as number, list);
  }
  return byCheckpoint;
}

async function isErased(db: Database, id: Hex32): Promise<boolean> {
  const [row] = await db.select({ isErased: statements.isErased }).from(statements).where(eq(statements.id, id));
  return row?.isErased ?? false;
}

/** Stores the waves of final checkpoints. Several processes may: all derive the same. */
async function storeWaves(db: Database, id: Hex32, board: Board, final: number): Promise<void> {
  const due = board.waves.filter(({ checkpointNumber }) => checkpointNumber <= final);
  const stored = await db.select({ number: waves.number }).from(waves).where(eq(waves.statement, id));
  const known = new Set(stored.map(({ number }) => number));
  const missing = due.filter(({ number }) => !known.has(number));
  if (missing.length === 0) return;
  const rows = missing.map((wave) => {
    const body = createWave(id, wave);
    return { statement: id, number: wave.number, checkpoint: wave.checkpointNumber, content: contentOf(body), body };
  });
  await db.insert(waves).values(rows).onConflictDoNothing();
}

export async function listWaves(db: Database, id: Hex32): Promise<FollowedWave[]> {
  return db.select(FOLLOWED).from(waves).where(eq(waves.statement, id)).orderBy(asc(waves.number));
}

/** A stored wave, without looking for new ones. */
export async function loadWave(db: Database, id: Hex32, number: number): Promise<FollowedWave | undefined> {
  const [row] = await db
    .select(FOLLOWED)
    .from(waves)
    .where(and(eq(waves.statement, id), eq(waves.number, number)));
  return row;
}

function listCosigned(db: Database, id: Hex32): Promise<{ number: number; trustee: number; checkpoint: Hex32 }[]> {
  const { slot, trustee, subject } = trusteeMessages;
  return db
    .select({ number: slot, trustee, checkpoint: sql<Hex32>`encode(${subject}, 'hex')` })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(trusteeMessages.type, 'cosignature')));
}

export async function loadHashes(db: Database, id: Hex32): Promise<Hex32[]> {
  const rows = await db
    .select({ hash: checkpoints.hash })
    .from(checkpoints)
    .where(eq(checkpoints.statement, id))
    .orderBy(asc(checkpoints.number));
  return rows.map((row) => row.hash);
}

/** The newest checkpoint of a board; null when it is empty. */
export async function loadHead(db: Database, id: Hex32): Promise<BoardHead | null> {
  const [row] = await db
    .select({ body: checkpoints.body })
    .from(checkpoints)
    .where(eq(checkpoints.statement, id))
    .orderBy(sql`${checkpoints.number} desc`)
    .limit(1);
  return row ? headOf(row.body) : null;
}
