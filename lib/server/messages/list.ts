import 'server-only';
import { and, asc, eq, gt, lte, max, sql } from 'drizzle-orm';
import { committeeMembers, statements, trusteeMessages } from '#db/schema.ts';
import type { TrusteeStatements } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { findStart, type Place } from '../epoch.ts';
import { isHex32, loadStatement } from '../statements/load.ts';

const PAGE = 200;
/** Bytes of messages in one answer; a page ends with the message that passes it. The database knows them without unpacking a body. */
const ENOUGH = 4_000_000;

/**
 * Everything that trustees said about a statement, evidence of faults included, in the order in which it came: a `MessageList` as
 * JSON. Messages stand in it as they are stored, so that nobody waits while openings of thousands are read and written again.
 */
export async function listMessages(ctx: Context, id: string, place: Place): Promise<string> {
  await loadStatement(ctx, id);
  const isOfStatement = eq(trusteeMessages.statement, id);
  const [newest] = await ctx.db
    .select({ cursor: max(trusteeMessages.cursor) })
    .from(trusteeMessages)
    .where(isOfStatement);
  const start = await findStart(ctx.db, place, newest?.cursor ?? 0);
  const isAfter = and(isOfStatement, gt(trusteeMessages.cursor, start.after));
  const sizes = await ctx.db
    .select({ cursor: trusteeMessages.cursor, length: sql<number>`octet_length(${trusteeMessages.body})` })
    .from(trusteeMessages)
    .where(isAfter)
    .orderBy(asc(trusteeMessages.cursor))
    .limit(PAGE);
  const last = takeEnough(sizes).at(-1);
  if (!last) return textOf(start, []);
  const rows = await ctx.db
    .select({ cursor: trusteeMessages.cursor, body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(and(isAfter, lte(trusteeMessages.cursor, last.cursor)))
    .orderBy(asc(trusteeMessages.cursor));
  return textOf(start, rows);
}

function textOf({ epoch, after }: { epoch: Hex32; after: number }, rows: readonly { cursor: number; body: string }[]): string {
  return `{"epoch":"${epoch}","after":${after},"messages":[${rows.map(({ cursor, body }) => `{"cursor":${cursor},"message":${body}}`).join()}]}`;
}

/** The first of these, up to the one with which the page is full. */
function takeEnough<T extends { length: number }>(rows: readonly T[]): T[] {
  let total = 0;
  return rows.filter((row) => {
    const fits = total < ENOUGH;
    total += row.length;
    return fits;
  });
}

/** The statements whose committee names a trustee's key, oldest first. */
export async function listTrusteeStatements(ctx: Context, key: string, place: Place): Promise<TrusteeStatements> {
  const [newest] = await ctx.db.select({ position: max(statements.position) }).from(statements);
  const { epoch, after } = await findStart(ctx.db, place, newest?.position ?? 0);
  if (!isHex32(key)) return { epoch, after, statements: [] };
  const rows = await ctx.db
    .select({ cursor: statements.position, id: statements.id })
    .from(committeeMembers)
    .innerJoin(statements, eq(statements.id, committeeMembers.statement))
    .where(and(eq(committeeMembers.key, key), gt(statements.position, after)))
    .orderBy(asc(statements.position))
    .limit(PAGE);
  return { epoch, after, statements: rows };
}
