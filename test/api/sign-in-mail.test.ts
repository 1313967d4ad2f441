import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { approveIssuer, listIssuers } from '#db/approve-issuer.ts';
import { eq } from '#db/drizzle.cjs';
import { mailTurns, signInLinks } from '#db/schema/clerks.ts';
import { issuers } from '#db/schema/membership.ts';
import { accountOfAddress, normaliseAddress } from '#db/sign-in-address.ts';
import { makeSignInLink } from '#db/sign-in-link.ts';
import { createIssuerApi } from '#lib/api/issuer-client.ts';
import { createPostOffice } from '#lib/server/mail/post-office.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';

let platform: TestPlatform;
let routes: Route[];
let server: MailServer;

beforeAll(async () => {
  server = await startMailServer();
  platform = await startPlatform({ mail: { url: server.url, from: 'Round Robin <post@platform.example>' } });
  connectRoutes(platform);
  routes = await loadRoutes();
});
afterAll(async () => {
  await platform?.stop();
  await server?.stop();
});
beforeEach(async () => {
  platform.clock.now += 3_600;
  server.mails.length = 0;
  server.refuseAll(0);
  await platform.ctx.db.delete(signInLinks);
});
afterEach(() => void vi.restoreAllMocks());

const browser = () => createIssuerApi(ORIGIN, fetchFrom(routes, { Origin: ORIGIN }).fetch);

/** Asks for a mail, and waits until whatever follows is done. */
async function askFor(address: string): Promise<void> {
  await browser().mailLink(address);
  await platform.ctx.mail.settled();
}

const tokenIn = (text = '') => /https:\/\/platform\.example\/issuer\/enter#([\w-]{43})\n/.exec(text)?.[1] ?? '';

/** Signs in by the newest mail. @returns the account's id */
async function enterByMail(): Promise<string> {
  const { fetch, answers } = fetchFrom(routes, { Origin: ORIGIN });
  await createIssuerApi(ORIGIN, fetch).signIn(tokenIn(server.mails.at(-1)?.text));
  const cookie = answers.at(-1)?.headers.get('Set-Cookie')?.split(';')[0] ?? '';
  return (await createIssuerApi(ORIGIN, fetchFrom(routes, { Cookie: cookie }).fetch).getSession()).issuer.id;
}

