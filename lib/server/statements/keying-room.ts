import 'server-only';
import { and, count, eq, exists, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { committeeMembers, statementGroups, statements } from '#db/schema/board.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';

const HOUR = 3_600;
/**
 * Statements that may wait for their committees at one time, in all and on one group, and how long. A committee is proven when the
 * operator names each of its trustees or has seen each make a key here; anybody can invent another.
 */
export const KEYING_LIMITS = {
  proven: { all: 500, ofGroup: 60, seconds: 30 * 24 * HOUR },
  unproven: { all: 100, ofGroup: 30, seconds: 36 * HOUR },
} as const;

const LOCK = 'round-robin-keying';
const RETRY_AFTER_SECONDS = 60;

type Proof = keyof typeof KEYING_LIMITS;

/** @throws AppError BAD_TIMES when the time for the key has passed or is longer than such a committee gets */
export async function requireNear(ctx: Context, { openBy, committee }: Statement): Promise<void> {
  const now = ctx.now();
  if (openBy <= now) throw new AppError('BAD_TIMES', 'the time by which the key must be made has passed');
  const known = await listProven(
    ctx,
    ctx.db,
    committee.trustees.map(({ key }) => key),
  );
  const proof = proofOf(committee.trustees, known);
  if (openBy <= now + KEYING_LIMITS[proof].seconds) return;
  if (proof === 'proven') throw new AppError('BAD_TIMES', 'the key must be made within 30 days');
  throw new AppError('BAD_TIMES', 'one of the trustees has made no key here before, so the key must be made within 36 hours');
}

/**
 * Looks whether there is room for a statement among those that wait, and keeps it until the transaction ends.
 * @throws AppError BUSY
 */
export async function requireRoom(ctx: Context, tx: Database, statement: Statement): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${LOCK}))`);
  const ids = await listWaiting(ctx, tx);
  const members = await tx.select().from(committeeMembers).where(inArray(committeeMembers.statement, ids));
  const groups = await tx.select().from(statementGroups).where(inArray(statementGroups.statement, ids));
  const { trustees } = statement.committee;
  const known = await listProven(
    ctx,
    tx,
    [...trustees, ...members].map(({ key }) => key),
  );
  const proof = proofOf(trustees, known);
  const committees = Map.groupBy(members, (row) => row.statement);
  const alike = new Set(ids.filter((id) => proofOf(committees.get(id) ?? [], known) === proof));
  const ofGroup = Map.groupBy(
    groups.filter((row) => alike.has(row.statement)),
    (row) => row.groupId,
  );
  const limits = KEYING_LIMITS[proof];
  const isFull = statement.rolls.some(({ group }) => (ofGroup.get(group)?.length ?? 0) >= limits.ofGroup);
  if (isFull || alike.size >= limits.all) throw new AppError('BUSY', 'too many statements wait for their committees', RETRY_AFTER_SECONDS);
}

async function listWaiting(ctx: Context, tx: Database): Promise<Hex32[]> {
  const confirmed = tx
    .select({ number: count() })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, statements.id), eq(trusteeMessages.type, 'confirm')));
  const rows = await tx
    .select({ id: statements.id })
    .from(statements)
    .where(and(gte(statements.openBy, ctx.now()), lt(sql`(${confirmed})`, statements.trustees)));
  return rows.map(({ id }) => id);
}

/** Which of these keys are the operator's trustees', or have confirmed a key. */
async function listProven(ctx: Context, db: Database, keys: readonly Hex32[]): Promise<Set<Hex32>> {
  const { statement, trustee, key } = committeeMembers;
  const isConfirm = and(
    eq(trusteeMessages.statement, statement),
    eq(trusteeMessages.trustee, trustee),
    eq(trusteeMessages.type, 'confirm'),
  );
  const rows = await db
    .selectDistinct({ key })
    .from(committeeMembers)
    .where(and(inArray(key, [...new Set(keys)]), exists(db.select({ one: sql`1` }).from(trusteeMessages).where(isConfirm))));
  return new Set([...ctx.trustees.map((known) => known.key), ...rows.map((row) => row.key)]);
}

function proofOf(trustees: readonly { key: Hex32 }[], known: ReadonlySet<Hex32>): Proof {
  return trustees.every(({ key }) => known.has(key)) ? 'proven' : 'unproven';
}
