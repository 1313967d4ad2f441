import 'server-only';
import { and, count, desc, eq, exists, gt, inArray, isNotNull, lt, lte, not, or, type SQL, sql } from '#db/drizzle.cjs';
import { isShown } from '#db/moderation.ts';
import { statementGroups, statements } from '#db/schema/board.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import { waves } from '#db/schema/reveal.ts';
import { findInList, foldText } from '#lib/api/find-in-list.ts';
import { LONGEST_SEARCH, STANDINGS, type StatementList, type StatementSummary } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { leastSignatures, totalOf } from '#lib/protocol/statement/trigger.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { isHex32, readStatement, type StoredStatement } from './load.ts';
import { computeOutcome, countRevealed } from './outcome.ts';

const PAGE = 20;
/** Statements whose titles one request looks at: what a search costs does not grow with what is stored. */
const SEARCHED = 300;

/**
 * `before` is the `next` of the page before; `group` leaves only statements that its members may sign; `standing` those that stand so;
 * `search` those with a title, in any of their languages, that holds each of these words.
 */
export type StatementQuery = {
  before?: string | undefined;
  group?: Hex32 | undefined;
  standing?: string | undefined;
  search?: string | undefined;
};
type Place = { id: Hex32; position: number };

/** Statements on this platform that are not hidden, newest first. A page of a search may hold few or none and still have one after it. @throws AppError BAD_QUERY */
export async function listStatements(ctx: Context, query: StatementQuery = {}): Promise<StatementList> {
  requireGood(query);
  const most = query.search === undefined ? PAGE : SEARCHED;
  const places = await findPlaces(ctx, query, most);
  const chosen = query.search === undefined ? places : await keepTitled(ctx, places, query.search);
  const isWhole = places.length < most && chosen.length < PAGE;
  const next = isWhole ? undefined : (chosen.length < PAGE ? places : chosen).at(-1)?.position;
  const list = await summariseAll(ctx, chosen);
  return next === undefined ? { statements: list } : { statements: list, next: String(next) };
}

/** How many statements stand so. */
export async function countStatements(ctx: Context, standing: (typeof STANDINGS)[number]): Promise<number> {
  return ctx.db.$count(statements, standsSo(ctx, standing));
}

function requireGood({ before, group, standing, search }: StatementQuery): void {
  if (before !== undefined && !/^[1-9]\d{0,14}$/.test(before))
    throw new AppError('BAD_QUERY', 'before is a number that the platform gave out');
  if (group !== undefined && !isHex32(group)) throw new AppError('BAD_QUERY', 'group is the id of a group');
  if (standing !== undefined && !STANDINGS.some((one) => one === standing))
    throw new AppError('BAD_QUERY', `standing is one of ${STANDINGS.join(', ')}`);
  if (search !== undefined && search.length > LONGEST_SEARCH)
    throw new AppError('BAD_QUERY', `search has at most ${LONGEST_SEARCH} characters`);
}

/** Those of a group are found by its own index, without a look at any other. */
async function findPlaces(ctx: Context, { before, group, standing }: StatementQuery, most: number): Promise<Place[]> {
  const { position } = group === undefined ? statements : statementGroups;
  const isAsked = and(before === undefined ? undefined : lt(position, Number(before)), standsSo(ctx, standing), isShown(statements.id));
  const select = ctx.db.select({ id: statements.id, position });
  const found =
    group === undefined
      ? select.from(statements).where(isAsked)
      : select
          .from(statementGroups)
          .innerJoin(statements, eq(statements.id, statementGroups.statement))
          .where(and(eq(statementGroups.groupId, group), isAsked));
  return found.orderBy(desc(position)).limit(most);
}

/** By what is stored alone: to work out the state of each statement would take a page of work for every line that is left out. */
function standsSo({ db, now }: Context, standing: string | undefined): SQL | undefined {
  const { id, openBy, destroyAt, trustees } = statements;
  const opened = exists(
    db
      .select({ number: waves.number })
      .from(waves)
      .where(and(eq(waves.statement, id), isNotNull(waves.openedBy))),
  );
  const { statement, type, evidence } = trusteeMessages;
  const confirmed = db
    .select({ confirmed: count() })
    .from(trusteeMessages)
    .where(and(eq(statement, id), eq(type, 'confirm'), eq(evidence, false)));
  switch (standing) {
    case 'open': // its key is made, or can still be made
      return and(gt(destroyAt, now()), not(opened), or(gt(openBy, now()), sql`(${confirmed}) = ${trustees}`));
    case 'revealed':
      return opened;
    case 'ended':
      return lte(destroyAt, now());
    default:
      return undefined;
  }
}

/** Titles are compared here and not in the database, whose ideas of case and accents depend on how it was set up. */
async function keepTitled(ctx: Context, places: readonly Place[], search: string): Promise<Place[]> {
  const titles = sql<string[]>`jsonb_path_query_array(${statements.body}::jsonb, '$.text[*].title')`;
  const rows = await ctx.db
    .select({ id: statements.id, titles })
    .from(statements)
    .where(inArray(statements.id, idsOf(places)));
  const titled = new Map(rows.map((row) => [row.id, foldText(row.titles.join('\n'))]));
  const found = findInList(
    places.map(({ id }) => titled.get(id) ?? ''),
    search,
  );
  return found.slice(0, PAGE).map((i) => places[i] as Place);
}

async function summariseAll(ctx: Context, places: readonly Place[]): Promise<StatementSummary[]> {
  const rows = await ctx.db
    .select()
    .from(statements)
    .where(inArray(statements.id, idsOf(places)))
    .orderBy(desc(statements.position));
  return Promise.all(rows.map((row) => summariseStatement(ctx, readStatement(ctx, row))));
}

function idsOf(places: readonly Place[]): Hex32[] {
  return places.map(({ id }) => id);
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
