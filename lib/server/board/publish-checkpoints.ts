import 'server-only';
import type { Database } from '#db/client.ts';
import { and, eq, gte, isNull, sql, TransactionRollbackError } from '#db/drizzle.cjs';
import { checkpoints, entries } from '#db/schema/board.ts';
import { isSegmentFull } from '#lib/api/board-segments.ts';
import {
  type BoardHead,
  checkpointHash,
  isLate,
  type ListedCheckpoint,
  nextCheckpointTime,
  signCheckpoint,
} from '#lib/protocol/board/checkpoint.ts';
import type { Board } from '#lib/protocol/board/reader.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { liveCountsWith } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { type Context, platformSeedOf } from '../context.ts';
import { doEach } from '../do-each.ts';
import { requireKeyed } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';
import { readBoard } from './follower.ts';
import { joinHashes } from './listed-hashes.ts';
import { isBoardLost } from './loss.ts';
import { isBoardHeld } from './put-back.ts';

const ROWS_AT_ONCE = 1_000;

/**
 * Publishes what waits on every board whose time has come, also after the deadline until nothing waits or the merge delay is over.
 * Several processes may call it at once. SPEC §9.4.
 */
export async function publishCheckpoints(ctx: Context): Promise<void> {
  const waiting = await ctx.db.selectDistinct({ id: entries.statement }).from(entries).where(isNull(entries.checkpoint));
  await doEach(waiting, ({ id }) => publishCheckpoint(ctx, id));
}

async function publishCheckpoint(ctx: Context, id: Hex32): Promise<void> {
  const stored = await loadStatement(ctx, id);
  const { context } = stored;
  if (isBoardLost(stored) || isBoardHeld(stored)) return; // another checkpoint of a number that trustees have cosigned would be a second board
  const keyed = await requireKeyed(ctx, context);
  const publish = ctx.db.transaction(async (tx) => {
    const [lock] = await tx.execute<{ taken: boolean }>(sql`select pg_try_advisory_xact_lock(${lockOf(id)}) as taken`);
    if (!lock?.taken) return;
    const board = await readBoard(ctx, context, keyed, tx);
    const time = board && nextCheckpointTime(context.statement, board.head.time, ctx.now());
    if (!board || time === null) return;
    await publishWaiting(ctx, tx, context, board, time);
    // Signed, stored and shown within its time, or not at all: the transaction is undone, and the next one bears another date.
    if (isLate(time, ctx.now())) tx.rollback();
  });
  await publish.catch((error) => {
    if (!(error instanceof TransactionRollbackError)) throw error;
  });
}

/**
 * Takes what waits out of the table and puts it back in the order of the checkpoint's list: neither a number nor the place of a row
 * on the disk tells in which order signatures came.
 */
async function publishWaiting(ctx: Context, tx: Database, context: StatementContext, board: Board, time: number): Promise<void> {
  const waiting = await tx
    .delete(entries)
    .where(and(eq(entries.statement, context.id), isNull(entries.checkpoint)))
    .returning();
  if (waiting.length === 0) return;
  const live = liveCountsWith(
    board.tally,
    waiting.map(({ body }) => body),
  );
  const content = { listed: waiting.map((row) => row.listed), live, time };
  const signed = signCheckpoint(context, board.head, content, platformSeedOf(ctx, context));
  await storeCheckpoint(tx, context.id, board.head, signed);
  const place = new Map(signed.listed.map((hash, i) => [hash, i]));
  const sorted = waiting.sort((a, b) => (place.get(a.listed) as number) - (place.get(b.listed) as number));
  for (let start = 0; start < sorted.length; start += ROWS_AT_ONCE) {
    const rows = sorted.slice(start, start + ROWS_AT_ONCE).map((row) => ({ ...row, checkpoint: signed.number }));
    await tx.insert(entries).values(rows);
  }
}

async function storeCheckpoint(tx: Database, id: Hex32, head: BoardHead, { listed, ...checkpoint }: ListedCheckpoint): Promise<void> {
  await tx.insert(checkpoints).values({
    statement: id,
    number: checkpoint.number,
    hash: checkpointHash(checkpoint),
    body: checkpoint,
    listed: joinHashes(listed),
    segment: await findSegment(tx, id, head.number),
  });
}

/** The segment of the checkpoint after `head`: that of the head, or a new one. A segment is small, whatever the size of the board. */
async function findSegment(db: Database, id: Hex32, head: number): Promise<number> {
  const [last] = await db
    .select({ segment: checkpoints.segment })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), eq(checkpoints.number, head)));
  if (!last) return 1;
  const [held] = await db
    .select({ entries: sql`sum(octet_length(${checkpoints.listed})) / 32`.mapWith(Number) })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), gte(checkpoints.number, last.segment)));
  return isSegmentFull({ checkpoints: head - last.segment + 1, entries: held?.entries ?? 0 }) ? head + 1 : last.segment;
}

function lockOf(id: Hex32): bigint {
  return BigInt.asIntN(64, BigInt(`0x${id.slice(0, 16)}`));
}
