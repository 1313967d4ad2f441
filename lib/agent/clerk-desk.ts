// The clerk's desk: rosters, states, invitations of ways 1 and 5, and the word that a large roll needs
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { notice } from '#lib/host/page/frame.ts';
import { writeCsv } from '#lib/issuing/csv.ts';
import { removeMember, ticketOf } from '#lib/issuing/invite.ts';
import { findGroup, isInvited, type RosterMember } from '#lib/issuing/issuer-file.ts';
import { WAYS } from '#lib/issuing/ways.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { inviteAgain, markSent, revokeInvitation } from './admission.ts';
import { SHEETS_A_PAGE, showDesk, showGroupTable, showInPerson, showSheets } from './clerk-pages.ts';
import { type Desk, isPrivate, linkOf, linksFor, memberBySecret, memberByTicket, type ServedGroup } from './desk.ts';
import { writeInvitationLetter } from './invitation-letter.ts';
import { createRowLookup, ledgerOf, replaceLedger, rowStateOf } from './ledger.ts';
import { formToken } from './pages/layout.ts';
import {
  type AgentContext,
  type AgentEnv,
  giveHere,
  groupIn,
  openWay,
  PageRefusal,
  readForm,
  requireNewest,
  sessionFor,
  showPage,
  termsOf,
} from './requests.ts';
import type { BrowserSession } from './sessions.ts';

export function addClerkPages(app: Hono<AgentEnv>, desk: Desk): void {
  app.get('/clerk', (c) => {
    const session = sessionFor(c, desk);
    return session.isClerk ? showDesk(c, desk, session) : askForClerkCode(c, desk, session);
  });

  app.post('/clerk/enter', async (c) => {
    const { field } = await readForm(c, desk);
    if (!(await desk.takeClerkCode(field('code')))) throw new PageRefusal('CLERK_CODE', 403);
    desk.sessions.end(c.req.header('Cookie')); // who knew the old cookie does not become a clerk with it
    const { cookie } = desk.sessions.open(desk.now(), true);
    c.header('Set-Cookie', cookie);
    return c.redirect('/clerk', 303);
  });

  app.post('/clerk/leave', async (c) => {
    await readForm(c, desk);
    desk.sessions.end(c.req.header('Cookie'));
    return c.redirect('/clerk', 303);
  });

  app.get('/clerk/groups/:group', (c) => showGroupTable(c, desk, groupIn(c, desk), requireClerk(sessionFor(c, desk))));

  app.post('/clerk/groups/:group/sheets', async (c) => {
    const session = requireClerk((await readForm(c, desk)).session);
    const group = groupIn(c, desk);
    openWay(group, WAYS.invitation);
    const people = openPeople(desk, group);
    const given = await giveOut(desk, group, people.slice(0, SHEETS_A_PAGE));
    return showSheets(c, desk, group, session, { people: given, left: people.length - given.length });
  });

  app.post('/clerk/groups/:group/invitations.csv', async (c) => {
    requireClerk((await readForm(c, desk)).session);
    const group = groupIn(c, desk);
    openWay(group, WAYS.invitation);
    const people = await giveOut(
      desk,
      group,
      openPeople(desk, group).filter((one) => isPrivate(group, one)),
    );
    const linkFor = linksFor(desk, group.id);
    const text = writeCsv([['name', 'email', 'link'], ...people.map((one) => [one.name, one.email, linkFor(one)])]);
    return c.body(text, 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="invitations.csv"',
    });
  });

  app.post('/clerk/groups/:group/allow', async (c) => {
    const { session, field } = await readForm(c, desk);
    requireClerk(session);
    const { id } = groupIn(c, desk);
    const allowed = /^\d{1,6}$/.test(field('newcomers')) ? Number(field('newcomers')) : 0;
    // The next round looks at once, instead of at the next turn.
    await desk.store.update((agency) => replaceLedger(agency, { ...ledgerOf(agency, id), allowed, lastTurn: 0 }));
    return c.redirect(`/clerk/groups/${id}`, 303);
  });

  app.post('/clerk/groups/:group/people/:ticket', async (c) => {
    const { session, field } = await readForm(c, desk);
    requireClerk(session);
    const group = groupIn(c, desk);
    const member = memberByTicket(desk, group.id, c.req.param('ticket'));
    if (!member) throw new PageRefusal('STRUCK', 409);
    return actOn(c, desk, group, member, field('what'));
  });
}

type Action = (c: AgentContext, desk: Desk, group: ServedGroup, member: RosterMember) => Promise<Response> | Response;

