import 'server-only';
import type { Database } from '#db/client.ts';
import { and, count, eq, gte, inArray, lt, sql } from '#db/drizzle.cjs';
import { committeeMembers, statementGroups, statements } from '#db/schema/board.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';

const HOUR = 3_600;
/**
 * Statements that may wait for their committees at one time, in all and on one group, and how long. A committee is vouched for when each
 * of its trustees is named by the operator, or by the issuer of each group of the statement; anybody can invent another, and have it make
 * keys.
 */
export const KEYING_LIMITS = {
  vouched: { all: 500, ofGroup: 60, seconds: 30 * 24 * HOUR },
  unvouched: { all: 100, ofGroup: 30, seconds: 36 * HOUR },
} as const;

/** Under this name whoever opens a statement waits for whoever does so before. */
export const OPENING = 'round-robin-keying';
const RETRY_AFTER_SECONDS = 60;

type Standing = keyof typeof KEYING_LIMITS;

/** @throws AppError BAD_TIMES when the time for the key has passed or is longer than such a committee gets */
export function requireNear(ctx: Context, { statement, rolls }: StatementContext): void {
  const now = ctx.now();
  const { openBy } = statement;
  if (openBy <= now) throw new AppError('BAD_TIMES', 'the time by which the key must be made has passed');
  const standing = standingOf(ctx, statement.committee.trustees, [...rolls.values()]);
  if (openBy <= now + KEYING_LIMITS[standing].seconds) return;
  if (standing === 'vouched') throw new AppError('BAD_TIMES', 'the key must be made within 30 days');
  throw new AppError(
    'BAD_TIMES',
    'one of the trustees is named neither by this platform nor by the issuer of each group, so the key must be made within 36 hours',
  );
}

/** Keeps room for a statement among those that wait until the transaction ends. @throws AppError BUSY */
export async function holdRoom(ctx: Context, tx: Database, context: StatementContext): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${OPENING}))`);
  await requireRoom(ctx, tx, context);
}

/** Looks whether there is room for a statement among those that wait. @throws AppError BUSY */
export async function requireRoom(ctx: Context, tx: Database, { statement, rolls }: StatementContext): Promise<void> {
  const standing = standingOf(ctx, statement.committee.trustees, [...rolls.values()]);
  const waiting = await listWaiting(ctx, tx);
  const ids = waiting.map(({ id }) => id);
  const members = await tx.select().from(committeeMembers).where(inArray(committeeMembers.statement, ids));
  const groups = await tx.select().from(statementGroups).where(inArray(statementGroups.statement, ids));
  const committees = Map.groupBy(members, (row) => row.statement);
  const isAlike = ({ id, headers }: Waiting) => standingOf(ctx, committees.get(id) ?? [], headers) === standing;
  const alike = new Set(waiting.filter(isAlike).map(({ id }) => id));
  const limits = KEYING_LIMITS[standing];
  const countOn = (group: Hex32) => groups.filter((row) => row.groupId === group && alike.has(row.statement)).length;
  const isFull = statement.rolls.some(({ group }) => countOn(group) >= limits.ofGroup);
  if (isFull || alike.size >= limits.all) throw new AppError('BUSY', 'too many statements wait for their committees', RETRY_AFTER_SECONDS);
}

type Waiting = { id: Hex32; headers: RollHeader[] };

async function listWaiting(ctx: Context, tx: Database): Promise<Waiting[]> {
  const confirmed = tx
    .select({ number: count() })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, statements.id), eq(trusteeMessages.type, 'confirm')));
  return tx
    .select({ id: statements.id, headers: statements.headers })
    .from(statements)
    .where(and(gte(statements.openBy, ctx.now()), lt(sql`(${confirmed})`, statements.trustees)));
}

function standingOf(ctx: Context, trustees: readonly { key: Hex32 }[], headers: readonly RollHeader[]): Standing {
  const suggested = new Set(ctx.trustees.map(({ key }) => key));
  const isNamed = (key: Hex32) => suggested.has(key) || headers.every((header) => header.trustees.includes(key));
  return trustees.every(({ key }) => isNamed(key)) ? 'vouched' : 'unvouched';
}
