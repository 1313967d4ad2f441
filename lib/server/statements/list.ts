import 'server-only';
import { and, desc, eq, lt } from 'drizzle-orm';
import { statementGroups, statements } from '#db/schema/board.ts';
import type { StatementList, StatementSummary } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { leastSignatures, totalOf } from '#lib/protocol/statement/trigger.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { isHex32, readStatement, type StatementRow, type StoredStatement } from './load.ts';
import { computeOutcome, countRevealed } from './outcome.ts';

const PAGE = 20;

/** `before` is the `next` of the page before; `group` leaves only statements that its members may sign. */
export type StatementQuery = { before?: string | undefined; group?: Hex32 | undefined };

/** Statements on this platform, newest first. @throws AppError BAD_QUERY */
export async function listStatements(ctx: Context, { before, group }: StatementQuery = {}): Promise<StatementList> {
  if (before !== undefined && !/^[1-9]\d{0,14}$/.test(before)) throw new AppError('BAD_QUERY');
  if (group !== undefined && !isHex32(group)) throw new AppError('BAD_QUERY');
  const rows = await (group === undefined ? findAll(ctx, before) : findOfGroup(ctx, group, before));
  const list = await Promise.all(rows.map((row) => summariseStatement(ctx, readStatement(ctx, row))));
  return rows.length < PAGE ? { statements: list } : { statements: list, next: String(rows.at(-1)?.position) };
}

function findAll(ctx: Context, before: string | undefined): Promise<StatementRow[]> {
  return ctx.db
    .select()
    .from(statements)
    .where(before === undefined ? undefined : lt(statements.position, Number(before)))
    .orderBy(desc(statements.position))
    .limit(PAGE);
}

async function findOfGroup(ctx: Context, group: Hex32, before: string | undefined): Promise<StatementRow[]> {
  const { groupId, position, statement } = statementGroups;
  const found = await ctx.db
    .select({ row: statements })
    .from(statementGroups)
    .innerJoin(statements, eq(statements.id, statement))
    .where(and(eq(groupId, group), before === undefined ? undefined : lt(position, Number(before))))
    .orderBy(desc(position))
    .limit(PAGE);
  return found.map(({ row }) => row);
}

/** How a statement stands, for lists. */
export async function summariseStatement(ctx: Context, stored: StoredStatement): Promise<StatementSummary> {
  const { id, statement, sizes } = stored.context;
  const outcome = await computeOutcome(ctx, stored);
  const [text] = statement.text;
  return {
    id,
    title: text?.title ?? '',
    language: text?.language ?? '',
    state: outcome.state,
    openBy: statement.openBy,
    deadline: statement.deadline,
    needed: leastSignatures(statement.trigger, sizes),
    count: totalOf(outcome.counts),
    revealed: countRevealed(outcome),
  };
}
