import 'server-only';
import { and, eq, inArray, isNotNull } from '#db/drizzle.cjs';
import { entries, statements } from '#db/schema/board.ts';
import { rolls } from '#db/schema/membership.ts';
import type { CommitteeBoard } from '#lib/api/shapes.ts';
import { type CommitteeRequest, checkCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { destructionTime, type TrusteeDescriptor } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { shareBytes } from '../http/share-bytes.ts';
import { listMessages } from '../messages/list.ts';
import { loadStatement, type StoredStatement } from '../statements/load.ts';
import { readOpener } from '../statements/read-opener.ts';
import { loadHead } from './follower.ts';
import { splitHashes } from './listed-hashes.ts';
import { loadCheckpoints } from './load-checkpoints.ts';
import { hearTrustee } from './put-back.ts';

const CHECKPOINTS_AT_ONCE = 200;
/** Of an entry with its salt while an answer is made: read, put in order, and written. */
const ENTRY_BYTES = 4_096;
/** Answers to one trustee that are made or wait at a time, of all its statements: it asks for one after the other. */
const MOST_A_TRUSTEE = 8;

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
  return ctx.slots.hold(`answers to ${key}`, MOST_A_TRUSTEE, () => makeAnswer(ctx, stored, asked));
}

async function makeAnswer(ctx: Context, stored: StoredStatement, asked: CommitteeRequest): Promise<CommitteeAnswer> {
  const { context } = stored;
  const { id } = context;
  if (asked.want === 'messages') return { text: await listMessages(ctx, id, { after: asked.after, epoch: null }, 'committee') };
  if (asked.want === 'permit') return { text: JSON.stringify(await readOpener(ctx, stored)) };
  if (ctx.now() >= destructionTime(context.statement)) throw new AppError('STATEMENT_ENDED');
  if (asked.want === 'board') await hearTrustee(ctx, stored, asked);
  if (asked.want === 'capsules') return { bytes: await readCapsules(ctx, asked.roll) };
  return { text: await readSealedBoard(ctx, id, asked.after) };
}

async function readCapsules(ctx: Context, roll: Hex32): Promise<Uint8Array> {
  const isKept = and(eq(rolls.hash, roll), isNotNull(rolls.capsules));
  if ((await ctx.db.$count(rolls, isKept)) === 0) throw new AppError('ROLL_NOT_FOUND'); // others may be reading what was erased just now
  return shareBytes(`${roll}/capsules`, async () => {
    const [row] = await ctx.db.select({ capsules: rolls.capsules }).from(rolls).where(isKept);
    if (!row?.capsules) throw new AppError('ROLL_NOT_FOUND');
    return row.capsules;
  });
}

async function readSealedBoard(ctx: Context, id: Hex32, after: number): Promise<string> {
  const rows = await loadCheckpoints(ctx.db, id, after, CHECKPOINTS_AT_ONCE);
  const head = (await loadHead(ctx.db, id))?.number ?? 0;
  const size = rows.reduce((sum, { body }) => sum + body.size, 0);
  return ctx.making.committee.hold(ENTRY_BYTES * size, async () => {
    const bodies = await loadBodies(
      ctx,
      id,
      rows.map(({ number }) => number),
    );
    const shown = rows.map((row) => {
      const hashes = splitHashes(row.listed);
      return { checkpoint: { ...row.body, listed: hashes }, bodies: hashes.flatMap((hash) => bodies.get(hash) ?? []) };
    });
    if (rows.length > 0) await requireWhole(ctx, id);
    return JSON.stringify({ head, checkpoints: shown } satisfies CommitteeBoard);
  });
}

async function loadBodies(ctx: Context, id: Hex32, numbers: readonly number[]): Promise<Map<Hex32, Body>> {
  if (numbers.length === 0) return new Map();
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
