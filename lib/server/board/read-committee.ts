import 'server-only';
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { checkpoints, entries, rolls, statements } from '#db/schema.ts';
import type { CommitteeBoard } from '#lib/api/shapes.ts';
import { checkCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { listMessages } from '../messages/list.ts';
import { loadStatement } from '../statements/load.ts';
import { loadHead } from './follower.ts';
import { splitHashes } from './listed-hashes.ts';

const CHECKPOINTS_AT_ONCE = 200;
/** Entries in one answer; it ends with the checkpoint that passes them. */
const ENTRIES_AT_ONCE = 2_000;

/** What a trustee that has shown who it is may read: JSON, or the bytes of a capsule file. */
export type CommitteeAnswer = { text: string } | { bytes: Uint8Array };

/**
 * Answers a signed request of one of the statement’s trustees: the board with its entries and salts, all messages, or the capsules
 * of a roll. Nobody else ever gets these. SPEC §9.7. @throws AppError for a request that is not a trustee’s, or not fresh
 */
export async function readForCommittee(ctx: Context, id: string, value: unknown): Promise<CommitteeAnswer> {
  const { context } = await loadStatement(ctx, id);
  const asked = requireOk(checkCommitteeRequest(context, value, ctx.now()));
  if (asked.want === 'messages') return { text: await listMessages(ctx, id, { after: asked.after, epoch: null }, 'committee') };
  if (ctx.now() >= destructionTime(context.statement)) throw new AppError('STATEMENT_ENDED');
  if (asked.want === 'capsules') return { bytes: await readCapsules(ctx, asked.roll) };
  return { text: JSON.stringify(await readSealedBoard(ctx, id, asked.after)) };
}

async function readCapsules(ctx: Context, roll: Hex32): Promise<Uint8Array> {
  const [row] = await ctx.db.select({ capsules: rolls.capsules }).from(rolls).where(eq(rolls.hash, roll));
  if (!row?.capsules) throw new AppError('ROLL_NOT_FOUND');
  return row.capsules;
}

async function readSealedBoard(ctx: Context, id: Hex32, after: number): Promise<CommitteeBoard> {
  const { number, body, listed } = checkpoints;
  const sizes = await ctx.db
    .select({ number, size: sql<number>`octet_length(${listed}) / 32` })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), gt(number, after)))
    .orderBy(asc(number))
    .limit(CHECKPOINTS_AT_ONCE);
  const numbers = takeSome(sizes).map((row) => row.number);
  const head = (await loadHead(ctx.db, id))?.number ?? 0;
  if (numbers.length === 0) return { head, checkpoints: [] };
  const rows = await ctx.db
    .select({ number, body, listed })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), inArray(number, numbers)))
    .orderBy(asc(number));
  const bodies = await loadBodies(ctx, id, numbers);
  const shown = rows.map((row) => {
    const hashes = splitHashes(row.listed);
    return { checkpoint: { ...row.body, listed: hashes }, bodies: hashes.flatMap((hash) => bodies.get(hash) ?? []) };
  });
  await requireWhole(ctx, id);
  return { head, checkpoints: shown };
}

function takeSome<T extends { size: number }>(rows: readonly T[]): T[] {
  let total = 0;
  return rows.filter(({ size }) => {
    const fits = total < ENTRIES_AT_ONCE;
    total += size;
    return fits;
  });
}

async function loadBodies(ctx: Context, id: Hex32, numbers: readonly number[]): Promise<Map<Hex32, Body>> {
  const rows = await ctx.db
    .select({ listed: entries.listed, salt: entries.salt, entry: entries.body })
    .from(entries)
    .where(and(eq(entries.statement, id), inArray(entries.checkpoint, [...numbers])));
  return new Map(rows.map(({ listed, salt, entry }) => [listed, { entry, salt }]));
}

/** A board that was erased while it was read is not answered with less than it had. */
async function requireWhole(ctx: Context, id: Hex32): Promise<void> {
  const [row] = await ctx.db.select({ isErased: statements.isErased }).from(statements).where(eq(statements.id, id));
  if (row?.isErased) throw new AppError('STATEMENT_ENDED');
}
