import 'server-only';
import { desc, lt } from 'drizzle-orm';
import { statements } from '../../../db/schema.ts';
import type { StatementList, StatementSummary } from '../../api/shapes.ts';
import { leastSignatures, totalOf } from '../../protocol/trigger.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { readStatement, type StoredStatement } from './load.ts';
import { computeOutcome, countRevealed } from './outcome.ts';

const PAGE = 20;

/** Statements on this platform, newest first. `before` is the `next` of the page before. @throws AppError BAD_QUERY */
export async function listStatements(ctx: Context, { before }: { before?: string | undefined } = {}): Promise<StatementList> {
  if (before !== undefined && !/^[1-9]\d{0,14}$/.test(before)) throw new AppError('BAD_QUERY');
  const rows = await ctx.db
    .select()
    .from(statements)
    .where(before === undefined ? undefined : lt(statements.position, Number(before)))
    .orderBy(desc(statements.position))
    .limit(PAGE);
  const list = await Promise.all(rows.map((row) => summarise(ctx, readStatement(ctx, row))));
  return rows.length < PAGE ? { statements: list } : { statements: list, next: String(rows.at(-1)?.position) };
}

async function summarise(ctx: Context, stored: StoredStatement): Promise<StatementSummary> {
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
    revealed: countRevealed(stored, outcome),
  };
}
