// Ways 2 and 4 for the member: a code that comes to work, and a mail that goes out from there
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { formatAddress, type MailAddress, parseAddress } from '#lib/api/mail-address.ts';
import { asWritten, type Html, notice } from '#lib/host/page/frame.ts';
import { WAYS, type Way } from '#lib/issuing/ways.ts';
import { isRoleAddress } from './addresses.ts';
import type { Verified } from './admission.ts';
import { type Desk, rosterByAddress, type ServedGroup, spellingOf } from './desk.ts';
import { markOf } from './keystore.ts';
import { formToken, noticesOf } from './pages/layout.ts';
import { describeRefusal } from './refusal-words.ts';
import { type AgentContext, type AgentEnv, admitHere, groupIn, openWay, PageRefusal, readForm, sessionFor, showPage } from './requests.ts';
import type { BrowserSession } from './sessions.ts';
import { WAY_WORDS } from './ways.ts';
import { drawWords } from './words.ts';
import { startCode, tryCode, writeCodeLetter } from './work-code.ts';
import { checkWorkMail, WORDS_LIFE_SECONDS } from './work-mail.ts';

export function addMailPages(app: Hono<AgentEnv>, desk: Desk): void {
  addCodePages(app, desk);
  addSentMailPages(app, desk);
}

function addCodePages(app: Hono<AgentEnv>, desk: Desk): void {
  app.get('/groups/:group/code', (c) => {
    const group = groupIn(c, desk);
    const { domains } = openWay(group, WAYS.workCode);
    const session = sessionFor(c, desk);
    return showWay(c, desk, group, WAYS.workCode, askForAddress(group, session, domains));
  });

  app.post('/groups/:group/code', async (c) => {
    const { session, field } = await readForm(c, desk);
    const group = groupIn(c, desk);
    const { domains } = openWay(group, WAYS.workCode);
    const address = parseAddress(field('address'));
    if (!address || !domains.includes(address.domain) || isRoleAddress(address)) throw new PageRefusal('BAD_ADDRESS');
    if (!desk.mailer.hasRoom()) throw new PageRefusal('MAIL_WAITS', 503); // whoever asks: a code that never comes is a riddle
    const isOpen = group.settings.names !== 'roster';
    const spelt = spellingOf(address, group);
    const member = rosterByAddress(desk, group).get(spelt);
    // Never to the spelling that was typed: where plus parts are no part of an address, that is somebody else's mailbox.
    const to = formatAddress(parseAddress(member?.email ?? spelt) ?? address);
    const isKnown = isOpen || member !== undefined;
    const asked = { group: group.id, address: formatAddress(address), to, typed: field('name').slice(0, 200), isKnown, isNew: !member };
    const { pending, code } = startCode(asked, { turns: desk.turns, now: desk.now(), random: desk.random });
    session.code = pending;
    if (code !== null) desk.mailer.post({ to, until: pending.expires, ...writeCodeLetter(code) });
    return c.redirect(`/groups/${group.id}/code/check`, 303);
  });

  app.get('/groups/:group/code/check', (c) => {
    const group = groupIn(c, desk);
    openWay(group, WAYS.workCode);
    return showWay(c, desk, group, WAYS.workCode, askForCode(group, sessionFor(c, desk)));
  });

  app.post('/groups/:group/code/check', async (c) => {
    const { session, field } = await readForm(c, desk);
    const group = groupIn(c, desk);
    openWay(group, WAYS.workCode);
    const tried = tryCode(session.code?.group === group.id ? session.code : undefined, field('code'), desk.now());
    if (!tried.ok) {
      const { title, todo } = describeRefusal(tried.code);
      return showWay(c, desk, group, WAYS.workCode, html`${notice('error', title, todo, tried.code)}${askForCode(group, session)}`, 400);
    }
    session.code = undefined;
    const address = parseAddress(tried.value.address) as MailAddress;
    await admitHere(c, desk, group, personAt(desk, group, address, WAYS.workCode, tried.value.typed));
    return c.redirect('/invitation', 303);
  });
}

function addSentMailPages(app: Hono<AgentEnv>, desk: Desk): void {
  app.get('/groups/:group/mail', (c) => {
    const group = groupIn(c, desk);
    const { pairs } = openWay(group, WAYS.workMail);
    const session = sessionFor(c, desk);
    const words = session.words?.group === group.id && session.words.expires > desk.now() ? session.words.words : null;
    const domains = pairs.map(({ from }) => from);
    return showWay(c, desk, group, WAYS.workMail, words === null ? offerWords(group, session, domains) : askForMail(group, session, words));
  });

  app.post('/groups/:group/mail/words', async (c) => {
    const { session } = await readForm(c, desk);
    const group = groupIn(c, desk);
    openWay(group, WAYS.workMail);
    session.words = { group: group.id, words: drawWords(desk.random), drawn: desk.now(), expires: desk.now() + WORDS_LIFE_SECONDS };
    return c.redirect(`/groups/${group.id}/mail`, 303);
  });

  app.post('/groups/:group/mail', async (c) => {
    const { session, field } = await readForm(c, desk);
    const group = groupIn(c, desk);
    const { pairs } = openWay(group, WAYS.workMail);
    const [header = ''] = field('header')
      .trimStart()
      .split(/\r?\n\r?\n/);
    const drawn = session.words?.group === group.id ? session.words : undefined;
    const judged = await checkWorkMail(header, drawn, { pairs, now: desk.now(), resolver: desk.resolver });
    if (!judged.ok) {
      const { title, todo } = describeRefusal(judged.code);
      const again =
        drawn && judged.code !== 'WORDS_OVER'
          ? askForMail(group, session, drawn.words)
          : offerWords(
              group,
              session,
              pairs.map(({ from }) => from),
            );
      return showWay(c, desk, group, WAYS.workMail, html`${notice('error', title, todo, judged.code)}${again}`, 400);
    }
    session.words = undefined;
    await admitHere(c, desk, group, personAt(desk, group, judged.value, WAYS.workMail, ''));
    return c.redirect('/invitation', 303);
  });
}

