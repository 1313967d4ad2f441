// What a member sees: the ways, and in the end the invitation
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { asWritten, dayOf, type Html, notice } from '#lib/host/page/frame.ts';
import { isInvited } from '#lib/issuing/issuer-file.ts';
import { PRIVATE_WAYS, WAYS, type Way } from '#lib/issuing/ways.ts';
import { withdrawAnswered } from './admission.ts';
import { type Desk, linkOf, memberBySecret } from './desk.ts';
import { ledgerOf, rowOf, rowStateOf } from './ledger.ts';
import { formToken, inOrder, noticesOf, qrCode } from './pages/layout.ts';
import { type AgentEnv, countFresh, giveHere, groupIn, PageRefusal, readForm, sessionFor, showPage } from './requests.ts';
import type { BrowserSession } from './sessions.ts';
import { WAY_WORDS } from './ways.ts';

const PATHS: Partial<Record<Way, string>> = { [WAYS.workCode]: 'code', [WAYS.openId]: 'sign-in', [WAYS.workMail]: 'mail' };

export function addMemberPages(app: Hono<AgentEnv>, desk: Desk): void {
  app.get('/', (c) =>
    showPage(c, desk, {
      title: 'Join a group',
      lead: 'The issuer makes sure of who you are, and then knows nothing of what you sign.',
      body: html`<ul class="list">
        ${desk.groups.map(({ id, settings }) => html`<li><a href="/groups/${id}">${asWritten(settings.name)}</a></li>`)}
      </ul>`,
    }),
  );

  app.get('/groups/:group', (c) => {
    // What a mail program has left at the end of a link that was passed on.
    const [meant] = /^[0-9a-f]{64}(?=[^0-9a-z])/i.exec(c.req.param('group')) ?? [];
    if (meant !== undefined) return c.redirect(`/groups/${meant}`, 303);
    const group = groupIn(c, desk);
    const ways = inOrder(group.settings.ways.map(({ way }) => way));
    const isHard = ways.some((way) => PRIVATE_WAYS.includes(way));
    return showPage(c, desk, {
      kicker: 'Join',
      title: group.settings.name,
      isName: true,
      lead: 'Choose how you show who you are. Each way says who notices what.',
      body: html`
        ${
          isHard
            ? notice(
                'info',
                'Do you fear your employer?',
                'Then join in person, or by an invitation to a private address, on a device of your own.',
              )
            : ''
        }
        ${ways.map((way) => describeWay(group.id, way))}`,
    });
  });

  app.get('/invitation', (c) => {
    const session = sessionFor(c, desk);
    return showPage(c, desk, { title: 'Your invitation', body: showInvitation(desk, session) });
  });

  app.post('/invitation/withdraw', async (c) => {
    const { session } = await readForm(c, desk);
    const { given } = session;
    const group = desk.groups.find(({ id }) => id === given?.group);
    if (!given || !group) throw new PageRefusal('FORM_EXPIRED', 403);
    const secret = await giveHere(desk, group, (agency, terms) => {
      const fresh = withdrawAnswered(agency, given.group, given.secret, terms);
      if (fresh.ok) countFresh(desk, group.id, agency, fresh.value);
      return fresh;
    });
    session.given = { group: given.group, secret };
    return c.redirect('/invitation', 303);
  });

  app.post('/invitation/forget', async (c) => {
    await readForm(c, desk);
    desk.sessions.end(c.req.header('Cookie'));
    return c.redirect('/', 303);
  });
}

function describeWay(group: string, way: Way): Html {
  const { title, lead } = WAY_WORDS[way];
  const path = PATHS[way];
  return html`<section class="way">
    <h2>${title}</h2>
    <p>${lead}</p>
    ${noticesOf(way)}
    ${path ? html`<p><a class="button secondary" href="/groups/${group}/${path}">Go on in this way</a></p>` : html`<p class="quiet">Ask the issuer for it.</p>`}
  </section>`;
}

/** The link while nobody has answered it; afterwards that it was answered, and how its owner gets it back. */
function showInvitation(desk: Desk, session: BrowserSession): Html {
  const { given } = session;
  const member = given ? memberBySecret(desk, given.group, given.secret) : null;
  if (!given || !member)
    return notice(
      'info',
      'This browser has no invitation.',
      'Begin at the first page: it is given to the browser in which you showed who you are.',
    );
  const row = rowOf(ledgerOf(desk.store.now(), given.group), given.secret);
  const state = rowStateOf(member, row, desk.now());
  if (state === 'leaving') return notice('error', 'This invitation is good no more.', 'The issuer has taken it back. Ask the issuer.');
  if (state === 'answered' || state === 'admitted' || !isInvited(member)) return showAnswered(session, state === 'admitted');
  const link = linkOf(desk, given.group, member);
  return html`
    <figure class="attested"><figcaption>The issuer will vouch for:</figcaption><blockquote>${asWritten(member.name)}</blockquote></figure>
    <p>Open the platform with this link. Opening it does nothing yet: only the button there joins. Who answers first with the whole link is
      admitted as you, so show it to nobody.</p>
    <p><a class="button primary" href="${link}" rel="noreferrer">Open my invitation</a></p>
    <div class="columns">
      ${qrCode(link, 'Your invitation, for the camera of your phone')}
      <div>
        <h2>Or carry it elsewhere</h2>
        <p>Scan the code with a phone of your own, or copy the link and paste it on the page “Join” of the platform, in the Tor browser for
          instance. Then this network does not see that you went there.</p>
        <label for="link">The link</label>
        <textarea id="link" rows="4" readonly spellcheck="false" translate="no">${link}</textarea>
        <p class="quiet">${row.expires === undefined ? '' : `It is good until ${dayOf(row.expires)}.`} You stand in a roll with its next turn, never at once.</p>
      </div>
    </div>
    ${forgetForm(session)}`;
}

function showAnswered(session: BrowserSession, isAdmitted: boolean): Html {
  return html`
    ${notice('info', 'Your invitation was answered.', isAdmitted ? 'A published roll holds you.' : 'The next roll will hold you.')}
    <h2>It was not you?</h2>
    <p>Then somebody else had your link. Take the answer back: the next roll no longer holds it, and you get a new invitation. Statements
      that are open now keep the old leaf until they end.</p>
    <form method="post" action="/invitation/withdraw">${formToken(session)}<button class="button danger">It was not me: take it back</button></form>
    ${forgetForm(session)}`;
}

function forgetForm(session: BrowserSession): Html {
  return html`<form method="post" action="/invitation/forget">${formToken(session)}<button class="button secondary">Forget me in this browser</button></form>`;
}
