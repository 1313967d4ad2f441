import 'server-only';
import type { Database } from '#db/client.ts';
import { and, asc, eq, gt, inArray, max, sql } from '#db/drizzle.cjs';
import { committeeMembers, statements } from '#db/schema/board.ts';
import { mixLists, trusteeMessages } from '#db/schema/messages.ts';
import { waves } from '#db/schema/reveal.ts';
import type { TrusteeStatements } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { findStart, type ListPlace } from '../epoch.ts';
import { AppError } from '../errors.ts';
import { isHex32, loadStatement } from '../statements/load.ts';
import { loadTextsOfLists } from './load-chains.ts';

const PAGE = 200;
/** Bytes of messages in one answer; a page ends with the message that passes it. The database knows them without unpacking a body. */
const ENOUGH = 4_000_000;
/** Of each message while an answer is made: as the database sends it, as text, and within the answer. */
const COPIES = 3;

/** Who asks: the committee, or anybody, to whom steps and openings of waves that are not public yet are withheld. */
export type Audience = 'committee' | 'public';
/** From where to read, and of which type alone. */
export type MessagePlace = ListPlace & { type?: MessageType | null };
type MessageType = (typeof trusteeMessages.$inferSelect)['type'];

/** The `type` of an address; null when it is missing. @throws AppError BAD_QUERY */
export function readType(request: Request): MessageType | null {
  const text = new URL(request.url).searchParams.get('type');
  const type = trusteeMessages.type.enumValues.find((one) => one === text) ?? null;
  if (type !== text) throw new AppError('BAD_QUERY', 'type is a type of message');
  return type;
}

/**
 * What trustees said about a statement, evidence of faults included, in the order in which it came: a `MessageList` as JSON. Messages
 * stand in it as they are stored, so that nobody waits while steps and openings of thousands are read and written again. SPEC §13.
 */
export async function listMessages(ctx: Context, id: string, place: MessagePlace, audience: Audience): Promise<string> {
  await loadStatement(ctx, id);
  const { cursor, type, slot, trustee, step, body } = trusteeMessages;
  const isIts = eq(trusteeMessages.statement, id);
  const [newest] = await ctx.db
    .select({ cursor: max(cursor) })
    .from(trusteeMessages)
    .where(isIts);
  const start = await findStart(ctx.db, place, newest?.cursor ?? 0);
  const isAfter = and(isIts, gt(cursor, start.after), place.type ? eq(type, place.type) : undefined);
  const heads = await ctx.db
    .select({ cursor, type, trustee, wave: slot, step, length: sql<number>`octet_length(${body})`, opened: waves.openedBy })
    .from(trusteeMessages)
    .leftJoin(waves, and(eq(waves.statement, trusteeMessages.statement), eq(waves.number, slot)))
    .where(isAfter)
    .orderBy(asc(cursor))
    .limit(PAGE);
  const isWithheld = (head: Head) => audience === 'public' && (head.type === 'mix' || head.type === 'opening') && head.opened === null;
  const lists = await sizeLists(
    ctx.db,
    id,
    heads.filter((head) => head.type === 'mix' && !isWithheld(head)).map((head) => head.cursor),
  );
  const lengthOf = (head: Head & { length: number }) => (isWithheld(head) ? 0 : head.length + (lists.get(head.cursor)?.length ?? 0));
  const listed = takeEnough(heads.map((head) => ({ ...head, length: lengthOf(head) })));
  const shown = listed.filter((head) => !isWithheld(head));
  const bytes = listed.reduce((sum, { length }) => sum + length, 0);
  return ctx.making[audience].hold(COPIES * bytes, async () => {
    const texts = await loadTexts(
      ctx,
      id,
      shown.map((head) => head.cursor),
    );
    const items: string[] = [];
    for (const head of listed) {
      if (isWithheld(head)) items.push(JSON.stringify({ cursor: head.cursor, withheld: describe(head) }));
      else
        items.push(`{"cursor":${head.cursor},"message":${texts.get(head.cursor)}${await textOfLists(ctx.db, id, lists.get(head.cursor))}}`);
    }
    return `{"epoch":"${start.epoch}","after":${start.after},"messages":[${items.join()}]}`;
  });
}

type Head = { cursor: number; type: string; trustee: number; wave: number; step: number | null; opened: Hex32 | null };
/** The lists of a step by hash, in its order, and how many bytes they have together. */
type Lists = { hashes: Hex32[]; length: number };

/** The lists of these steps, as far as they are kept: of a step that does not hold there are none. */
async function sizeLists(db: Database, id: Hex32, steps: readonly number[]): Promise<Map<number, Lists>> {
  if (steps.length === 0) return new Map();
  const { cursor, body, statement } = trusteeMessages;
  const rows = await db
    .select({ cursor, body })
    .from(trusteeMessages)
    .where(and(eq(statement, id), inArray(cursor, [...steps])));
  const named = rows.map((row) => ({ cursor: row.cursor, hashes: row.body.type === 'mix' ? row.body.lists.map(({ list }) => list) : [] }));
  const stored = await db
    .select({ hash: mixLists.hash, length: sql<number>`octet_length(${mixLists.body})` })
    .from(mixLists)
    .where(and(eq(mixLists.statement, id), inArray(mixLists.hash, [...new Set(named.flatMap(({ hashes }) => hashes))])));
  const lengths = new Map(stored.map(({ hash, length }) => [hash, length]));
  const kept = named.filter(({ hashes }) => hashes.every((hash) => lengths.has(hash)));
  return new Map(
    kept.map((one) => [one.cursor, { hashes: one.hashes, length: one.hashes.reduce((sum, hash) => sum + (lengths.get(hash) ?? 0), 0) }]),
  );
}

async function textOfLists(db: Database, id: Hex32, lists: Lists | undefined): Promise<string> {
  return lists ? `,"lists":[${(await loadTextsOfLists(db, id, lists.hashes)).join()}]` : '';
}

function describe({ type, trustee, wave, step }: Head) {
  return { type, trustee, wave, ...(step === null ? {} : { step }) };
}

async function loadTexts(ctx: Context, id: string, cursors: readonly number[]): Promise<Map<number, string>> {
  if (cursors.length === 0) return new Map();
  const rows = await ctx.db
    .select({ cursor: trusteeMessages.cursor, text: sql<string>`${trusteeMessages.body}` })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), inArray(trusteeMessages.cursor, [...cursors])));
  return new Map(rows.map(({ cursor, text }) => [cursor, text]));
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
export async function listTrusteeStatements(ctx: Context, key: string, place: ListPlace): Promise<TrusteeStatements> {
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
