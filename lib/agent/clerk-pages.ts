import { setImmediate } from 'node:timers/promises';
import { html } from 'hono/html';
import { asWritten, dayOf, type Html, notice } from '#lib/host/page/frame.ts';
import { ticketOf } from '#lib/issuing/invite.ts';
import { findGroup, type RosterMember } from '#lib/issuing/issuer-file.ts';
import { WAYS } from '#lib/issuing/ways.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { type Desk, isPrivate, linkOf, linksFor, type ServedGroup } from './desk.ts';
import { writeInvitationLetter } from './invitation-letter.ts';
import { createRowLookup, type GroupLedger, type LedgerRow, ledgerOf, type RowState, rowOf, rowStateOf } from './ledger.ts';
import { formToken, noticesOf, qrCode } from './pages/layout.ts';
import { type AgentContext, showPage } from './requests.ts';
import type { BrowserSession } from './sessions.ts';
import { wayOf } from './settings.ts';

const STATE_WORDS: Readonly<Record<RowState, string>> = {
  waiting: 'Not invited yet',
  invited: 'Invited',
  expired: 'Invitation run out',
  answered: 'Answered, waits for a roll',
  admitted: 'In the roll',
  leaving: 'Struck',
};
const ROWS_A_PAGE = 100;

export function showDesk(c: AgentContext, desk: Desk, session: BrowserSession) {
  const { issuer } = desk.store.now();
  return showPage(c, desk, {
    title: 'The clerk’s desk',
    lead: 'Who may join which group, and how far each person is.',
    body: html`<ul class="list">
        ${desk.groups.map(({ id, settings }) => {
          const { members, lastRoll } = findGroup(issuer, id);
          const people = members.filter(({ removed }) => !removed).length;
          return html`<li><a href="/clerk/groups/${id}">${asWritten(settings.name)}</a> <span class="quiet">${people} on the roster, ${lastRoll?.size ?? 0} in the newest roll</span></li>`;
        })}
      </ul>
      <form method="post" action="/clerk/leave">${formToken(session)}<button class="button secondary">Sign out</button></form>`,
  });
}

export function showGroupTable(c: AgentContext, desk: Desk, group: ServedGroup, session: BrowserSession) {
  const { id, settings } = group;
  const { members, lastRoll } = findGroup(desk.store.now().issuer, id);
  const ledger = ledgerOf(desk.store.now(), id);
  const rowFor = createRowLookup(ledger);
  const wanted = (c.req.query('find') ?? '').slice(0, 200).toWellFormed().toLowerCase();
  const found = members.filter(({ removed, name, email }) => !removed && `${name}\n${email}`.toLowerCase().includes(wanted));
  const page = Math.max(0, Math.min(Number(c.req.query('page') ?? 0) || 0, Math.floor(Math.max(0, found.length - 1) / ROWS_A_PAGE)));
  const shown = found.slice(page * ROWS_A_PAGE, (page + 1) * ROWS_A_PAGE);
  const canInvite = wayOf(settings, WAYS.invitation) !== null;
  return showPage(c, desk, {
    kicker: 'The clerk’s desk',
    title: settings.name,
    isName: true,
    lead: `${lastRoll?.size ?? 0} in the newest roll. ${countOf(ledger.stock.length, 'invitation', 'invitations')} in stock.`,
    body: html`
      ${ledger.waiting === undefined ? '' : allowForm(id, ledger, session)}
      ${
        canInvite
          ? html`<form class="row" method="post">${formToken(session)}
            <button class="button secondary" formaction="/clerk/groups/${id}/invitations.csv">Mail merge (CSV)</button>
            <button class="button secondary" formaction="/clerk/groups/${id}/sheets">Sheets with codes, on paper</button></form>
          <p class="quiet">Both give out the invitations of those who have none yet, the sheets those of ${SHEETS_A_PAGE} people at a time. Addresses at an employer’s domain are left out of the mail merge.</p>`
          : ''
      }
      <p class="quiet">Admit somebody anew who has lost the wallet, or whose invitation another person took up: the next roll lacks what was answered before, and statements that are open keep it.</p>
      <form class="form" method="get" action="/clerk/groups/${id}"><div class="field"><label for="find">Find somebody</label><input id="find" name="find" value="${wanted}" /></div></form>
      <ul class="people">
        ${shown.map((member) => personRow(desk, group, session, member, rowFor(member.secret)))}
      </ul>
      ${
        found.length > ROWS_A_PAGE
          ? html`<p class="row">${page > 0 ? html`<a href="?find=${encodeURIComponent(wanted)}&page=${page - 1}">Earlier</a>` : ''}
          <span class="quiet">${page * ROWS_A_PAGE + 1} to ${page * ROWS_A_PAGE + shown.length} of ${found.length}</span>
          ${(page + 1) * ROWS_A_PAGE < found.length ? html`<a href="?find=${encodeURIComponent(wanted)}&page=${page + 1}">Later</a>` : ''}</p>`
          : ''
      }`,
  });
}

