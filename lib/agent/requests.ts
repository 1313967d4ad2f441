// What the pages of the agent do with a request before they do anything else
import type { Context } from 'hono';
import type { Html } from '#lib/host/page/frame.ts';
import type { Way } from '#lib/issuing/ways.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type AdmissionTerms, admitPerson, type Given, type Verified } from './admission.ts';
import type { Desk, ServedGroup } from './desk.ts';
import { type Agency, ledgerOf, memberOf } from './ledger.ts';
import { layOutPage } from './pages/layout.ts';
import type { RefusalCode } from './refusal-words.ts';
import type { BrowserSession } from './sessions.ts';
import { type WaySettings, wayOf } from './settings.ts';

export type AgentEnv = { Variables: { session: BrowserSession } };
export type AgentContext = Context<AgentEnv>;

/** What a page refuses; the server shows it in words. */
export class PageRefusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;

  constructor(code: RefusalCode, status = 400) {
    super(code);
    this.name = 'PageRefusal';
    this.code = code;
    this.status = status;
  }
}

/** The session of a browser, opened when it has none. */
export function sessionFor(c: AgentContext, { sessions, now }: Desk): BrowserSession {
  const known = sessions.find(c.req.header('Cookie'), now());
  if (known) return known;
  const { session, cookie } = sessions.open(now());
  c.header('Set-Cookie', cookie);
  return session;
}

/** Reads a form that one of our own pages sent, in the session in which it was made. @throws PageRefusal FORM_EXPIRED */
export async function readForm(
  c: AgentContext,
  { sessions, now }: Desk,
): Promise<{ session: BrowserSession; field(name: string): string }> {
  const session = sessions.find(c.req.header('Cookie'), now());
  const site = c.req.header('Sec-Fetch-Site');
  if (!session || (site !== undefined && site !== 'same-origin')) throw new PageRefusal('FORM_EXPIRED', 403);
  const form = await c.req.parseBody().catch(() => {
    throw new PageRefusal('FORM_EXPIRED'); // it broke off, or none of our pages has made it
  });
  const field = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
  if (field('token') !== session.formToken) throw new PageRefusal('FORM_EXPIRED', 403);
  return { session, field };
}

/** @throws PageRefusal UNKNOWN_GROUP */
export function groupIn(c: AgentContext, { groups }: Desk): ServedGroup {
  const found = groups.find(({ id }) => id === c.req.param('group'));
  if (!found) throw new PageRefusal('UNKNOWN_GROUP', 404);
  return found;
}

/** The settings of a way that a group has open. @throws PageRefusal WAY_CLOSED */
export function openWay<W extends Way>({ settings }: ServedGroup, way: W): Extract<WaySettings, { way: W }> {
  const found = wayOf(settings, way);
  if (!found) throw new PageRefusal('WAY_CLOSED', 404);
  return found;
}

export function showPage(c: AgentContext, { settings }: Desk, page: Parameters<typeof layOutPage>[1], status: 200 | 400 = 200) {
  return c.html(layOutPage(settings, page) as Html, status);
}

/** On what terms a group gives an invitation now. */
export function termsOf({ now }: Desk, { settings }: ServedGroup): AdmissionTerms {
  return { now: now(), invitationSeconds: settings.invitationSeconds };
}

/** One secret must never stand for two people. @throws PageRefusal OLDER_COPY */
export function requireNewest({ older }: Desk, { id }: ServedGroup): void {
  if (older.has(id)) throw new PageRefusal('OLDER_COPY', 503);
}

/** Gives somebody of the roster the invitation that `work` makes. @returns its secret @throws PageRefusal */
export function giveHere(
  desk: Desk,
  group: ServedGroup,
  work: (agency: Agency, terms: AdmissionTerms) => Checked<Given, 'NO_STOCK' | 'STRUCK'>,
): Promise<Hex32> {
  requireNewest(desk, group);
  const terms = termsOf(desk, group);
  return desk.store.change((agency) => {
    const given = work(agency, terms);
    if (!given.ok) throw new PageRefusal(given.code, 409);
    return { agency: given.value.agency, result: given.value.secret };
  });
}

/**
 * Admits a verified person: their browser is given the invitation, or is shown that theirs was answered.
 * @throws PageRefusal for every other reason
 */
export async function admitHere(c: AgentContext, desk: Desk, group: ServedGroup, person: Verified): Promise<void> {
  requireNewest(desk, group);
  const terms = termsOf(desk, group);
  const outcome = await desk.store.change<ReturnType<typeof admitPerson>>((agency) => {
    const admitted = admitPerson(agency, group.id, person, terms);
    if (admitted.ok) countFresh(desk, group.id, agency, admitted.value);
    return admitted.ok ? { agency: admitted.value.agency, result: admitted } : { agency, result: admitted };
  });
  if (!outcome.ok && outcome.code !== 'ALREADY_ANSWERED') throw new PageRefusal(outcome.code, 409);
  renewSession(c, desk).given = { group: group.id, secret: outcome.ok ? outcome.value.secret : ownSecret(desk, group, person) };
}

/** A session in place of the browser's own, whose cookie somebody may know who had the browser before: what is shown from now on is for one person. */
function renewSession(c: AgentContext, { sessions, now }: Desk): BrowserSession {
  const old = c.req.header('Cookie');
  const isClerk = sessions.find(old, now())?.isClerk ?? false;
  sessions.end(old);
  const { session, cookie } = sessions.open(now(), isClerk);
  c.header('Set-Cookie', cookie);
  return session;
}

const MOST_FRESH = 5;

/** The stock of a turn is for everybody: out of it one person gets so many invitations a day. @throws PageRefusal GIVEN_OFTEN */
export function countFresh({ dailyTurns, now }: Desk, group: Hex32, before: Agency, { agency, secret }: Given): void {
  if (ledgerOf(agency, group).stock.length === ledgerOf(before, group).stock.length) return;
  const key = `${group} ${memberOf(agency, group, secret)?.email}`;
  if (!dailyTurns.take([{ key, most: MOST_FRESH }], now())) throw new PageRefusal('GIVEN_OFTEN', 429);
}

function ownSecret({ store }: Desk, { id }: ServedGroup, person: Verified): string {
  if ('row' in person) return person.row;
  return ledgerOf(store.now(), id).rows.find(({ mark }) => mark === person.mark)?.secret ?? '';
}
