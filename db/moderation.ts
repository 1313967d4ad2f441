import { and, asc, desc, eq, gt, inArray, lt, type SQL, type SQLWrapper, sql } from '#db/drizzle.cjs';
import { findTextFault } from '#lib/api/plain-text.ts';
import type { Decision } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Database } from './client.ts';
import { checkpoints, entries, statements } from './schema/board.ts';
import { groups } from './schema/membership.ts';
import { decisions } from './schema/moderation.ts';

/** `id`: its place among all. */
export type ListedDecision = Decision & { id: number };

const LONGEST_REASON = 500;
const DAY = 86_400;

/** A decision that cannot be taken; the message is a sentence for the operator. */
export class DecisionRefused extends Error {}

/** What an operator asks for: of whom, is found by the hash. */
export type AskedDecision = Pick<Decision, 'subject' | 'action' | 'reason'>;

/**
 * Takes a decision, which holds from now on. A statement that anybody has signed can be hidden and no longer refused.
 * @param now Unix seconds
 * @throws DecisionRefused
 */
export async function decide(db: Database, { subject, action, reason: text }: AskedDecision, now: number): Promise<Decision> {
  const reason = text.trim();
  const fault = findTextFault(reason, { most: LONGEST_REASON, lines: 1 });
  if (fault !== null) throw new DecisionRefused(`The reason ${fault}.`);
  return db.transaction(async (tx) => {
    // Whoever stores signatures waits until the decision stands, or is waited for; so is whoever decides.
    await tx.execute(sql`lock table ${entries} in share row exclusive mode`);
    const decision = { kind: await requirePossible(tx, subject, action), subject, action, reason, day: now - (now % DAY) };
    await tx.insert(decisions).values(decision);
    return decision;
  });
}

/** @returns what it is that is decided about @throws DecisionRefused */
async function requirePossible(db: Database, subject: Hex32, action: Decision['action']): Promise<Decision['kind']> {
  const before = (await findDecisions(db, [subject])).get(subject);
  if (action === 'show') {
    if (!before) throw new DecisionRefused('Nothing with this hash is hidden.');
    return before.kind;
  }
  if (before && (before.action === action || before.action === 'refuse'))
    throw new DecisionRefused(`It is ${before.action === 'refuse' ? 'refused' : 'hidden'} already. Show it first.`);
  const kind = await findKind(db, subject);
  if (action === 'hide') {
    if (kind === null) throw new DecisionRefused('There is nothing with this hash here. A statement that has not come yet can be refused.');
    return kind;
  }
  if (kind === 'group') throw new DecisionRefused('This is a group, which can be hidden and not refused.');
  if (await isSigned(db, subject))
    throw new DecisionRefused('Somebody has signed this statement, so it can be hidden and no longer refused.');
  return 'statement';
}

async function findKind(db: Database, subject: Hex32): Promise<Decision['kind'] | null> {
  if ((await db.$count(statements, eq(statements.id, subject))) > 0) return 'statement';
  return (await db.$count(groups, eq(groups.id, subject))) > 0 ? 'group' : null;
}

/** Signatures are erased at the end; the lists of their hashes stay. */
async function isSigned(db: Database, statement: Hex32): Promise<boolean> {
  const listed = and(eq(checkpoints.statement, statement), sql`octet_length(${checkpoints.listed}) > 0`);
  const signed = await db.$count(entries, eq(entries.statement, statement));
  return signed > 0 || (await db.$count(checkpoints, listed)) > 0;
}

/** The decisions by which these are hidden or refused now, by their hashes. */
export async function findDecisions(db: Database, subjects: readonly Hex32[]): Promise<Map<Hex32, Decision>> {
  if (subjects.length === 0) return new Map();
  const newest = await db
    .selectDistinctOn([decisions.subject])
    .from(decisions)
    .where(inArray(decisions.subject, [...new Set(subjects)]))
    .orderBy(decisions.subject, desc(decisions.id));
  return new Map(newest.filter(({ action }) => action !== 'show').map(({ id: _, ...decision }) => [decision.subject, decision]));
}

/** For a query: whether what has this hash is neither hidden nor refused. */
export function isShown(subject: SQLWrapper): SQL {
  const { id, action } = decisions;
  const newest = sql`select ${action} from ${decisions} where ${decisions.subject} = ${subject} order by ${id} desc limit 1`;
  return sql`coalesce((${newest}), 'show') = 'show'`;
}

/** Every decision after this one, in the order in which they were taken: the same list for everybody. */
export async function listDecisions(db: Database, after: number, most: number): Promise<ListedDecision[]> {
  return db.select().from(decisions).where(gt(decisions.id, after)).orderBy(asc(decisions.id)).limit(most);
}

/** The newest decisions, or the newest before that one, newest first. */
export async function listNewestDecisions(db: Database, before: number | null, most: number): Promise<ListedDecision[]> {
  const isAsked = before === null ? undefined : lt(decisions.id, before);
  return db.select().from(decisions).where(isAsked).orderBy(desc(decisions.id)).limit(most);
}
