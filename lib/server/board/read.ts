import 'server-only';
import { and, asc, between, desc, eq, gt, inArray, lte, sql } from '#db/drizzle.cjs';
import { checkpoints } from '#db/schema/board.ts';
import type { BoardIndex } from '#lib/api/shapes.ts';
import type { ListedCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { shareBytes } from '../http/share-bytes.ts';
import { isHex32, loadStatement } from '../statements/load.ts';
import { splitHashes } from './listed-hashes.ts';

const SEGMENTS_AT_ONCE = 1_000;
const FROM = /^[1-9]\d{0,9}$/;

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
 * JSON of the checkpoints from a number to the one of a hash, within one segment, with their lists: what that address holds never changes.
 * @throws AppError UNKNOWN_STATEMENT, SEGMENT_NOT_FOUND. SPEC §13.1
 */
export async function readSegment(ctx: Context, id: string, from: string, hash: string): Promise<Uint8Array> {
  await loadStatement(ctx, id);
  const last = isHex32(hash) && FROM.test(from) ? await findByHash(ctx, id, hash) : undefined;
  if (!last || Number(from) > last.number || Number(from) < last.segment) throw new AppError('SEGMENT_NOT_FOUND');
  return shareBytes(`${id}/${from}/${hash}`, async () =>
    new TextEncoder().encode(JSON.stringify({ checkpoints: await readCheckpoints(ctx, id, Number(from), last.number) })),
  );
}

/** Checkpoints from one number to another, with their lists. */
export async function readCheckpoints(ctx: Context, id: Hex32, from: number, to: number): Promise<ListedCheckpoint[]> {
  const rows = await ctx.db
    .select({ body: checkpoints.body, listed: checkpoints.listed })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), between(checkpoints.number, from, to)))
    .orderBy(asc(checkpoints.number));
  return rows.map(({ body, listed }) => ({ ...body, listed: splitHashes(listed) }));
}

async function findByHash(ctx: Context, id: Hex32, hash: Hex32): Promise<{ number: number; segment: number } | undefined> {
  const [row] = await ctx.db
    .select({ number: checkpoints.number, segment: checkpoints.segment })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), eq(checkpoints.hash, hash)));
  return row;
}