function allowForm(id: string, { waiting = 0, allowed }: GroupLedger, session: BrowserSession): Html {
  return html`${notice(
    'info',
    `The next roll would take in ${waiting} people.`,
    'That is more than a third of the last one, so it waits for you. Look at whom it would take in before you let it out: a group that grows at once may hide nobody.',
  )}
    ${
      allowed === undefined
        ? html`<form method="post" action="/clerk/groups/${id}/allow">${formToken(session)}<input type="hidden" name="newcomers" value="${waiting}" />
          <button class="button primary">Publish with ${waiting} new members</button></form>`
        : html`<p role="status">You have allowed ${allowed}: the roll comes out with the next round, within minutes.</p>`
    }`;
}

function personRow(desk: Desk, group: ServedGroup, session: BrowserSession, member: RosterMember, row: LedgerRow): Html {
  const state = rowStateOf(member, row, desk.now());
  const ticket = ticketOf(member.secret);
  const isOpen = state === 'waiting' || state === 'invited' || state === 'expired';
  const { settings } = group;
  const canMail = wayOf(settings, WAYS.invitation) !== null && isPrivate(group, member);
  const buttons = [
    wayOf(settings, WAYS.inPerson) ? (['person', isOpen ? 'Stands before me' : 'Admit anew, stands before me'] as const) : null,
    canMail && isOpen && desk.settings.smtp ? (['mail', state === 'waiting' ? 'Send the invitation' : 'Send another'] as const) : null,
    canMail ? (['again', isOpen ? 'Write the mail myself' : 'Admit anew, by a mail of mine'] as const) : null,
    state === 'invited' ? (['revoke', 'Take back'] as const) : null,
    ['strike', 'Strike'] as const,
  ].filter((button) => button !== null);
  return html`<li id="${ticket.slice(0, 16)}">
    <p><strong>${asWritten(member.name)}</strong> <span class="quiet">${asWritten(member.email)}</span></p>
    <p class="quiet">${STATE_WORDS[state]}${state === 'invited' && row.expires !== undefined ? `, until ${dayOf(row.expires)}` : ''}${row.sent ? ', sent' : ''}</p>
    <form class="row" method="post" action="/clerk/groups/${group.id}/people/${ticket}">
      ${formToken(session)}
      ${buttons.map(([what, text]) => html`<button class="button secondary small" name="what" value="${what}">${text}</button>`)}
    </form>
  </li>`;
}

/** The code that somebody who stands here scans with a phone of their own, and the same invitation for the clerk's own mail program. */
export function showInPerson(c: AgentContext, desk: Desk, { id, settings }: ServedGroup, member: RosterMember) {
  const link = linkOf(desk, id, member);
  const { subject, text } = writeInvitationLetter(desk.settings, settings, link);
  const row = rowOf(ledgerOf(desk.store.now(), id), member.secret);
  const mailto = `mailto:${encodeURIComponent(member.email)}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text)}`;
  return showPage(c, desk, {
    kicker: asWritten(settings.name),
    title: 'One invitation',
    lead: 'For this person alone. Any earlier one of theirs is good no more.',
    body: html`<figure class="attested"><figcaption>The issuer will vouch for:</figcaption><blockquote>${asWritten(member.name)}</blockquote></figure>
      <div class="columns">${qrCode(link, 'The invitation, for the camera of a phone')}
      <div><p>The person scans it with a phone of their own, and joins there. ${row.expires === undefined ? '' : `It is good until ${dayOf(row.expires)}.`}</p>
      ${row.sent ? html`<p><a class="button secondary" href="${mailto}">Write a mail with it</a></p>` : ''}
      <p><a href="/clerk/groups/${id}">Back to the roster</a></p></div></div>
      <h2>Who notices what</h2>${noticesOf(row.sent ? WAYS.invitation : WAYS.inPerson)}`,
  });
}

/** Sheets that are drawn at once: a code takes some 20 ms, and a page with one for each of thousands could be neither made nor printed. */
export const SHEETS_A_PAGE = 50;

/** One sheet a person, to be cut, folded and handed over. Others are answered between two of them. @param left who are still to get one */
export async function showSheets(
  c: AgentContext,
  desk: Desk,
  { id, settings }: ServedGroup,
  session: BrowserSession,
  { people, left }: { people: readonly RosterMember[]; left: number },
) {
  const linkFor = linksFor(desk, id);
  const sheets: Html[] = [];
  for (const member of people) {
    sheets.push(html`<section class="sheet">
        <h2>${asWritten(member.name)}</h2>
        <p>is invited to join ${asWritten(quote(settings.name))}. Scan the code with a phone of your own; only the button there joins. It admits once: who answers first is
          admitted under this name.</p>
        ${qrCode(linkFor(member), 'Invitation')}
        <p class="quiet">${asWritten(desk.settings.issuerName)} · ${asWritten(desk.settings.contact)}</p>
      </section>`);
    await setImmediate();
  }
  return showPage(c, desk, {
    kicker: asWritten(settings.name),
    title: 'Invitations on paper',
    lead:
      people.length === 0
        ? 'Everybody on the roster has an invitation already.'
        : `${countOf(people.length, 'sheet', 'sheets')}. Print them now: this page is not shown twice.${left > 0 ? ` ${countOf(left, 'more person is', 'more people are')} to get one.` : ''}`,
    body: html`${sheets}
      ${
        left > 0
          ? html`<form class="row" data-print="never" method="post" action="/clerk/groups/${id}/sheets">${formToken(session)}
            <button class="button secondary">These are printed: the next ${Math.min(left, SHEETS_A_PAGE)}</button></form>`
          : ''
      }`,
  });
}
