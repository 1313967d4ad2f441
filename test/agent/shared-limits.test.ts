import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeInvitation } from '#lib/agent/admission.ts';
import { SHEETS_A_PAGE } from '#lib/agent/clerk-pages.ts';
import { linkOf } from '#lib/agent/desk.ts';
import { ledgerOf } from '#lib/agent/ledger.ts';
import { compareCopy, goOnFrom } from '#lib/agent/older-copy.ts';
import { boundLookups } from '#lib/agent/resolver.ts';
import { sendRevoked } from '#lib/agent/round.ts';
import { roundTools } from '#lib/agent/start-agent.ts';
import { createTurns, type Turns } from '#lib/agent/turns.ts';
import { startCode } from '#lib/agent/work-code.ts';
import { ticketOf } from '#lib/issuing/invite.ts';
import { value } from '../signing/stage.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { fetchFrom, loadRoutes } from '../support/routes.ts';
import { systemRandom } from '../support/world.ts';
import { type AgentStage, findPerson, linkIn, startAgentStage } from './agent-stage.ts';

const NOW = 1_800_000_000;
const GROUP = '5'.repeat(64);
const people = [
  { name: 'Ann Quill', email: 'ann@work.example' },
  { name: 'Bo Quill', email: 'bo@work.example' },
  { name: 'Cy Quill', email: 'cy+union@work.example' },
  ...Array.from({ length: SHEETS_A_PAGE + 2 }, (_, i) => ({ name: `Person ${i}`, email: '' })),
];

let mails: MailServer;
let stage: AgentStage;
beforeAll(async () => {
  mails = await startMailServer();
  const ways = [
    { way: 1 },
    { way: 2, domains: ['work.example'] },
    { way: 4, pairs: [{ from: 'work.example', signer: 'work.example' }] },
    { way: 5 },
  ];
  const more = { smtp: { url: mails.url, from: 'post@union.example' } };
  stage = await startAgentStage(people, { ways, stock: 20 }, more);
});
afterAll(async () => {
  await stage?.stop();
  await mails?.stop();
});

/** Leaves nobody a turn for anything, as a stranger who asks for enough does. */
function useUp(turns: Turns, now: number): void {
  for (let i = 0; turns.take([{ key: `stranger ${i}`, most: 1 }], now); i++);
}

async function admit(first: string) {
  const browser = stage.browser();
  const { headers } = await browser.get(`/groups/${stage.group}/code`);
  await browser.post(`/groups/${stage.group}/code`, { address: `${first}@work.example` });
  await stage.agent.desk.mailer.settled();
  await browser.get(`/groups/${stage.group}/code/check`);
  const code = /Your code: (\S+)/.exec(mails.mails.at(-1)?.text ?? '')?.[1] ?? '';
  await browser.post(`/groups/${stage.group}/code/check`, { code });
  return { browser, page: await browser.get('/invitation'), before: headers.get('Set-Cookie')?.split(';')[0] ?? '' };
}

