import 'server-only';
import { and, eq, inArray } from 'drizzle-orm';
import { entries, statements } from '#db/schema/board.ts';
import { rolls } from '#db/schema/membership.ts';
import type { CommitteeBoard } from '#lib/api/shapes.ts';
import { checkCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { destructionTime, type TrusteeDescriptor } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { listMessages } from '../messages/list.ts';
import { loadStatement } from '../statements/load.ts';
import { readOpener } from '../statements/read-opener.ts';
import { loadHead } from './follower.ts';
import { splitHashes } from './listed-hashes.ts';
import { loadCheckpoints } from './load-checkpoints.ts';
import { hearTrustee } from './put-back.ts';

const CHECKPOINTS_AT_ONCE = 200;

/** What a trustee that has shown who it is may read: JSON, or the bytes of a capsule file. */
export type CommitteeAnswer = { text: string } | { bytes: Uint8Array };

/**
 * Answers a signed request of one of the statement’s trustees: the board with its entries and salts, all messages, the capsules of
 * a roll, or who opened it. Nobody else ever gets these. SPEC §9.7. @throws AppError for a request that is not a trustee’s, or not fresh
 */
export async function readForCommittee(ctx: Context, id: string, value: unknown): Promise<CommitteeAnswer> {
  const stored = await loadStatement(ctx, id);
  const { context } = stored;
  const asked = requireOk(checkCommitteeRequest(context, value, ctx.now()));
  const { key } = context.statement.committee.trustees[asked.trustee - 1] as TrusteeDescriptor;
  ctx.clock.agree(); // the request is fresh by the trustee's own clock
  ctx.lastSeen.set(key, ctx.now() - (ctx.now() % 60));
  if (asked.want === 'messages') return { text: await listMessages(ctx, id, { after: asked.after, epoch: null }, 'committee') };
  if (asked.want === 'permit') return { text: JSON.stringify(await readOpener(ctx, stored)) };
  if (ctx.now() >= destructionTime(context.statement)) throw new AppError('STATEMENT_ENDED');
  if (asked.want === 'board') await hearTrustee(ctx, stored, asked);
  if (asked.want === 'capsules') return { bytes: await readCapsules(ctx, asked.roll) };
  return { text: JSON.stringify(await readSealedBoard(ctx, id, asked.after)) };
}

async function readCapsules(ctx: Context, roll: Hex32): Promise<Uint8Array> {
  const [row] = await ctx.db.select({ capsules: rolls.capsules }).from(rolls).where(eq(rolls.hash, roll));
  if (!row?.capsules) throw new AppError('ROLL_NOT_FOUND');
  return row.capsules;
}

async function readSealedBoard(ctx: Context, id: Hex32, after: number): Promise<CommitteeBoard> {
  const rows = await loadCheckpoints(ctx.db, id, after, CHECKPOINTS_AT_ONCE);
  const head = (await loadHead(ctx.db, id))?.number ?? 0;
  if (rows.length === 0) return { head, checkpoints: [] };
  const numbers = rows.map(({ number }) => number);
  const bodies = await loadBodies(ctx, id, numbers);
  const shown = rows.map((row) => {
    const hashes = splitHashes(row.listed);
    return { checkpoint: { ...row.body, listed: hashes }, bodies: hashes.flatMap((hash) => bodies.get(hash) ?? []) };
  });
  await requireWhole(ctx, id);
  return { head, checkpoints: shown };
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
