import 'server-only';
import { and, desc, eq, exists, getTableColumns, lte, min } from '#db/drizzle.cjs';
import { isShown } from '#db/moderation.ts';
import { statementGroups, statements } from '#db/schema/board.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import { waves } from '#db/schema/reveal.ts';
import { FEED_KINDS, type FeedKind } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { getGroupView, shownName } from '../groups/list.ts';
import { listStatements, summariseStatement } from '../statements/list.ts';
import { readStatement, type StatementRow } from '../statements/load.ts';
import type { FeedEntry, StatementFeed } from './feed.ts';

/** Entries of a feed. A reader that asks once a day misses none unless more than so many come in a day. */
const MOST_ENTRIES = 20;
const DAY = 86_400;
/** How long a feed is kept for everybody who asks: what it costs does not grow with its readers. */
const KEPT_SECONDS = 60;

type DatedRow = { row: StatementRow; at: number };

/**
 * The newest statements of a kind, or those of them that name a group; newest first. SPEC §13.1.
 * @throws AppError FILE_NOT_FOUND for another kind, GROUP_NOT_FOUND
 */
export async function readFeed(ctx: Context, kind: string, group: string | null): Promise<StatementFeed> {
  const known = FEED_KINDS.find((one) => one === kind);
  if (known === undefined) throw new AppError('FILE_NOT_FOUND');
  const name = JSON.stringify([kind, group, Math.floor(ctx.now() / KEPT_SECONDS)]);
  const feed = ctx.memo.feeds.get(name) ?? ctx.memo.feeds.set(name, makeFeed(ctx, known, group));
  feed.catch(() => ctx.memo.feeds.delete(name));
  return feed;
}

async function makeFeed(ctx: Context, kind: FeedKind, id: string | null): Promise<StatementFeed> {
  const view = id === null ? null : await getGroupView(ctx, id, 0);
  const group = view && { id: view.id, name: shownName(view) };
  const entries = await { new: listNew, revealed: listRevealed, ended: listEnded }[kind](ctx, group?.id);
  return { kind, group, entries, today: dayOf(ctx.now()) };
}

/** When a statement was opened stands nowhere: its day is the last on which its key can be made, or today before that. */
async function listNew(ctx: Context, group: Hex32 | undefined): Promise<FeedEntry[]> {
  const { statements: newest } = await listStatements(ctx, { group });
  return newest.map((statement) => ({ statement, day: dayOf(Math.min(statement.openBy, ctx.now())) }));
}

/** By the first opening of the chain by which names were first opened: what a trustee did, and no signer. */
async function listRevealed(ctx: Context, group: Hex32 | undefined): Promise<FeedEntry[]> {
  const { statement, type, slot, subject, evidence, receivedAt } = trusteeMessages;
  const isOfChain = and(eq(type, 'opening'), eq(slot, waves.number), eq(subject, waves.openedBy), eq(evidence, false));
  const opened = ctx.db
    .select({ id: waves.statement, at: min(receivedAt).as('at') })
    .from(waves)
    .innerJoin(trusteeMessages, and(eq(statement, waves.statement), isOfChain))
    .groupBy(waves.statement)
    .as('opened');
  const rows = await ctx.db
    .select({ row: getTableColumns(statements), at: opened.at })
    .from(opened)
    .innerJoin(statements, eq(statements.id, opened.id))
    .where(and(namesGroup(ctx, group), isShown(statements.id)))
    .orderBy(desc(opened.at), desc(statements.position))
    .limit(MOST_ENTRIES);
  return dateRows(
    ctx,
    rows.map(({ row, at }) => ({ row, at: Number(at) })),
  );
}

async function listEnded(ctx: Context, group: Hex32 | undefined): Promise<FeedEntry[]> {
  const rows = await ctx.db
    .select({ row: getTableColumns(statements), at: statements.destroyAt })
    .from(statements)
    .where(and(lte(statements.destroyAt, ctx.now()), namesGroup(ctx, group), isShown(statements.id)))
    .orderBy(desc(statements.destroyAt), desc(statements.position))
    .limit(MOST_ENTRIES);
  return dateRows(ctx, rows);
}

function namesGroup({ db }: Context, group: Hex32 | undefined) {
  if (group === undefined) return undefined;
  const { groupId, position } = statementGroups;
  return exists(
    db
      .select({ position })
      .from(statementGroups)
      .where(and(eq(groupId, group), eq(position, statements.position))),
  );
}

function dateRows(ctx: Context, rows: readonly DatedRow[]): Promise<FeedEntry[]> {
  return Promise.all(
    rows.map(async ({ row, at }) => ({ statement: await summariseStatement(ctx, readStatement(ctx, row)), day: dayOf(at) })),
  );
}

function dayOf(at: number): number {
  return at - (at % DAY);
}
