import { afterAll, beforeAll, expect, it } from 'vitest';
import { findGroup } from '#lib/issuing/issuer-file.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type AgentStage, linkIn, startAgentStage } from './agent-stage.ts';

let mails: MailServer;
let stage: AgentStage;
beforeAll(async () => {
  mails = await startMailServer();
  const more = { smtp: { url: mails.url, from: 'post@union.example' } };
  stage = await startAgentStage([], { names: 'typed', ways: [{ way: 2, domains: ['work.example'] }], stock: 4 }, more);
});
afterAll(async () => {
  await stage?.stop();
  await mails?.stop();
});

/** Goes through way 2. @returns the page at the end */
async function admit(address: string, name: string) {
  const browser = stage.browser();
  await browser.get(`/groups/${stage.group}/code`);
  await browser.post(`/groups/${stage.group}/code`, { address, name });
  await stage.agent.desk.mailer.settled();
  await browser.get(`/groups/${stage.group}/code/check`);
  const code = /Your code: (\S+)/.exec(mails.mails.at(-1)?.text ?? '')?.[1] ?? '';
  const checked = await browser.post(`/groups/${stage.group}/code/check`, { code });
  return checked.location === '/invitation' ? browser.get('/invitation') : checked;
}
const isAdmitted = async (first: string) => (await admit(`${first}@work.example`, `${first} Miller`)).text.includes('Open my invitation');
const names = () => findGroup(stage.agent.store.now().issuer, stage.group).members.map(({ name }) => name);

it('attests what somebody types with the domain behind it, once for each address and once for each name', async () => {
  const first = await admit('ann@work.example', ' Ann   Miller ');
  expect(first.text).toContain('Ann Miller (work.example)');
  await stage.join(linkIn(first));
  await stage.agent.round();
  const again = await admit('Ann+2@work.example', 'Somebody Else');
  expect(again.text).toContain('Your invitation was answered.');
  expect((await admit('bo@work.example', 'Ann Miller')).text).toContain('NAME_TAKEN');
  expect((await admit('bo@work.example', '\u202eBo')).text).toContain('BAD_NAME');
  expect(names()).toEqual(['Ann Miller (work.example)']);
});

it('has as many people admitted between two turns as there are invitations in stock, and more after the next', async () => {
  for (const first of ['cy', 'di', 'ed', 'ida']) expect(await isAdmitted(first)).toBe(true);
  expect((await admit('flo@work.example', 'Flo Miller')).text.includes('NO_STOCK')).toBe(true);
  await stage.nextTurn();
  expect(await isAdmitted('flo')).toBe(true);
  expect(names()).toHaveLength(6);
});
