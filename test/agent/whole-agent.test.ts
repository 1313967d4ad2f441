import { generateKeyPairSync } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeClerkCode } from '#lib/agent/clerk-code.ts';
import { linkOf } from '#lib/agent/desk.ts';
import { ticketOf } from '#lib/issuing/invite.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type NameServer, startNameServer } from '../support/name-server.ts';
import { type AgentStage, findPerson, linkIn, startAgentStage } from './agent-stage.ts';
import { type Field, signHeader } from './sign-mail.ts';

const people = ['Ann', 'Bo', 'Cy', 'Di', 'Ed', 'Flo', 'Gus', 'Hal', 'Ida', 'Jo', 'Kim', 'Lea'].map((first, i) => ({
  name: `${first} Quillfeather`,
  // The last four have private addresses.
  email: `${first.toLowerCase()}.quillfeather@${i < 8 ? 'work.example' : 'home.example'}`,
}));
const nameOf = (first: string) => `${first} Quillfeather`;
const workOf = (first: string) => `${first.toLowerCase()}.quillfeather@work.example`;
const key = generateKeyPairSync('rsa', { modulusLength: 1024 });

let mails: MailServer;
let names: NameServer;
let stage: AgentStage;

beforeAll(async () => {
  [mails, names] = await Promise.all([startMailServer(), startNameServer()]);
  const published = key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  names.records.set('k1._domainkey.work.example', [`v=DKIM1; p=${published}`]);
  const ways = [
    { way: 1 },
    { way: 2, domains: ['work.example'] },
    { way: 4, pairs: [{ from: 'work.example', signer: 'work.example' }] },
    { way: 5 },
  ];
  const aliases = [{ alias: 'the.boss@work.example', address: workOf('Bo') }];
  const more = { smtp: { url: mails.url, from: 'post@union.example' }, resolvers: [names.address] };
  stage = await startAgentStage(people, { ways, aliases, employerDomains: ['work.example'], stock: 30 }, more);
});
afterAll(async () => {
  await stage?.stop();
  await Promise.all([mails?.stop(), names?.stop()]);
});
beforeEach(() => {
  mails.mails.length = 0;
});

const codeIn = (text = '') => /Your code: ([0-9A-Z]{4}-[0-9A-Z]{4})/.exec(text)?.[1] ?? '';

/** Asks for a code and gives the one that was mailed. */
async function askForCode(browser: ReturnType<AgentStage['browser']>, address: string): Promise<string> {
  await browser.get(`/groups/${stage.group}/code`);
  const asked = await browser.post(`/groups/${stage.group}/code`, { address });
  expect([asked.status, asked.location]).toEqual([303, `/groups/${stage.group}/code/check`]);
  await stage.agent.desk.mailer.settled();
  await browser.get(`/groups/${stage.group}/code/check`);
  return codeIn(mails.mails.at(-1)?.text);
}

async function admitByCode(first: string): Promise<string> {
  const browser = stage.browser();
  const code = await askForCode(browser, workOf(first));
  expect((await browser.post(`/groups/${stage.group}/code/check`, { code })).location).toBe('/invitation');
  return linkIn(await browser.get('/invitation'));
}