describe('what strangers ask of the agent', () => {
  it('takes nobody’s code: whoever stands on a roster is sent one, however many were asked for', () => {
    const tools = { turns: createTurns(3_600), now: NOW, random: systemRandom };
    const ask = (name: string, isNew: boolean) =>
      startCode({ ...{ group: GROUP, typed: '', isKnown: true, isNew }, address: `${name}@x.example`, to: `${name}@x.example` }, tools)
        .code;
    const sent = Array.from({ length: 600 }, (_, i) => ask(`invented${i}`, true)).filter((code) => code !== null);
    expect(sent).toHaveLength(200);
    for (let i = 0; i < 600; i++) expect(ask(`person${i}`, false)).not.toBeNull();
    expect(['ann', 'ann', 'ann', 'ann'].map((name) => ask(name, false) !== null)).toEqual([true, true, true, false]);
  });

  it('is refused with the cause, known or not, while the mail server is behind, and costs nobody a mail', async () => {
    const { desk } = stage.agent;
    const before = mails.mails.length;
    const { mailer } = desk;
    desk.mailer = { ...mailer, hasRoom: () => false };
    for (const name of ['bo', 'bo', 'bo', 'nobody']) {
      const browser = stage.browser();
      await browser.get(`/groups/${stage.group}/code`);
      const refused = await browser.post(`/groups/${stage.group}/code`, { address: `${name}@work.example` });
      expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('Too many mails wait')]);
    }
    desk.mailer = mailer;
    const browser = stage.browser();
    await browser.get(`/groups/${stage.group}/code`);
    await browser.post(`/groups/${stage.group}/code`, { address: 'bo@work.example' });
    await mailer.settled();
    expect(mails.mails.length).toBe(before + 1);
  });

  it('has three mails an hour sent to one person, in whatever spelling the address is asked for, and only as the roster spells it', async () => {
    const before = mails.mails.length;
    for (const spelling of ['cy', 'Cy+1', 'cy+2', 'CY+3', 'cy+union']) {
      const browser = stage.browser();
      await browser.get(`/groups/${stage.group}/code`);
      await browser.post(`/groups/${stage.group}/code`, { address: `${spelling}@work.example` });
    }
    await stage.agent.desk.mailer.settled();
    expect(mails.mails.slice(before).flatMap(({ to }) => to)).toEqual(Array(3).fill('cy+union@work.example'));
  });

  it('keeps no mail out whose server is known, however many names of keys they invent', async () => {
    const turns = createTurns(3_600);
    const find = async (name: string) => {
      if (!name.startsWith('k1.')) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      return [['v=DKIM1']];
    };
    const look = boundLookups(find, turns, () => NOW);
    expect(await look('k1.work.example', 'TXT')).toEqual([['v=DKIM1']]);
    const codes = new Set<string>();
    for (let i = 0; i < 2_001; i++) codes.add(await look(`x${i}.work.example`, 'TXT').then(String, ({ code }) => code));
    expect([...codes]).toEqual(['ENOTFOUND', 'EBUSY']);
    expect(await look('k1.work.example', 'TXT')).toEqual([['v=DKIM1']]);
    await expect(look('k1.other.example', 'TXT')).rejects.toThrow();
  });

  it('leaves clerks their sign-in, and members their words and the judgement of their mails', async () => {
    useUp(stage.agent.desk.turns, stage.platform.clock.now);
    await stage.clerk();
    const browser = stage.browser();
    const mail = `/groups/${stage.group}/mail`;
    await browser.get(mail);
    await browser.post(`${mail}/words`);
    expect((await browser.get(mail)).text).toContain('The whole subject of your mail');
    expect((await browser.post(mail, { header: 'Subject: x' })).text).toContain('FIELDS_REPEATED');
    stage.platform.clock.now += 3_600;
  });
});

describe('the stock of a turn', () => {
  it('gives one person a few invitations a day, and the others theirs', async () => {
    const { browser } = await admit('ann');
    const answers = [];
    for (let i = 0; i < 12; i++) answers.push(await browser.post('/invitation/withdraw'));
    expect(answers.map(({ location }) => location === '/invitation')).toEqual([...Array(5).fill(true), ...Array(7).fill(false)]);
    expect(answers.at(-1)?.text).toContain('GIVEN_OFTEN');
    expect(linkIn(await browser.get('/invitation'))).not.toBe(''); // the last one stays good
    expect(linkIn((await admit('bo')).page)).not.toBe('');
    expect(ledgerOf(stage.agent.store.now(), stage.group).stock.length).toBeGreaterThan(10);
  });
});

it('an invitation is shown to none who knew the cookie of that browser before its owner showed who they are', async () => {
  stage.platform.clock.now += 3_600;
  const { page, before } = await admit('cy');
  expect(linkIn(page)).not.toBe('');
  const known = await fetch(`http://127.0.0.1:${stage.agent.port}/invitation`, { headers: { Cookie: before } });
  expect((await known.text()).includes('This browser has no invitation.')).toBe(true);
});

it('a clerk admits somebody anew who has answered and lost the wallet, and finds nobody by half a letter', async () => {
  const cy = () => findPerson(stage, 'Cy Quill');
  await stage.join(linkOf(stage.agent.desk, stage.group, cy()));
  await stage.agent.round();
  const answered = cy();
  const clerk = await stage.clerk();
  const row = await clerk.get(`/clerk/groups/${stage.group}?find=cy`);
  expect(row.text).toContain('Answered, waits for a roll');
  expect(row.text).toContain('Admit anew, stands before me');
  const given = await clerk.post(`/clerk/groups/${stage.group}/people/${ticketOf(answered.secret)}`, { what: 'person' });
  expect(given.text).toContain('The issuer will vouch for:');
  expect(cy().secret).not.toBe(answered.secret);
  expect((await clerk.get(`/clerk/groups/${stage.group}?find=${'a'.repeat(199)}%F0%9F%8E%BA`)).status).toBe(200);
});

