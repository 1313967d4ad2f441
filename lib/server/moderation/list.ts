import 'server-only';
import { type ListedDecision, listDecisions, listNewestDecisions } from '#db/moderation.ts';
import type { DecisionList } from '#lib/api/shapes.ts';
import type { Context } from '../context.ts';

const LISTED_AT_ONCE = 200;
const PAGE = 50;

/** What the operator has decided, from the first decision on, in pages: the same list for everybody. SPEC §13.7. */
export async function readDecisions({ db }: Context, after: number): Promise<DecisionList> {
  const rows = await listDecisions(db, after, LISTED_AT_ONCE + 1);
  const shown = rows.slice(0, LISTED_AT_ONCE);
  const next = rows.length > shown.length ? shown.at(-1)?.id : undefined;
  return { decisions: shown.map(({ id: _, ...decision }) => decision), ...(next === undefined ? {} : { next }) };
}

/** The same from the newest on, for people. `next`: the `before` of the page after; undefined at the end. */
export async function readNewestDecisions({ db }: Context, before: number | null): Promise<{ decisions: ListedDecision[]; next?: number }> {
  const rows = await listNewestDecisions(db, before, PAGE + 1);
  const decisions = rows.slice(0, PAGE);
  const next = rows.length > decisions.length ? decisions.at(-1)?.id : undefined;
  return next === undefined ? { decisions } : { decisions, next };
}
