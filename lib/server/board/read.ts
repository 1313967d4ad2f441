import 'server-only';
import { and, asc, desc, eq, gt, inArray } from 'drizzle-orm';
import { checkpoints, entries } from '../../../db/schema.ts';
import type { BoardPage } from '../../api/shapes.ts';
import type { Checkpoint } from '../../protocol/board.ts';
import type { Hex32 } from '../../protocol/hash.ts';
import type { Stub } from '../../protocol/record.ts';
import type { Entry } from '../../protocol/signature.ts';
import type { Context } from '../context.ts';
import { loadStatement } from '../statements/load.ts';
import { splitHashes } from './publish-checkpoints.ts';

const BODIES = 1_000;
const CHECKPOINTS = 200;

/** The checkpoints after a number with all they hold: at least one if there is any, and no more once 1,000 entries are in. */
export async function readBoard(ctx: Context, id: string, after: number): Promise<BoardPage> {
  await loadStatement(ctx, id);
  const [last] = await ctx.db
    .select({ number: checkpoints.number })
    .from(checkpoints)
    .where(eq(checkpoints.statement, id))
    .orderBy(desc(checkpoints.number))
    .limit(1);
  const head = last?.number ?? 0;
  if (after >= head) return { head, checkpoints: [] };
  return { head, checkpoints: await readCheckpoints(ctx, id, after, BODIES) };
}

/** Checkpoints after a number, up to the one with which `bodies` entries are reached. */
export async function readCheckpoints(ctx: Context, id: Hex32, after: number, bodies: number): Promise<BoardPage['checkpoints']> {
  const rows = await ctx.db
    .select({ number: checkpoints.number, body: checkpoints.body, entries: checkpoints.entries })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), gt(checkpoints.number, after)))
    .orderBy(asc(checkpoints.number))
    .limit(CHECKPOINTS);
  let total = 0;
  const taken = rows.filter((row) => {
    const fits = total < bodies;
    if (fits) total += row.entries.length / 32;
    return fits;
  });
  const stored = await loadBodies(
    ctx,
    id,
    taken.map((row) => row.number),
  );
  return taken.map((row) => {
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