describe('T77: way 2, a code to the work address', () => {
  it('ends with an invitation of the person on the roster, which a new one makes useless', async () => {
    const first = await admitByCode('Ann');
    expect(mails.mails).toMatchObject([{ to: [workOf('Ann')], from: 'post@union.example' }]);
    expect(mails.mails[0]?.raw).toMatch(/^Subject: Your code\r$/m);
    for (const word of ['union', 'Staff', 'council', 'platform', 'Robin', 'Ann ']) expect(mails.mails[0]?.text).not.toContain(word);
    const second = await admitByCode('Ann');
    expect(second).not.toBe(first);
    await stage.agent.round();
    await expect(stage.join(first)).rejects.toMatchObject({ code: 'UNKNOWN_INVITATION' });
    await stage.join(second);
    await expect(stage.join(second)).rejects.toMatchObject({ code: 'ALREADY_ENROLLED' });
  });

  it('is refused after five wrong tries, in another browser, after a quarter of an hour, and when used twice', async () => {
    const browser = stage.browser();
    const code = await askForCode(browser, workOf('Cy'));
    const path = `/groups/${stage.group}/code/check`;
    const thief = stage.browser();
    await thief.get(path);
    expect((await thief.post(path, { code })).text).toContain('CODE_OVER');
    for (let i = 0; i < 4; i++) expect((await browser.post(path, { code: '0000-0000' })).text).toContain('CODE_WRONG');
    expect((await browser.post(path, { code: '0000-0000' })).text).toContain('CODE_OVER');
    expect((await browser.post(path, { code })).text).toContain('CODE_OVER');
    const late = await askForCode(browser, workOf('Cy'));
    stage.platform.clock.now += 900;
    expect((await browser.post(path, { code: late })).text).toContain('CODE_OVER');
    const good = await askForCode(browser, workOf('Cy'));
    expect(
      (await browser.post(path, { code: good.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l') })).location,
    ).toBe('/invitation');
    await browser.get(path);
    expect((await browser.post(path, { code: good })).text).toContain('CODE_OVER');
  });

  it('answers the same for an address that is not on the roster and for one that had its mails, and sends none', async () => {
    stage.platform.clock.now += 3_600;
    const browser = stage.browser();
    await askForCode(browser, 'stranger@work.example');
    expect(mails.mails).toEqual([]);
    for (let i = 0; i < 5; i++) await askForCode(browser, workOf('Di'));
    expect(mails.mails).toHaveLength(3);
    await askForCode(browser, workOf('Di').replace('@', '+news@'));
    for (const address of ['ann@evil.example', 'office@work.example', 'not an address', 'a@work.example\r\nBcc: eve@evil.example'])
      expect((await browser.post(`/groups/${stage.group}/code`, { address })).text).toContain('BAD_ADDRESS');
  });

  it('counts plus parts and aliases as the one person that they are', async () => {
    stage.platform.clock.now += 3_600;
    const browser = stage.browser();
    const code = await askForCode(browser, 'The.Boss+list@WORK.example');
    await browser.post(`/groups/${stage.group}/code/check`, { code });
    expect((await browser.get('/invitation')).text).toContain(nameOf('Bo'));
  });
});

describe('way 4, a mail that goes out from work', () => {
  const path = () => `/groups/${stage.group}/mail`;
  const dateNow = () => new Date(stage.platform.clock.now * 1_000).toUTCString().replace('GMT', '+0000');
  const sendFrom = (address: string, subject: string): string => {
    const fields: Field[] = [
      ['From', address],
      ['To', 'me@elsewhere.example'],
      ['Subject', subject],
      ['Date', dateNow()],
    ];
    return signHeader(fields, { key: key.privateKey, domain: 'work.example', selector: 'k1' });
  };
  const drawIn = async (browser: ReturnType<AgentStage['browser']>) => {
    await browser.get(path());
    await browser.post(`${path()}/words`);
    return /<blockquote translate="no">([a-z ]+)<\/blockquote>/.exec((await browser.get(path())).text)?.[1] ?? '';
  };

  it('ends with an invitation, sends no mail of its own, and its words fit once and in one browser', async () => {
    const browser = stage.browser();
    const words = await drawIn(browser);
    expect(words.split(' ')).toHaveLength(4);
    const dkim = {
      domainName: 'work.example',
      keySelector: 'k1',
      privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    const date = new Date(stage.platform.clock.now * 1_000);
    const mail = { from: `Eddie <${workOf('Ed')}>`, to: 'ed@elsewhere.example', subject: words, text: 'See you.', date };
    await createTransport({ url: mails.url, dkim }).sendMail(mail);
    const [header = ''] = (mails.mails[0]?.raw ?? '').split('\r\n\r\n');
    const thief = stage.browser();
    await drawIn(thief);
    expect((await thief.post(path(), { header })).text).toContain('OTHER_SUBJECT');
    expect((await browser.post(path(), { header: sendFrom(workOf('Ed'), `Re: ${words}`) })).text).toContain('OTHER_SUBJECT');
    expect((await browser.post(path(), { header: `${header}\r\n\r\nthe text of the mail` })).location).toBe('/invitation');
    const shown = await browser.get('/invitation');
    expect(shown.text).toContain(nameOf('Ed'));
    expect(mails.mails).toHaveLength(1); // what his employer's server noticed
    // Without the subject, whose words are drawn and may be “invite”, and the signature over it, which may hold any letters.
    const noticed = mails.mails[0]?.raw.replace(`Subject: ${words}`, '').replace(/\bb=[\w+/=\s]+/, '');
    expect(noticed).toContain('See you.');
    expect(noticed).not.toContain(words);
    expect(noticed).not.toMatch(/platform|union|council|robin|invit|127\.0\.0\.1:\d/i);
    expect((await browser.post(path(), { header })).text).toContain('WORDS_OVER');
    await stage.join(linkIn(shown));
  });

  it('is refused for an address that is not on the roster', async () => {
    const browser = stage.browser();
    const words = await drawIn(browser);
    expect((await browser.post(path(), { header: sendFrom('stranger@work.example', words) })).text).toContain('NOT_ON_ROSTER');
  });
});

describe('ways 1 and 5, by a clerk', () => {
  const act = async (clerk: ReturnType<AgentStage['browser']>, first: string, what: string) => {
    await clerk.get(`/clerk/groups/${stage.group}`);
    return clerk.post(`/clerk/groups/${stage.group}/people/${ticketOf(findPerson(stage, nameOf(first)).secret)}`, { what });
  };

  it('show a code to whoever stands there, and say nothing to anybody else', async () => {
    const clerk = await stage.clerk();
    const shown = await act(clerk, 'Gus', 'person');
    expect(shown.text).toContain('<svg class="qr"');
    const gus = findPerson(stage, nameOf('Gus'));
    expect(shown.text).toContain('scans it with a phone');
    await stage.join(linkOf(stage.agent.desk, stage.group, gus));
    await expect(stage.join(linkOf(stage.agent.desk, stage.group, gus))).rejects.toMatchObject({ code: 'ALREADY_ENROLLED' });
    const written = await act(clerk, 'Kim', 'again');
    const mailto = /href="(mailto:[^"]+)"/.exec(written.text)?.[1] ?? '';
    expect(linkIn({ text: decodeURIComponent(mailto) })).toBe(linkOf(stage.agent.desk, stage.group, findPerson(stage, nameOf('Kim'))));
    expect((await act(clerk, 'Flo', 'again')).text).toContain('BAD_ADDRESS');
    expect(mails.mails).toEqual([]);
  });

  it('mail an invitation to a private address, never to one at work; sent again, the first one admits nobody', async () => {
    const clerk = await stage.clerk();
    expect((await act(clerk, 'Ida', 'mail')).status).toBe(303);
    await stage.agent.desk.mailer.settled();
    const first = linkIn({ text: mails.mails.at(-1)?.text.replace(/\n/g, ' ') ?? '' });
    expect(mails.mails).toMatchObject([{ to: ['ida.quillfeather@home.example'] }]);
    await act(clerk, 'Ida', 'mail');
    await stage.agent.desk.mailer.settled();
    const second = linkIn({ text: mails.mails.at(-1)?.text ?? '' });
    await stage.agent.round();
    await expect(stage.join(first)).rejects.toMatchObject({ code: 'UNKNOWN_INVITATION' });
    await stage.join(second);
    expect((await act(clerk, 'Hal', 'mail')).text).toContain('BAD_ADDRESS');
    expect(mails.mails).toHaveLength(2);
  });

  it('write a mail merge without addresses at work, and sheets for all who have no invitation', async () => {
    const clerk = await stage.clerk();
    await clerk.get(`/clerk/groups/${stage.group}`);
    const csv = await clerk.post(`/clerk/groups/${stage.group}/invitations.csv`);
    expect(csv.headers.get('Content-Disposition')).toContain('invitations.csv');
    expect(csv.text).toContain('Jo Quillfeather,jo.quillfeather@home.example,https://platform.example/join#');
    expect(csv.text).not.toContain('@work.example');
    await clerk.get(`/clerk/groups/${stage.group}`);
    const sheets = await clerk.post(`/clerk/groups/${stage.group}/sheets`);
    expect(sheets.text).toContain(nameOf('Hal'));
    expect(sheets.text).not.toContain(nameOf('Jo'));
    const table = await clerk.get(`/clerk/groups/${stage.group}?find=jo.quill`);
    expect(table.text).toMatch(/Invited, until/);
    expect((await act(clerk, 'Jo', 'revoke')).status).toBe(303);
    await stage.agent.round();
    const stale = linkIn({ text: /Jo Quillfeather[^\n]+/.exec(csv.text)?.[0] ?? '' });
    await expect(stage.join(stale)).rejects.toMatchObject({ code: 'UNKNOWN_INVITATION' });
    expect((await clerk.get(`/clerk/groups/${stage.group}?find=jo.quill`)).text).toContain('Not invited yet');
  });

  it('open to a clerk’s code once, and for a day', async () => {
    const code = await makeClerkCode(stage.disk, stage.platform.clock.now, stage.agent.desk.random);
    const enter = async () => {
      const browser = stage.browser();
      await browser.get('/clerk');
      return (await browser.post('/clerk/enter', { code })).status;
    };
    expect((await Promise.all([enter(), enter(), enter()])).sort()).toEqual([303, 403, 403]);
    const late = await makeClerkCode(stage.disk, stage.platform.clock.now - 86_400, stage.agent.desk.random);
    expect(await stage.agent.desk.takeClerkCode(late)).toBe(false);
  });

  it('are closed to whoever has no clerk’s code, and to forms of other pages', async () => {
    const stranger = stage.browser();
    await stranger.get('/clerk');
    for (const path of ['allow', 'sheets', 'invitations.csv', `people/${ticketOf(findPerson(stage, nameOf('Ann')).secret)}`])
      expect((await stranger.post(`/clerk/groups/${stage.group}/${path}`, { what: 'person' })).status).toBe(403);
    expect((await stranger.get(`/clerk/groups/${stage.group}`)).status).toBe(403);
    expect((await stranger.post('/clerk/enter', { code: 'AAAA-AAAA-AAAA-AAAA' })).text).toContain('CLERK_CODE');
    const clerk = await stage.clerk();
    for (const path of [
      '/clerk/enter',
      '/clerk/leave',
      `/clerk/groups/${stage.group}/allow`,
      `/clerk/groups/${stage.group}/sheets`,
      '/invitation/withdraw',
    ])
      expect((await clerk.post(path, { token: 'of another page' })).status).toBe(403);
    expect((await clerk.get(`/clerk/groups/${stage.group}`)).status).toBe(200);
  });
});

describe('an invitation that somebody else has answered', () => {
  it('is shown to its owner, who takes it back and gets another; the roll holds the owner’s', async () => {
    stage.platform.clock.now += 3_600;
    const stolen = await admitByCode('Di');
    await stage.join(stolen);
    await stage.agent.round();
    const owner = stage.browser();
    const code = await askForCode(owner, workOf('Di'));
    await owner.post(`/groups/${stage.group}/code/check`, { code });
    const shown = await owner.get('/invitation');
    expect(shown.text).toContain('Your invitation was answered.');
    expect(linkIn(shown)).toBe('');
    expect((await owner.post('/invitation/withdraw')).location).toBe('/invitation');
    const fresh = linkIn(await owner.get('/invitation'));
    expect(fresh).not.toBe(stolen);
    await stage.join(fresh);
    expect(findPerson(stage, nameOf('Di'))).not.toHaveProperty('commitment');
  });
});

describe('T79: rolls', () => {
  it('wait for a person at first and when they grow by more than a third, come out by themselves otherwise, and say in which ways', async () => {
    for (const first of ['Flo', 'Hal']) await stage.join(await admitByCode(first));
    await stage.nextTurn();
    expect(await stage.rolls()).toEqual([]);
    const clerk = await stage.clerk();
    const waiting = await clerk.get(`/clerk/groups/${stage.group}`);
    const newcomers = /name="newcomers" value="(\d+)"/.exec(waiting.text)?.[1] ?? '';
    expect(newcomers).toBe('7'); // Ann, Gus, Ed, Ida, Di, Flo, Hal
    await clerk.post(`/clerk/groups/${stage.group}/allow`, { newcomers });
    await stage.agent.round();
    expect(await stage.rolls()).toEqual([
      {
        size: 7,
        admitted: [
          { way: 1, count: 1 },
          { way: 2, count: 4 },
          { way: 4, count: 1 },
          { way: 5, count: 1 },
        ],
      },
    ]);

    await stage.join(await admitByCode('Cy'));
    const before = stage.sent.length;
    await stage.agent.round(); // not yet: nobody's arrival brings a roll out
    const asked = stage.sent
      .slice(before)
      .filter((request) => request.startsWith('GET'))
      .map((request) => request.split('\n')[0]?.replace(/^GET https:\/\/platform\.example\/api\/\w+\/groups\/\w+/, ''));
    expect(asked).toEqual(['/enrolments?state=accepted', '?most=1']); // however much the group has had
    expect(await stage.rolls()).toHaveLength(1);
    await stage.nextTurn();
    expect((await stage.rolls()).map(({ size }) => size)).toEqual([8, 7]);
  });
});

it('T80: what the agent sends to the platform, what it logs and what the platform keeps hold no name and no address', async () => {
  const everything =
    `${stage.sent.join('\n')}\n${stage.logged.join('\n')}\n${await dumpDatabase(stage.platform.databaseUrl)}`.toLowerCase();
  expect(stage.sent.length).toBeGreaterThan(20);
  expect(everything).toContain('/api/issuer/groups/');
  for (const word of ['quillfeather', 'work.example', 'home.example', 'union.example', 'the.boss']) {
    expect(everything).not.toContain(word);
    expect(everything).not.toContain(Buffer.from(word).toString('hex'));
    expect(everything).not.toContain(Buffer.from(word).toString('base64').replace(/=+$/, '').slice(0, -1).toLowerCase());
  }
});

it('what no browser sends is refused before it is read, and fills no log', async () => {
  const base = `http://127.0.0.1:${stage.agent.port}`;
  const lines = stage.logged.length;
  const send = async (init: RequestInit & { duplex?: 'half' }, path = 'code/check') => {
    const cookie = { Cookie: (await fetch(`${base}/clerk`)).headers.get('Set-Cookie')?.split(';')[0] ?? '' };
    const answer = await fetch(`${base}/groups/${stage.group}/${path}`, {
      method: 'POST',
      ...init,
      headers: { ...cookie, ...(init.headers as object) },
    });
    return answer.status;
  };
  const broken = { body: '--x\r\nno part', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } };
  const unmeasured = new Blob(['token=x']).stream();
  const sent = [
    await send(broken),
    await send({ body: unmeasured, duplex: 'half' }),
    await send({ body: new URLSearchParams({ code: 'x'.repeat(20_000) }) }),
    await send({ body: new URLSearchParams({ header: 'x'.repeat(20_000) }) }, 'mail'),
  ];
  expect(sent).toEqual([400, 413, 413, 403]);
  expect(stage.logged).toHaveLength(lines);
});

it('a group’s link is read with what a mail program left at its end, and names are for no translator', async () => {
  const browser = stage.browser();
  for (const end of ['.', ')', '%3E', '%0D%0A', '&utm_source=x', ' Regards'])
    expect([end, (await browser.get(`/groups/${stage.group}${end}`)).location]).toEqual([end, `/groups/${stage.group}`]);
  expect((await browser.get(`/groups/${stage.group}0`)).status).toBe(404);
  const wrong = await fetch(`http://127.0.0.1:${stage.agent.port}/groups/${stage.group}`, { method: 'PUT' });
  expect([wrong.status, wrong.headers.get('Allow'), await wrong.text()]).toEqual([
    405,
    'GET, HEAD',
    expect.stringContaining('WRONG_METHOD'),
  ]);
  const clerk = await stage.clerk();
  const { text } = await clerk.get(`/clerk/groups/${stage.group}?find=gus`);
  for (const written of [nameOf('Gus'), workOf('Gus'), 'Staff council']) expect(text).toContain(`<bdi translate="no">${written}</bdi>`);
});

it('no answer of the agent may be kept, framed, or tell another site where it was', async () => {
  const browser = stage.browser();
  for (const path of ['/', `/groups/${stage.group}`, '/invitation', '/clerk', '/nowhere', '/groups/unknown']) {
    const { headers, text } = await browser.get(path);
    expect([path, headers.get('Cache-Control'), headers.get('Referrer-Policy')]).toEqual([path, 'no-store', 'no-referrer']);
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
    expect(text).not.toMatch(/src="https?:|href="https?:\/\/(?!platform\.example)/);
  }
  for (const [name, type] of [
    ['look.css', 'text/css'],
    ['drop-mail.js', 'text/javascript'],
    ['serif.woff2', 'font/woff2'],
  ] as const)
    expect((await browser.get(`/${name}`)).headers.get('Content-Type')).toContain(type);
});