/**
 * Who stands behind a work address, by the rule of the group: a row of the roster, or a name that is made of the address or typed
 * with the domain behind it. @throws PageRefusal NOT_ON_ROSTER
 */
function personAt(desk: Desk, group: ServedGroup, address: MailAddress, way: Way, typed: string): Verified {
  const spelt = spellingOf(address, group);
  const { names } = group.settings;
  if (names === 'roster') {
    const member = rosterByAddress(desk, group).get(spelt);
    if (!member) throw new PageRefusal('NOT_ON_ROSTER', 403);
    return { way, row: member.secret };
  }
  const mark = markOf(desk.store.now().issuer, 'address', `${group.id} ${spelt}`);
  const name = names === 'address' ? spelt : `${typed.trim().replace(/\s+/g, ' ')} (${address.domain})`;
  return { way, mark, name, email: spelt };
}

function showWay(c: AgentContext, desk: Desk, { settings }: ServedGroup, way: Way, body: Html, status: 200 | 400 = 200) {
  const { title, lead } = WAY_WORDS[way];
  return showPage(
    c,
    desk,
    {
      kicker: asWritten(settings.name),
      title,
      lead,
      body: html`${body}<h2>Who notices what</h2>${noticesOf(way)}`,
      scripts: ['drop-mail.js'],
    },
    status,
  );
}

function askForAddress({ id, settings }: ServedGroup, session: BrowserSession, domains: readonly string[]): Html {
  return html`<form class="form" method="post" action="/groups/${id}/code">
    ${formToken(session)}
    <div class="field">
      <label for="address">Your work address</label>
      <p class="hint" id="address-hint">At ${domains.join(', ')}. Whether it is on the roster or not, you will see the same next page.</p>
      <input id="address" name="address" type="email" required autocomplete="email" maxlength="254" aria-describedby="address-hint" />
    </div>
    ${
      settings.names === 'typed'
        ? html`<div class="field">
            <label for="name">Your name, as the public shall read it</label>
            <p class="hint" id="name-hint">The domain of your address is put behind it.</p>
            <input id="name" name="name" required autocomplete="name" maxlength="150" aria-describedby="name-hint" />
          </div>`
        : ''
    }
    <button class="button primary">Send me a code</button>
  </form>`;
}

function askForCode({ id }: ServedGroup, session: BrowserSession): Html {
  return html`<p>If this address may join, a mail with eight characters is on its way. Its subject is “Your code”.</p>
    <p class="quiet">None has come after some minutes? Somebody may have asked for too many. Try again after the full hour, or choose another way.</p>
    <form class="form" method="post" action="/groups/${id}/code/check">
      ${formToken(session)}
      <div class="field">
        <label for="code">The code</label>
        <p class="hint" id="code-hint">Good for 15 minutes and five tries, in this browser. Never give it to anybody, whoever asks.</p>
        <input id="code" name="code" class="code-input" required autocomplete="one-time-code" spellcheck="false" maxlength="20" aria-describedby="code-hint" />
      </div>
      <button class="button primary">Go on</button>
    </form>
    <p><a href="/groups/${id}/code">Ask for another code</a></p>`;
}

function offerWords({ id }: ServedGroup, session: BrowserSession, domains: readonly string[]): Html {
  return html`<ol class="steps">
      <li>We draw four words, which belong to this browser and are good for a day.</li>
      <li>You send a mail <strong>from your work address</strong> (at ${domains.join(', ')}) to a private address of your own elsewhere, with the words as its whole subject.</li>
      <li>You save the mail that arrived, and show it here.</li>
    </ol>
    <p><strong>Never send these words because somebody asks you to.</strong> Whoever drew them would be admitted in your name.</p>
    <form method="post" action="/groups/${id}/mail/words">${formToken(session)}<button class="button primary">Draw four words</button></form>`;
}

function askForMail({ id }: ServedGroup, session: BrowserSession, words: string): Html {
  return html`<figure class="attested"><figcaption>The whole subject of your mail:</figcaption><blockquote translate="no">${words}</blockquote></figure>
    <p>The text of the mail does not matter and never leaves your device. Write what you would write to yourself.</p>
    <form class="form" method="post" action="/groups/${id}/mail">
      ${formToken(session)}
      <div class="field" data-drop-mail hidden>
        <label for="mail">The mail that arrived, as a file (.eml)</label>
        <p class="hint" id="mail-hint">Only the fields of its header that the signature covers leave this device, and are erased after the verdict.</p>
        <input id="mail" type="file" accept=".eml,message/rfc822,text/plain" aria-describedby="mail-hint" />
        <p data-drop-state role="status"></p>
      </div>
      <div class="field">
        <label for="header">Or its header, as text</label>
        <p class="hint" id="header-hint">Mail programs call it “source”, “original” or “headers”. Leave out everything from the first empty line on.</p>
        <textarea id="header" name="header" rows="8" required spellcheck="false" autocomplete="off" maxlength="65536" aria-describedby="header-hint"></textarea>
      </div>
      <button class="button primary">Check the mail</button>
    </form>
    <form method="post" action="/groups/${id}/mail/words">${formToken(session)}<button class="button secondary">Draw other words</button></form>`;
}
