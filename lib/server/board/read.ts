import 'server-only';
import { and, asc, between, desc, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import { checkpoints, entries } from '#db/schema.ts';
import type { BoardCheckpoint, BoardIndex, BoardSegment } from '#lib/api/shapes.ts';
import type { Checkpoint } from '#lib/protocol/board/board.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Stub } from '#lib/protocol/record/record.ts';
import { destructionTime, type Statement } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { isHex32, loadStatement } from '../statements/load.ts';
import { splitHashes } from './publish-checkpoints.ts';

const SEGMENTS_AT_ONCE = 1_000;
const CHECKPOINTS_AT_ONCE = 200;
const YEAR_SECONDS = 31_536_000;
/** That an answer may take on its way, at the least: a cache counts from when it has it. */
const WAY_SECONDS = 10;
const FROM = /^[1-9]\d{0,9}$/;

type Row = { number: number; body: string; entries: Uint8Array };

/**
 * Where to get what came after a checkpoint: ranges without a gap up to the newest checkpoint, or the first 1,000 of them. They are
 * whole segments but for the first, which begins after `after`, and the last, which may still grow. SPEC §13.1.
 */
export async function readBoardIndex(ctx: Context, id: string, after: number): Promise<BoardIndex> {
  await loadStatement(ctx, id);
  const of = eq(checkpoints.statement, id);
  const { number, hash, segment } = checkpoints;
  const [head] = await ctx.db.select({ number }).from(checkpoints).where(of).orderBy(desc(number)).limit(1);
  if (!head || after >= head.number) return { head: head?.number ?? 0, segments: [] };
  const later = await ctx.db
    .select({ number })
    .from(checkpoints)
    .where(and(of, sql`${number} = ${segment}`, gt(number, after + 1), lte(number, head.number)))
    .orderBy(asc(number))
    .limit(SEGMENTS_AT_ONCE);
  const starts = [after + 1, ...later.map((first) => first.number)];
  const ends = later.map((first) => first.number - 1);
  if (later.length < SEGMENTS_AT_ONCE) ends.push(head.number);
  const last = await ctx.db
    .select({ number, hash })
    .from(checkpoints)
    .where(and(of, inArray(number, ends)))
    .orderBy(asc(number));
  return { head: head.number, segments: last.map((end, i) => ({ from: starts[i] as number, to: end.number, hash: end.hash })) };
}

/**
 * The checkpoints from a number to the one of a hash, within one segment: what that address holds does not change before the
 * end of the statement, nor after everything unopened has been erased.
 * @returns also for how many more seconds a cache may keep it, at most a year: not up to deadline + grace but to some time before, so
 * that none goes on showing what the platform has to erase then, though it has it late and its clock is slow. SPEC §11, §13.1.
 * @throws AppError UNKNOWN_STATEMENT, SEGMENT_NOT_FOUND
 */
export async function readSegment(ctx: Context, id: string, from: string, hash: string): Promise<BoardSegment & { maxAge: number }> {
  // The state is read before the entries, the time after them: if they were erased in between, or took long, nothing is kept that
  // should not be.
  const { context, finalCounts } = await loadStatement(ctx, id);
  const last = isHex32(hash) && FROM.test(from) ? await findByHash(ctx, id, hash) : undefined;
  if (!last || Number(from) > last.number || Number(from) < last.segment) throw new AppError('SEGMENT_NOT_FOUND');
  const rows = await ctx.db
    .select({ number: checkpoints.number, body: checkpoints.body, entries: checkpoints.entries })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), between(checkpoints.number, Number(from), last.number)))
    .orderBy(asc(checkpoints.number));
  const found = await withBodies(ctx, id, rows);
  return { checkpoints: found, maxAge: finalCounts === null ? secondsToKeep(ctx, context.statement) : YEAR_SECONDS };
}

function secondsToKeep(ctx: Context, statement: Statement): number {
  const left = destructionTime(statement) - Math.max(statement.clockSkew, WAY_SECONDS) - ctx.now();
  return Math.max(0, Math.min(left, YEAR_SECONDS));
}

/** Checkpoints after a number, up to the one with which `bodies` entries are reached. */
export async function readCheckpoints(ctx: Context, id: Hex32, after: number, bodies: number): Promise<BoardCheckpoint[]> {
  const rows = await ctx.db
    .select({ number: checkpoints.number, body: checkpoints.body, entries: checkpoints.entries })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), gt(checkpoints.number, after)))
    .orderBy(asc(checkpoints.number))
    .limit(CHECKPOINTS_AT_ONCE);
  let total = 0;
  const taken = rows.filter((row) => {
    const fits = total < bodies;
    if (fits) total += row.entries.length / 32;
    return fits;
  });
  return withBodies(ctx, id, taken);
}

async function findByHash(ctx: Context, id: Hex32, hash: Hex32): Promise<{ number: number; segment: number } | undefined> {
  const [row] = await ctx.db
    .select({ number: checkpoints.number, segment: checkpoints.segment })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), eq(checkpoints.hash, hash)));
  return row;
}

async function withBodies(ctx: Context, id: Hex32, rows: readonly Row[]): Promise<BoardCheckpoint[]> {
  const numbers = rows.map((row) => row.number);
  const stored = await loadBodies(ctx, id, numbers);
  return rows.map((row) => {
    const hashes = splitHashes(row.entries);
    const bodyOf = (hash: Hex32): Entry | Stub => stored.get(hash) ?? { type: 'stub', entry: hash };
    return { checkpoint: JSON.parse(row.body) as Checkpoint, entries: hashes, bodies: hashes.map(bodyOf) };
  });
}

async function loadBodies(ctx: Context, id: Hex32, numbers: readonly number[]): Promise<Map<Hex32, Entry>> {
  if (numbers.length === 0) return new Map();
  const rows = await ctx.db
    .select({ hash: entries.hash, body: entries.body })
    .from(entries)
    .where(and(eq(entries.statement, id), inArray(entries.checkpoint, [...numbers])));
  return new Map(rows.map(({ hash, body }) => [hash, JSON.parse(body) as Entry]));
}
