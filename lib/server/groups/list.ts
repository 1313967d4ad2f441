import 'server-only';
import { and, desc, eq, inArray, lt, type SQL, sql } from '#db/drizzle.cjs';
import { findDecisions, isShown } from '#db/moderation.ts';
import { endedKeys, groups, rolls } from '#db/schema/membership.ts';
import { findInList, foldText } from '#lib/api/find-in-list.ts';
import { type Decision, type GroupChoices, type GroupList, type GroupSummary, LONGEST_SEARCH, MOST_LISTED_ROLLS } from '#lib/api/shapes.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { followsRoll, type RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newestRollOf } from '../rolls/read.ts';
import { isHex32 } from '../statements/load.ts';

/** A roll with what changed since the one before (null where nobody counted), and whether it follows that one as it must. */
export type PublishedRoll = { hash: Hex32; header: RollHeader; added: number | null; removed: number | null; isChained: boolean };

/** What the page of a group shows. */
export type GroupView = {
  id: Hex32;
  group: { issuer: Hex32; name: string };
  claimedAt: number;
  /** The newest ones, newest first: as many as were asked for. */
  rolls: PublishedRoll[];
  /** By what the operator has hidden it; null while it is shown. */
  hidden: Decision | null;
};

/** A group's name; of a hidden group, that it is hidden. */
export function shownName({ group, hidden }: Pick<GroupView, 'group' | 'hidden'>): string {
  return hidden ? 'A hidden group' : group.name;
}

/** The groups that an account keeps. */
export async function listGroupsOf(ctx: Context, issuer: string): Promise<GroupSummary[]> {
  return summarise(ctx, eq(groups.issuer, issuer));
}

const LISTED_AT_ONCE = 200;
/** Groups that an address may name to begin with. */
const MOST_NAMED = 100;
/** Groups whose names one request looks at: what a search costs does not grow with what is stored. */
const SEARCHED = 2_000;

/** `issuer`: those that an account keeps; `isLive`: those of which something new can be made, because the key of their issuer has not ended. */
type GroupQuery = { after?: string | null; search?: string | null; issuer?: string; isLive?: boolean };

/**
 * A page of the groups that are not hidden, or of those that an account keeps, by name, after the one with that id. With `search` those
 * whose name or key holds each of these words. A page may hold few or none and still have one after it. @throws AppError BAD_QUERY
 */
export async function readGroupsPage(ctx: Context, { after, search, issuer, isLive }: GroupQuery): Promise<GroupList> {
  if (search && search.length > LONGEST_SEARCH) throw new AppError('BAD_QUERY', `search has at most ${LONGEST_SEARCH} characters`);
  const most = search ? SEARCHED : LISTED_AT_ONCE;
  const { id, name, issuerKey } = groups;
  const rows = await ctx.db
    .select({ id, name, issuerKey })
    .from(groups)
    .where(and(issuer === undefined ? undefined : eq(groups.issuer, issuer), after ? await isAfter(ctx, after) : undefined))
    .orderBy(name, id)
    .limit(most + 1);
  const looked = rows.slice(0, most);
  const texts = search ? looked.map((row) => foldText(`${row.name} ${row.issuerKey}`)) : [];
  const found = search ? findInList(texts, search).map((i) => looked[i] as (typeof rows)[number]) : looked;
  const some = found.slice(0, LISTED_AT_ONCE);
  const next = found.length > some.length ? some.at(-1) : rows.length > looked.length ? looked.at(-1) : undefined;
  const ids = some.map((row) => row.id);
  // Looked at only now: in the question for the page the database would work both out for every group that there is.
  const hidden = issuer === undefined ? await findDecisions(ctx.db, ids) : new Map();
  const summaries = ids.length === 0 ? [] : await summarise(ctx, inArray(groups.id, ids));
  const shown = summaries.filter((one) => !hidden.has(one.id) && !(isLive && one.ended));
  return { groups: shown, ...(next === undefined ? {} : { next: next.id }) };
}

/** The search and the place in the list that an address asks for. */
export function readGroupQuery(request: Request): Pick<GroupQuery, 'after' | 'search'> {
  const { searchParams } = new URL(request.url);
  return { after: searchParams.get('after'), search: searchParams.get('search') };
}

/** What there is to choose from: a page of live groups, and as `chosen` those of these ids that are live. Ids that are none are passed over. */
export async function listChoices(ctx: Context, ids: readonly string[]): Promise<GroupChoices> {
  const named = ids.filter(isHex32).slice(0, MOST_NAMED);
  const shown = named.length === 0 ? [] : await summarise(ctx, and(isShown(groups.id), inArray(groups.id, named)));
  return { ...(await readGroupsPage(ctx, { isLive: true })), chosen: shown.filter(({ ended }) => !ended) };
}

async function isAfter({ db }: Context, id: string): Promise<SQL> {
  const [last] = isHex32(id) ? await db.select({ name: groups.name }).from(groups).where(eq(groups.id, id)) : [];
  if (!last) throw new AppError('BAD_QUERY', 'after is the id of a group that was listed');
  return sql`(${groups.name}, ${groups.id}) > (${last.name}, ${sql.param(id, groups.id)})`;
}

