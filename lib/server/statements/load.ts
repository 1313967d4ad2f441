import 'server-only';
import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { statements } from '#db/schema.ts';
import { checkStatement, type StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';

export type StatementRow = typeof statements.$inferSelect;

/** A stored statement. What may change about it is in `finalCounts` and `lostBy`, see db/schema.ts. */
export type StoredStatement = {
  context: StatementContext;
  position: number;
  finalCounts: ReadonlyMap<string, number> | null;
  lostBy: readonly number[];
};

const ID = /^[0-9a-f]{64}$/;

/** Whether a text from an address can be a hash or key: anything else is not worth a question to the database. */
export function isHex32(text: string): boolean {
  return ID.test(text);
}

/** @throws AppError UNKNOWN_STATEMENT */
export async function loadStatement(ctx: Context, id: string, db: Database = ctx.db): Promise<StoredStatement> {
  const [row] = isHex32(id) ? await db.select().from(statements).where(eq(statements.id, id)) : [];
  if (!row) throw new AppError('UNKNOWN_STATEMENT');
  return readStatement(ctx, row);
}

/** Takes a statement out of its row; it was checked before it was stored, and its id is the hash of everything in it. */
export function readStatement(ctx: Context, row: StatementRow): StoredStatement {
  const context = ctx.memo.statements.get(row.id) ?? ctx.memo.statements.set(row.id, parseStatement(row));
  return { context, position: row.position, finalCounts: parseCounts(row.finalCounts), lostBy: parseLostBy(row.lostBy) };
}

/** The live signatures by group that were counted when the entries were erased; null as long as they are all there. */
export async function readFinalCounts(db: Database, id: string): Promise<StoredStatement['finalCounts']> {
  const [row] = await db.select({ finalCounts: statements.finalCounts }).from(statements).where(eq(statements.id, id));
  return parseCounts(row?.finalCounts ?? null);
}

export function parseLostBy(text: string | null): number[] {
  return text === null ? [] : (JSON.parse(text) as number[]);
}

function parseCounts(text: string | null): StoredStatement['finalCounts'] {
  return text === null ? null : new Map(Object.entries(JSON.parse(text) as Record<string, number>));
}

function parseStatement(row: StatementRow): StatementContext {
  const checked = checkStatement(JSON.parse(row.body), JSON.parse(row.headers));
  if (!checked.ok || checked.value.id !== row.id) throw new Error('a stored statement is not what it was');
  return checked.value;
}
