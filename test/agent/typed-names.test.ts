import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAgentKeystore } from '#lib/agent/keystore.ts';
import { type Agency, ledgerOf, replaceLedger } from '#lib/agent/ledger.ts';
import { compareCopy, goOnFrom } from '#lib/agent/older-copy.ts';
import { registerOpen, runRounds, sendRevoked } from '#lib/agent/round.ts';
import { roundTools } from '#lib/agent/start-agent.ts';
import { formatInvitationLink, invitationOf } from '#lib/issuing/invite.ts';
import { findGroup, type RosterMember } from '#lib/issuing/issuer-file.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { fetchFrom, loadRoutes } from '../support/routes.ts';
import { systemRandom } from '../support/world.ts';
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

it('sends codes to whom it has admitted, however many strangers asked for theirs', async () => {
  const { turns, mailer } = stage.agent.desk;
  while (turns.take([{ key: `group ${stage.group}`, most: 200 }], stage.platform.clock.now));
  const before = mails.mails.length;
  for (const address of ['stranger@work.example', 'Ann+3@work.example']) {
    const browser = stage.browser();
    await browser.get(`/groups/${stage.group}/code`);
    expect(await browser.post(`/groups/${stage.group}/code`, { address, name: 'X' })).toMatchObject({ status: 303 });
  }
  await mailer.settled();
  expect(mails.mails.slice(before).flatMap(({ to }) => to)).toEqual(['ann@work.example']);
  stage.platform.clock.now += 3_600;
});

it('takes addresses at the very domains that are named, and at none below them, which others may run', async () => {
  const browser = stage.browser();
  await browser.get(`/groups/${stage.group}/code`);
  const asked = await browser.post(`/groups/${stage.group}/code`, { address: 'eve@guests.work.example', name: 'Eve Miller' });
  expect(asked.text.includes('BAD_ADDRESS')).toBe(true);
});

it('has as many people admitted between two turns as there are invitations in stock, and more after the next', async () => {
  for (const first of ['cy', 'di', 'ed', 'ida']) expect(await isAdmitted(first)).toBe(true);
  expect((await admit('flo@work.example', 'Flo Miller')).text.includes('NO_STOCK')).toBe(true);
  await stage.nextTurn();
  expect(await isAdmitted('flo')).toBe(true);
  expect(names()).toHaveLength(6);
});

it('goes on from an older copy: from the newest roll, and with no secret that somebody was given since', async () => {
  const { agent, disk, group, settings, platform } = stage;
  const copied = await Promise.all(['issuer.json', 'ledger.json'].map(async (name) => [name, (await disk.read(name)) ?? ''] as const));
  const linkTo = ({ issuer }: Agency, at: number) => {
    const issued = findGroup(issuer, group);
    return formatInvitationLink(settings.platform, invitationOf(issuer, issued, issued.members[at] as RosterMember));
  };
  const given = linkIn(await admit('hal@work.example', 'Hal Miller'));
  await stage.join(linkTo(agent.store.now(), 1));
  await agent.store.update((agency) => replaceLedger(agency, { ...ledgerOf(agency, group), allowed: 9, lastTurn: 0 }));
  await agent.round();
  expect((await stage.rolls()).map(({ size }) => size)).toEqual([2]);

  for (const [name, text] of copied) await disk.write(name, text);
  const store = await openAgentKeystore(disk);
  const { fetch } = fetchFrom(await loadRoutes());
  const tools = roundTools(store, { settings, fetch, now: () => platform.clock.now, random: systemRandom, log: () => {} });
  const before = store.now();
  const compared = await compareCopy(tools, group);
  if (!compared.ok) throw new Error(compared.detail);
  expect(compared.value).toMatchObject({
    difference: { newest: { number: 1 }, unknown: 1 },
    claimed: [{ name: 'cy Miller (work.example)' }],
  });
  await store.update((agency) => goOnFrom(agency, group, compared.value, systemRandom));
  await sendRevoked(tools, group);
  await registerOpen(tools, group, 4);

  const { stock } = ledgerOf(store.now(), group);
  expect(stock.filter((secret) => ledgerOf(before, group).stock.includes(secret))).toEqual([]);
  expect(stock).toHaveLength(4);
  await expect(stage.join(given)).rejects.toMatchObject({ code: 'UNKNOWN_INVITATION' });
  await expect(stage.join(linkTo(before, 2))).rejects.toMatchObject({ code: 'UNKNOWN_INVITATION' });
  await stage.join(linkTo(store.now(), 1));
  await store.update((agency) => replaceLedger(agency, { ...ledgerOf(agency, group), allowed: 9, lastTurn: 0 }));
  expect(await runRounds(tools, agent.desk.groups)).toBe(true);
  expect((await stage.rolls()).map(({ size }) => size)).toEqual([2, 2]);
});