/** The groups of a key that are not hidden. */
export async function listGroupsOfKey(ctx: Context, key: Hex32): Promise<GroupSummary[]> {
  return summarise(ctx, and(eq(groups.issuerKey, key), isShown(groups.id)));
}

async function summarise(ctx: Context, which: SQL | undefined): Promise<GroupSummary[]> {
  const newest = newestRollOf(ctx.db);
  const rows = await ctx.db
    .select({
      ...{ id: groups.id, issuerKey: groups.issuerKey, name: groups.name, claimedAt: groups.claimedAt },
      ...{ header: newest.header, ended: endedKeys.at },
    })
    .from(groups)
    .leftJoin(endedKeys, eq(endedKeys.key, groups.issuerKey))
    .leftJoinLateral(newest, sql`true`)
    .where(which)
    .orderBy(groups.name, groups.id);
  return rows.map((row) => {
    const { size = 0, number = 0, time = row.claimedAt } = row.header ?? {};
    const ended = row.ended === null ? {} : { ended: true as const };
    return { id: row.id, group: { issuer: row.issuerKey, name: row.name }, size, number, time, ...ended };
  });
}

/** Looked at anew each time: a database that was changed by hand must not show a history that is none. */
function isChained(header: RollHeader, before: RollHeader | undefined): boolean {
  return before ? followsRoll(before, header) : header.number === 1;
}

async function loadGroup(ctx: Context, id: string): Promise<typeof groups.$inferSelect> {
  const [row] = isHex32(id) ? await ctx.db.select().from(groups).where(eq(groups.id, id)) : [];
  if (!row) throw new AppError('GROUP_NOT_FOUND');
  return row;
}

/** Which of its rolls are wanted: those with numbers below `before`, at most so many. */
type RollsWanted = { before: number | null; most: number };

/** The name of a group, and headers of its rolls, newest first. `next`: the `before` of the page with older ones. @throws AppError GROUP_NOT_FOUND */
export async function readGroupHistory(
  ctx: Context,
  id: string,
  { before, most }: RollsWanted,
): Promise<{ group: GroupView['group']; rolls: RollHeader[]; next?: number }> {
  const { issuerKey, name } = await loadGroup(ctx, id);
  const history = await ctx.db
    .select({ header: rolls.header })
    .from(rolls)
    .where(and(eq(rolls.groupId, id), before === null ? undefined : lt(rolls.number, before)))
    .orderBy(desc(rolls.number))
    .limit(most + 1);
  const shown = history.slice(0, most).map(({ header }) => header);
  const next = history.length > shown.length ? shown.at(-1)?.number : undefined;
  return { group: { issuer: issuerKey, name }, rolls: shown, ...(next === undefined ? {} : { next }) };
}

/** What an address asks for. @throws AppError BAD_QUERY */
export function readRollsWanted(request: Request): RollsWanted {
  const { searchParams } = new URL(request.url);
  const before = readNumber(searchParams.get('before') ?? undefined, 'before');
  const most = readNumber(searchParams.get('most') ?? undefined, 'most') ?? MOST_LISTED_ROLLS;
  if (most > MOST_LISTED_ROLLS) throw new AppError('BAD_QUERY', `most is at most ${MOST_LISTED_ROLLS}`);
  return { before, most };
}

function readNumber(text: string | undefined, name: string): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new AppError('BAD_QUERY', `${name} is a whole number above zero`);
  return Number(text);
}

/** @param most how many of its rolls are wanted @throws AppError GROUP_NOT_FOUND */
export async function getGroupView(ctx: Context, id: string, most: number): Promise<GroupView> {
  const row = await loadGroup(ctx, id);
  const history = await ctx.db
    .select({ hash: rolls.hash, header: rolls.header, added: rolls.added, removed: rolls.removed })
    .from(rolls)
    .where(eq(rolls.groupId, id))
    .orderBy(desc(rolls.number))
    .limit(most + 1); // the last is there for the one after it
  return {
    id: row.id,
    group: { issuer: row.issuerKey, name: row.name },
    claimedAt: row.claimedAt,
    hidden: (await findDecisions(ctx.db, [id])).get(id) ?? null,
    rolls: history.slice(0, most).map((roll, i) => ({ ...roll, isChained: isChained(roll.header, history[i + 1]?.header) })),
  };
}

/** @throws AppError GROUP_NOT_FOUND unless this account keeps the group: a stranger does not even learn that it exists */
export async function requireOwnGroup(ctx: Context, issuer: string, id: string): Promise<{ id: Hex32; issuer: Hex32; name: string }> {
  const isOwn = and(eq(groups.id, id), eq(groups.issuer, issuer));
  const [row] = isHex32(id) ? await ctx.db.select().from(groups).where(isOwn) : [];
  if (!row || groupId({ issuer: row.issuerKey, name: row.name }) !== id) throw new AppError('GROUP_NOT_FOUND');
  return { id, issuer: row.issuerKey, name: row.name };
}

/** @throws AppError ISSUER_NOT_FOUND unless the account keeps a group of this key */
export async function requireOwnKey(ctx: Context, account: string, key: string): Promise<Hex32> {
  const isOwn = and(eq(groups.issuer, account), eq(groups.issuerKey, key));
  const kept = isHex32(key) ? await ctx.db.$count(groups, isOwn) : 0;
  if (kept === 0) throw new AppError('ISSUER_NOT_FOUND');
  return key;
}