/** What a clerk may do with one person. */
const ACTIONS: Readonly<Record<string, Action>> = {
  async mail(c, desk, group, member) {
    openWay(group, WAYS.invitation);
    if (!isPrivate(group, member) || !desk.settings.smtp) throw new PageRefusal('BAD_ADDRESS', 409);
    if (!desk.mailer.hasRoom()) throw new PageRefusal('MAIL_WAITS', 503); // before it is noted as sent
    const fresh = await renew(desk, group, member, WAYS.invitation);
    await markGiven(desk, group, [fresh.secret]);
    desk.mailer.post({ to: member.email, ...writeInvitationLetter(desk.settings, group.settings, linkOf(desk, group.id, fresh)) });
    return c.redirect(`/clerk/groups/${group.id}#${ticketOf(fresh.secret).slice(0, 16)}`, 303);
  },
  async person(c, desk, group, member) {
    openWay(group, WAYS.inPerson);
    const fresh = await renew(desk, group, member, WAYS.inPerson);
    return showInPerson(c, desk, group, fresh);
  },
  async revoke(c, desk, group, member) {
    await desk.store.update((agency) => {
      const revoked = revokeInvitation(agency, group.id, member.secret, desk.random);
      if (!revoked.ok) throw new PageRefusal('STRUCK', 409);
      return revoked.value;
    });
    return c.redirect(`/clerk/groups/${group.id}`, 303);
  },
  async again(c, desk, group, member) {
    openWay(group, WAYS.invitation);
    if (!isPrivate(group, member)) throw new PageRefusal('BAD_ADDRESS', 409);
    const fresh = await renew(desk, group, member, WAYS.invitation);
    await markGiven(desk, group, [fresh.secret]);
    return showInPerson(c, desk, group, fresh);
  },
  async strike(c, desk, group, member) {
    await desk.store.update((agency) => ({ ...agency, issuer: removeMember(agency.issuer, group.id, member.secret) }));
    return c.redirect(`/clerk/groups/${group.id}`, 303);
  },
};

function actOn(c: AgentContext, desk: Desk, group: ServedGroup, member: RosterMember, what: string) {
  const action = Object.hasOwn(ACTIONS, what) ? ACTIONS[what] : undefined;
  if (!action) throw new PageRefusal('FORM_EXPIRED');
  return action(c, desk, group, member);
}

/** A fresh invitation for somebody, who is known by it from now on. @throws PageRefusal */
async function renew(desk: Desk, group: ServedGroup, member: RosterMember, way: 1 | 5): Promise<RosterMember> {
  const { id } = group;
  const secret = await giveHere(desk, group, (agency, terms) => inviteAgain(agency, id, member.secret, way, terms));
  return memberBySecret(desk, id, secret) ?? member;
}

async function markGiven(desk: Desk, group: ServedGroup, secrets: readonly Hex32[]): Promise<void> {
  const terms = termsOf(desk, group);
  await desk.store.update((agency) => markSent(agency, group.id, secrets, terms));
}

/** Notes that these people are given their invitations now: those of them run out from today on. */
async function giveOut(desk: Desk, group: ServedGroup, people: readonly RosterMember[]): Promise<readonly RosterMember[]> {
  requireNewest(desk, group);
  await markGiven(
    desk,
    group,
    people.map(({ secret }) => secret),
  );
  return people;
}

/** Who is still to be invited: nobody has answered, and no invitation is under way. */
function openPeople(desk: Desk, { id }: ServedGroup): RosterMember[] {
  const { members } = findGroup(desk.store.now().issuer, id);
  const rowFor = createRowLookup(ledgerOf(desk.store.now(), id));
  return members.filter((one) => {
    const row = rowFor(one.secret);
    return isInvited(one) && !row.unregistered && rowStateOf(one, row, desk.now()) === 'waiting';
  });
}

function requireClerk(session: BrowserSession): BrowserSession {
  if (!session.isClerk) throw new PageRefusal('NOT_A_CLERK', 403);
  return session;
}

function askForClerkCode(c: AgentContext, desk: Desk, session: BrowserSession) {
  return showPage(c, desk, {
    title: 'The clerk’s desk',
    body: html`${notice('info', 'Only for clerks of the issuer.', 'Whoever runs this program makes a code with npm run issuer -- clerk-code. It works once.')}
      <form class="form" method="post" action="/clerk/enter">
        ${formToken(session)}
        <div class="field"><label for="code">The code</label><input id="code" name="code" class="code-input" required autocomplete="off" spellcheck="false" maxlength="40" /></div>
        <button class="button primary">Sign in</button>
      </form>`,
  });
}