describe('a sign-in link by e-mail', () => {
  it('reaches its addressee alone, and signs in once, always to the same account however the address is spelt', async () => {
    await askFor('Ada.Clerk@Union.example');
    expect(server.mails).toMatchObject([{ to: ['ada.clerk@union.example'], from: 'post@platform.example' }]);
    expect(server.mails[0]?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    const account = await enterByMail();
    await expect(browser().signIn(tokenIn(server.mails[0]?.text))).rejects.toMatchObject({ code: 'BAD_LINK' });
    await askFor('  ada.clerk@UNION.example ');
    expect(await enterByMail()).toBe(account);
    await askFor('ada.clerk+other@union.example');
    expect(await enterByMail()).not.toBe(account);
  });

  it('ends after 15 minutes, and with the use of another one for the same address', async () => {
    for (let i = 0; i < 3; i += 1) await askFor('ben@union.example');
    const [first, second, third] = server.mails.map(({ text }) => tokenIn(text));
    await browser().signIn(second as string);
    for (const token of [first, second, third]) await expect(browser().signIn(token as string)).rejects.toMatchObject({ code: 'BAD_LINK' });
    await askFor('ben@union.example');
    platform.clock.now += 900;
    await expect(browser().signIn(tokenIn(server.mails[3]?.text))).rejects.toMatchObject({ code: 'BAD_LINK' });
  });

  it('leaves no address behind, in the database or in the log, even where the mail server refuses it', async () => {
    const logged: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((...parts) => void logged.push(parts.map(String).join(' ')));
    await askFor('carla.secret@union.example');
    await enterByMail();
    server.refuseAll(550);
    await askFor('carla.secret@union.example');
    expect(logged).toHaveLength(1);
    const left = `${await dumpDatabase(platform.databaseUrl)}${logged.join('\n')}`.toLowerCase();
    for (const word of ['carla.secret', 'union.example', Buffer.from('carla').toString('hex')]) expect(left).not.toContain(word);
  });

  it('is asked for with one answer, whether the address has an account, is new, is over its limit or is refused by its server', async () => {
    await askFor('dora@union.example');
    await enterByMail();
    const { fetch, answers } = fetchFrom(routes, { Origin: ORIGIN });
    const api = createIssuerApi(ORIGIN, fetch);
    vi.spyOn(console, 'error').mockImplementation(() => {});
    for (let i = 0; i < 7; i += 1) await api.mailLink('dora@union.example');
    await platform.ctx.mail.settled();
    server.refuseAll(550);
    await api.mailLink('nobody@union.example');
    await platform.ctx.mail.settled();
    const seen = await Promise.all(answers.map(async (one) => [one.status, await one.text(), JSON.stringify([...one.headers])].join(' ')));
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(1);
  });

  it('goes to one address five times an hour and to no more than a hundred new ones, which keeps nobody out who has an account', async () => {
    await askFor('erik@union.example');
    await enterByMail();
    platform.clock.now += 3_600;
    for (let i = 0; i < 7; i += 1) await askFor('frida@union.example');
    expect(server.mails).toHaveLength(1 + 5);
    await platform.ctx.db.update(mailTurns).set({ count: 98 }).where(eq(mailTurns.key, 'new')); // as if that many had gone out
    for (let i = 0; i < 5; i += 1) await askFor(`stranger-${i}@union.example`);
    const before = 1 + 5 + 2;
    expect(server.mails).toHaveLength(before);
    expect(await platform.ctx.db.select().from(mailTurns)).toHaveLength(4); // no row for those who got none
    await askFor('erik@union.example');
    expect(server.mails).toHaveLength(before + 1);
    platform.clock.now += 3_600;
    await askFor('frida@union.example');
    expect(server.mails).toHaveLength(before + 2);
    expect(await platform.ctx.db.select().from(mailTurns)).toHaveLength(2);
  });

  it('is looked up together with all who ask meanwhile: a flood of strangers keeps out nobody who has an account', async () => {
    await askFor('olga@union.example');
    await enterByMail();
    server.mails.length = 0;
    const { promise, resolve } = Promise.withResolvers<null>();
    for (let i = 0; i < 2; i += 1) platform.ctx.mail.later(() => promise); // others are being looked up
    platform.ctx.newIssuers = 'approved';
    const ask = (address: string) => browser().mailLink(address, { patienceSeconds: 0 });
    const strangers = Array.from({ length: 700 }, (_, i) => ask(`stranger-${i}@flood.example`));
    const outcomes = await Promise.allSettled([...strangers, ask('olga@union.example')]);
    resolve(null);
    await platform.ctx.mail.settled();
    platform.ctx.newIssuers = 'anybody';
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(server.mails.map(({ to }) => to)).toEqual([['olga@union.example']]);
  });

  it('comes to all who were told so, however many mails wait when they are looked up', async () => {
    await askFor('petra@union.example');
    await enterByMail();
    server.mails.length = 0;
    const held = Promise.withResolvers<null>();
    for (let i = 0; i < 2; i += 1) platform.ctx.mail.later(() => held.promise); // others are being looked up
    for (let i = 0; i < 5; i += 1) await browser().mailLink(`first-${i}@union.example`);
    await browser().mailLink('petra@union.example');
    const full = Promise.withResolvers<null>();
    const others = vi.fn(() => full.promise);
    while (platform.ctx.mail.later(others)); // each place behind those who asked is taken
    held.resolve(null);
    await vi.waitFor(() => expect(others).toHaveBeenCalledTimes(2)); // one of them in the place of the looking up, which is done
    full.resolve(null);
    await platform.ctx.mail.settled();
    expect(server.mails.flatMap(({ to }) => to)).toContain('petra@union.example');
  });

  it('is refused to other pages, and for what is no plain address', async () => {
    const elsewhere = createIssuerApi(ORIGIN, fetchFrom(routes, { Origin: 'https://evil.example' }).fetch);
    await expect(elsewhere.mailLink('ada@union.example')).rejects.toMatchObject({ code: 'BAD_ORIGIN' });
    for (const text of [
      ...['ada', 'ada@', '@union.example', 'ada@localhost', 'a b@union.example', 'ada@union.example, eve@evil.example'],
      ...[
        'ada@union.example\r\nBcc: eve@evil.example',
        '"ada"@union.example',
        'Ada <ada@union.example>',
        `${'a'.repeat(65)}@union.example`,
      ],
    ])
      await expect(browser().mailLink(text)).rejects.toMatchObject({ code: 'BAD_MAIL_ADDRESS', status: 400 });
    expect(server.mails).toEqual([]);
  });

  it('creates no account before it is used', async () => {
    const count = () => platform.ctx.db.$count(issuers);
    const before = await count();
    await askFor('gus@union.example');
    expect(await count()).toBe(before);
  });
});

describe('a platform that does not take anybody as an issuer', () => {
  afterEach(() => {
    platform.ctx.newIssuers = 'anybody';
  });

  it.each(['approved', 'closed'] as const)(
    'mails nothing to an address without an account when it says %s, and to others as ever',
    async (rule) => {
      await askFor(`hanna-${rule}@union.example`);
      await enterByMail();
      platform.ctx.newIssuers = rule;
      server.mails.length = 0;
      await askFor(`stranger-${rule}@union.example`);
      expect(server.mails).toEqual([]);
      await askFor(`hanna-${rule}@union.example`);
      expect(await enterByMail()).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('takes whom the operator approves, once, and signs in nobody by a link from a freer time', async () => {
    await askFor('ida@union.example');
    platform.ctx.newIssuers = 'approved';
    await expect(enterByMail()).rejects.toMatchObject({ code: 'BAD_LINK' });
    const signIn = accountOfAddress(platform.ctx.signingSeed, 'ida@union.example');
    expect([await approveIssuer(platform.ctx.db, signIn), await approveIssuer(platform.ctx.db, signIn)]).toEqual([true, false]);
    await askFor('ida@union.example');
    expect(await enterByMail()).toMatch(/^[0-9a-f-]{36}$/);
    const day = Math.floor(Date.now() / 86_400_000) * 86_400;
    const listed = (await listIssuers(platform.ctx.db)).find((one) => one.signIn === signIn);
    expect(listed?.groups).toEqual([]);
    expect(Math.abs((listed?.since ?? 0) - day)).toBeLessThanOrEqual(86_400); // midnight may come in between
  });

  it('still takes the operator’s own link', async () => {
    platform.ctx.newIssuers = 'closed';
    const link = await makeSignInLink(platform.databaseUrl, ORIGIN, platform.ctx.now());
    await browser().signIn(new URL(link).hash.slice(1));
  });
});

describe('an e-mail address', () => {
  it('has one spelling, and leads to an account only with the seed of the platform', () => {
    expect(normaliseAddress(' Ada@BÜCHER.example ')).toBe('ada@xn--bcher-kva.example');
    const [one, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    expect(accountOfAddress(one, 'ada@union.example')).toMatch(/^mail:[0-9a-f]{64}$/);
    expect(accountOfAddress(one, 'ada@union.example')).not.toBe(accountOfAddress(other, 'ada@union.example'));
  });
});

describe('a post office', () => {
  it('keeps the newest mails of a trial without a mail server, and sends none elsewhere', async () => {
    const trial = createPostOffice(null, true);
    for (let i = 0; i < 25; i += 1) await trial.send({ to: 'ada@union.example', subject: 'Hello', text: `number ${i}` });
    expect(trial.mailbox().map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, i) => `number ${24 - i}`));
    expect(trial.way).toBe('mailbox');
    expect(createPostOffice(null, false).way).toBe('none');
  });

  it('takes no more work while as much waits as may', async () => {
    const office = createPostOffice(null, true);
    const { promise, resolve } = Promise.withResolvers<null>();
    let under = 0;
    const find = () => {
      under += 1;
      return promise;
    };
    expect(Array.from({ length: 514 }, () => office.later(find))).not.toContain(false);
    expect(office.later(find)).toBe(false);
    expect(under).toBe(2); // whoever asks for mails, however often, takes no more of the database than this
    resolve(null);
    await office.settled();
    expect(under).toBe(514);
    expect(office.later(find)).toBe(true);
  });
});