describe('invitations on paper', () => {
  it('are drawn for so many people at a time, while others are answered, and only those are given out', async () => {
    const clerk = await stage.clerk();
    await clerk.get(`/clerk/groups/${stage.group}`);
    const done: string[] = [];
    const drawing = clerk.post(`/clerk/groups/${stage.group}/sheets`).then((page) => {
      done.push('sheets');
      return page;
    });
    await stage.browser().get('/');
    done.push('page');
    const first = await drawing;
    expect(done).toEqual(['page', 'sheets']);
    expect(first.text.match(/class="sheet"/g)).toHaveLength(SHEETS_A_PAGE);
    expect(first.text).toContain('These are printed: the next 2');
    const second = await clerk.post(`/clerk/groups/${stage.group}/sheets`);
    expect(second.text.match(/class="sheet"/g)).toHaveLength(2);
    expect(second.text).not.toContain('These are printed');
  });
});

it('an older copy of the folder revives no invitation that was taken back, and its owner gets a fresh one', async () => {
  const { store, desk } = stage.agent;
  const before = store.now();
  const { stock } = ledgerOf(before, stage.group);
  expect(stock.length).toBeGreaterThan(0);
  const person = findPerson(stage, 'Person 1');
  const link = linkOf(desk, stage.group, person);
  await store.update((agency) => value(revokeInvitation(agency, stage.group, person.secret, systemRandom)));
  await stage.agent.round();
  await expect(stage.join(link)).rejects.toMatchObject({ code: 'UNKNOWN_INVITATION' });
  await store.update(() => before);
  await stage.nextTurn();
  await expect(stage.join(link)).rejects.toMatchObject({ code: 'UNKNOWN_INVITATION' });
  const fresh = findPerson(stage, 'Person 1');
  expect(fresh.secret).not.toBe(person.secret);
  await stage.join(linkOf(desk, stage.group, fresh));
  // Somebody may have been given what the copy has in stock.
  expect(ledgerOf(store.now(), stage.group).stock.filter((secret) => stock.includes(secret))).toEqual([]);
});

it('an older copy of the folder that does not know what was registered since admits nobody, also where no roll came between', async () => {
  const { store, desk } = stage.agent;
  const before = store.now();
  const given = await admit('cy');
  expect(linkIn(given.page)).not.toBe('');
  const rolls = await stage.rolls();
  await stage.nextTurn(); // fills the stock again
  expect(await stage.rolls()).toEqual(rolls);
  await store.update(() => before);
  await stage.nextTurn();
  expect(desk.older.size).toBe(1);
  expect(linkIn((await admit('ann')).page)).toBe('');
  const { settings, platform } = stage;
  const { fetch } = fetchFrom(await loadRoutes());
  const tools = roundTools(store, { settings, fetch, now: () => platform.clock.now, random: systemRandom, log: () => {} });
  const compared = value(await compareCopy(tools, stage.group));
  expect([compared.difference, compared.unknown.length]).toEqual([null, 1]);
  await store.update((agency) => goOnFrom(agency, stage.group, compared, systemRandom));
  await sendRevoked(tools, stage.group);
  await stage.nextTurn();
  expect(desk.older.size).toBe(0);
  await expect(stage.join(linkIn(given.page))).rejects.toMatchObject({ code: 'UNKNOWN_INVITATION' });
});

it('an older copy of the folder that does not know of a roll admits nobody before it is told to go on', async () => {
  const { store, desk } = stage.agent;
  const before = store.now();
  const lines = stage.logged.length;
  const first = await admit('bo');
  await stage.join(linkIn(first.page));
  const clerk = await stage.clerk();
  await clerk.get(`/clerk/groups/${stage.group}`);
  await clerk.post(`/clerk/groups/${stage.group}/allow`, { newcomers: '100' });
  await stage.nextTurn();
  const newest = store.now();
  expect(await stage.rolls()).not.toEqual([]);
  await store.update(() => before);
  expect(await stage.agent.round()).toBe(true);
  expect(stage.logged.slice(lines).filter((line) => line.includes('older copy'))).toHaveLength(1);
  expect(linkIn((await admit('ann')).page)).toBe('');
  expect(ledgerOf(store.now(), stage.group).stock).toEqual(ledgerOf(before, stage.group).stock);
  const later = await stage.clerk();
  await later.get(`/clerk/groups/${stage.group}`);
  expect((await later.post(`/clerk/groups/${stage.group}/sheets`)).text).toContain('OLDER_COPY');
  await store.update(() => newest);
  await stage.agent.round();
  expect(desk.older.size).toBe(0);
});
