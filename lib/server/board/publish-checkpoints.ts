import 'server-only';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { and, desc, eq, gte, isNull, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { checkpoints, entries } from '#db/schema.ts';
import { isSegmentFull } from '#lib/api/board-segments.ts';
import {
  type BoardHead,
  type Checkpoint,
  checkpointHash,
  emptyBoard,
  headOf,
  nextCheckpointTime,
  signCheckpoint,
} from '#lib/protocol/board/board.ts';
import { compareEntries, type Entry } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { requireKeyed } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';
import { isBoardLost } from './loss.ts';

const ROWS_AT_ONCE = 1_000;

/**
 * Publishes what waits on every board whose time has come: at once where the cadence is 0, else when a multiple of the
 * cadence lies in (since, now]. Unix seconds. It goes on after the deadline until nothing waits or the merge delay is over.
 * Several processes may call it at once. SPEC §9.
 */
export async function publishCheckpoints(ctx: Context, since: number): Promise<void> {
  const waiting = await ctx.db.selectDistinct({ id: entries.statement }).from(entries).where(isNull(entries.checkpoint));
  for (const { id } of waiting) await publishCheckpoint(ctx, id, since);
}

async function publishCheckpoint(ctx: Context, id: Hex32, since: number): Promise<void> {
  const stored = await loadStatement(ctx, id);
  const { context } = stored;
  if (isBoardLost(stored)) return; // another checkpoint of a number that trustees have cosigned would be a second board
  const time = dueTime(context.statement, since, ctx.now());
  if (time === null) return;
  const keyed = await requireKeyed(ctx, context);
  await ctx.db.transaction(async (tx) => {
    const [lock] = await tx.execute<{ taken: boolean }>(sql`select pg_try_advisory_xact_lock(${lockOf(id)}) as taken`);
    if (!lock?.taken) return;
    const head = await findHead(tx, context, keyed);
    // No two checkpoints of one second or one period: a time must not tell more than the cadence allows.
    if (head.number > 0 && time <= head.time) return;
    await publishWaiting(ctx, tx, context, head, time);
  });
}

/**
 * Takes what waits out of the table and puts it back in the order of the checkpoint: neither a number nor the place of a row
 * on the disk tells in which order signatures came.
 */
async function publishWaiting(ctx: Context, tx: Database, context: StatementContext, head: BoardHead, time: number): Promise<void> {
  const waiting = await tx
    .delete(entries)
    .where(and(eq(entries.statement, context.id), isNull(entries.checkpoint)))
    .returning();
  if (waiting.length === 0) return;
  const sorted = waiting
    .map((row) => ({ row, entry: JSON.parse(row.body) as Entry }))
    .sort((a, b) => compareEntries(a.entry, b.entry))
    .map(({ row }) => row);
  const hashes = sorted.map((row) => row.hash);
  const checkpoint = signCheckpoint(context, head, hashes, time, ctx.signingSeed);
  await tx.insert(checkpoints).values({
    statement: context.id,
    number: checkpoint.number,
    hash: checkpointHash(checkpoint),
    body: canonicalJson(checkpoint),
    entries: hexToBytes(hashes.join('')),
    segment: await findSegment(tx, context.id, head.number),
  });
  for (let start = 0; start < sorted.length; start += ROWS_AT_ONCE) {
    const rows = sorted.slice(start, start + ROWS_AT_ONCE).map((row) => ({ ...row, checkpoint: checkpoint.number }));
    await tx.insert(entries).values(rows);
  }
}

/** The end of a statement's board. */
async function findHead(db: Database, context: StatementContext, keyed: Keyed): Promise<BoardHead> {
  const [last] = await db
    .select({ body: checkpoints.body })
    .from(checkpoints)
    .where(eq(checkpoints.statement, context.id))
    .orderBy(desc(checkpoints.number))
    .limit(1);
  return last ? headOf(JSON.parse(last.body) as Checkpoint) : emptyBoard(keyed.transcript);
}

/** The segment of the checkpoint after `head`: that of the head, or a new one. A segment is small, whatever the size of the board. */
async function findSegment(db: Database, id: Hex32, head: number): Promise<number> {
  const [last] = await db
    .select({ segment: checkpoints.segment })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), eq(checkpoints.number, head)));
  if (!last) return 1;
  const [held] = await db
    .select({ entries: sql`sum(octet_length(${checkpoints.entries})) / 32`.mapWith(Number) })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), gte(checkpoints.number, last.segment)));
  return isSegmentFull({ checkpoints: head - last.segment + 1, entries: held?.entries ?? 0 }) ? head + 1 : last.segment;
}

/** The entry hashes that a checkpoint's row holds, in order. */
export function splitHashes(bytes: Uint8Array): Hex32[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytesToHex(bytes.subarray(i * 32, (i + 1) * 32)));
}

/** The time that a checkpoint published now bears; null when it is not yet, or no longer, time for one. */
function dueTime(statement: Statement, since: number, now: number): number | null {
  const { cadence, deadline, mergeDelay } = statement;
  const time = nextCheckpointTime(statement, cadence === 0 ? now : now - cadence + 1); // the last regular one up to now
  const last = deadline + mergeDelay;
  if (time > last) return null;
  // A process that was down at the last regular time catches up while the promise can still be kept.
  const isLastChance = now > deadline && time + cadence > last;
  return cadence === 0 || time > since || isLastChance ? time : null;
}

function lockOf(id: Hex32): bigint {
  return BigInt.asIntN(64, BigInt(`0x${id.slice(0, 16)}`));
}
