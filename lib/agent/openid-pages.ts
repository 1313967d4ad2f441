// Way 3 for the member: out to the sign-in service and back

import type { Hono } from 'hono';
import { html } from 'hono/html';
import { parseAddress } from '#lib/api/mail-address.ts';
import { explainFailure } from '#lib/host/explain-failure.ts';
import { asWritten } from '#lib/host/page/frame.ts';
import { WAYS } from '#lib/issuing/ways.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { type Desk, rosterByAddress, type ServedGroup, spellingOf } from './desk.ts';
import { markOf } from './keystore.ts';
import type { OpenIdDesk } from './openid.ts';
import { noticesOf } from './pages/layout.ts';
import { type AgentEnv, admitHere, groupIn, openWay, PageRefusal, sessionFor, showPage } from './requests.ts';
import { WAY_WORDS } from './ways.ts';

export const CALLBACK_PATH = '/sign-in/back';

export function addOpenIdPages(app: Hono<AgentEnv>, desk: Desk): void {
  app.get('/groups/:group/sign-in', (c) => {
    const group = groupIn(c, desk);
    openWay(group, WAYS.openId);
    const { title, lead } = WAY_WORDS[WAYS.openId];
    return showPage(c, desk, {
      kicker: asWritten(group.settings.name),
      title,
      lead,
      body: html`<p><a class="button primary" href="/groups/${group.id}/sign-in/out" rel="noreferrer">Sign in at work</a></p>
        <h2>Who notices what</h2>${noticesOf(WAYS.openId)}`,
    });
  });

  app.get('/groups/:group/sign-in/out', async (c) => {
    const group = groupIn(c, desk);
    openWay(group, WAYS.openId);
    const session = sessionFor(c, desk);
    const { url, pending } = await (await reach(desk, group)).begin(desk.now());
    session.signIn = { ...pending, group: group.id };
    return c.redirect(url.href, 303);
  });

  app.get(CALLBACK_PATH, async (c) => {
    const session = sessionFor(c, desk);
    const { signIn } = session;
    session.signIn = undefined; // used once, whatever comes of it
    const group = desk.groups.find(({ id }) => id === signIn?.group);
    if (!group) throw new PageRefusal('OPENID_OVER');
    // Behind a gateway the address of the request is not the one that the service was given.
    const url = new URL(new URL(c.req.url).search, `${desk.settings.origin}${CALLBACK_PATH}`);
    const signedIn = await (await reach(desk, group)).finish(url, signIn, desk.now());
    if (!signedIn.ok) {
      if (signedIn.code === 'OPENID_REFUSED') tellOperator(desk, `the sign-in service did not confirm somebody (${signedIn.detail})`);
      throw new PageRefusal(signedIn.code, 403);
    }
    const { subject, rosterValue } = signedIn.value;
    const address = parseAddress(rosterValue);
    const member = address ? rosterByAddress(desk, group).get(spellingOf(address, group)) : undefined;
    if (!member) throw new PageRefusal('NOT_ON_ROSTER', 403);
    const mark = markOf(desk.store.now().issuer, 'subject', `${group.id} ${subject}`);
    await admitHere(c, desk, group, { way: WAYS.openId, row: member.secret, mark });
    return c.redirect('/invitation', 303);
  });
}

async function reach(desk: Desk, group: ServedGroup): Promise<OpenIdDesk> {
  try {
    return await desk.openId(group);
  } catch (error) {
    tellOperator(desk, `the sign-in service of ${quote(group.settings.name)} cannot be used: ${explainFailure(error)}`);
    throw new PageRefusal('OPENID_AWAY', 503);
  }
}

const MOST_TOLD = 20;

/** A line in the log, while there are not too many: whoever asks for pages does not fill a disk. */
function tellOperator({ turns, log, now }: Desk, text: string): void {
  if (turns.take([{ key: 'sign-in log', most: MOST_TOLD }], now())) log({ level: 'warning', code: 'SIGN_IN_AWAY', text });
}
