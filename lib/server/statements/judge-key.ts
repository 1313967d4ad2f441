import 'server-only';
import type { Database } from '#db/client.ts';
import { and, asc, count, eq, inArray } from '#db/drizzle.cjs';
import { trusteeMessages } from '#db/schema/messages.ts';
import { abortForSilence, judgeKeyGeneration, type Keyed, type KeyState } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';

export const KEY_TYPES = ['commit', 'deal', 'complaint', 'confirm'] as const;

/** The messages of a statement's key generation in the order in which they came, contradictions included: they are judged too. */
export async function listKeyMessages(db: Database, id: string): Promise<KeyMessage[]> {
  const rows = await db.select({ body: trusteeMessages.body }).from(trusteeMessages).where(ofKey(id)).orderBy(asc(trusteeMessages.cursor));
  return rows.map((row) => row.body as KeyMessage);
}

/**
 * What the stored messages of a key generation amount to, whatever the time. Messages are never changed or removed, so their
 * number stands for all of them, and a finished key stays finished.
 */
export async function judgeKey(ctx: Context, context: StatementContext, db: Database = ctx.db): Promise<KeyState> {
  const finished = ctx.memo.keys.get(context.id);
  if (finished) return finished;
  const [row] = await db.select({ number: count() }).from(trusteeMessages).where(ofKey(context.id));
  const name = `${context.id}/${row?.number ?? 0}`;
  const known = ctx.memo.keys.get(name);
  if (known) return known;
  return judgeListedKey(ctx, context, await listKeyMessages(db, context.id));
}

/** The same for a caller that has loaded all the stored messages of the statement already. */
export function judgeListedKey(ctx: Context, context: StatementContext, messages: readonly KeyMessage[]): KeyState {
  const name = `${context.id}/${messages.length}`;
  const known = ctx.memo.keys.get(context.id) ?? ctx.memo.keys.get(name);
  if (known) return known;
  const state = judgeKeyGeneration(context, messages);
  return ctx.memo.keys.set(state.status === 'keyed' ? context.id : name, state);
}

/** The same at a time: who was silent until then is named. Unix seconds. */
export function keyStateAt(context: StatementContext, key: KeyState, now: number): KeyState {
  return now > context.statement.openBy ? abortForSilence(key) : key;
}

/** @throws AppError STATEMENT_NOT_OPEN when the committee has not made the key */
export async function requireKeyed(ctx: Context, context: StatementContext, db: Database = ctx.db): Promise<Keyed> {
  const key = await judgeKey(ctx, context, db);
  if (key.status !== 'keyed') throw new AppError('STATEMENT_NOT_OPEN');
  return key;
}

function ofKey(id: string) {
  return and(eq(trusteeMessages.statement, id), inArray(trusteeMessages.type, [...KEY_TYPES]));
}
