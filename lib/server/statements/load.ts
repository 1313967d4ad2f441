import 'server-only';
import type { Database } from '#db/client.ts';
import { eq } from '#db/drizzle.cjs';
import { type PutBack, statements } from '#db/schema/board.ts';
import type { OpenedBy } from '#lib/protocol/permit/group-policy.ts';
import { checkStatement, type StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';

export type StatementRow = typeof statements.$inferSelect;

/**
 * A stored statement. What may change about it: whether what never opened has been erased, who has shown that its board is not
 * whole, and who has not been heard since that was put back.
 */
export type StoredStatement = {
  context: StatementContext;
  position: number;
  openedBy: OpenedBy | null;
  isErased: boolean;
  lostBy: readonly number[];
  putBack: PutBack | null;
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
  const { position, openedBy: by, openedFor: group, isErased, lostBy, putBack } = row;
  return { context, position, openedBy: by && group ? { by, group } : null, isErased, lostBy: lostBy ?? [], putBack };
}

function parseStatement(row: StatementRow): StatementContext {
  const checked = checkStatement(row.body, row.headers);
  if (!checked.ok || checked.value.id !== row.id) throw new Error('a stored statement is not what it was');
  return checked.value;
}
