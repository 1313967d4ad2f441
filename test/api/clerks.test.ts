import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClerkOf } from '#db/approve-issuer.ts';
import { clerks, issuerLog, mailTurns, sessions, signInLinks } from '#db/schema/clerks.ts';
import { createIssuerApi, type IssuerApi } from '#lib/api/issuer-client.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { inventNames, newKeeper, publishGroup, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openClient } from '../support/sign-in.ts';
import { createGroup, systemRandom } from '../support/world.ts';

let platform: TestPlatform;
let routes: Route[];
let server: MailServer;
let first: IssuerApi;
let keeper: ClerkOf;
let accounts = 0;

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
  server.mails.length = 0;
  accounts += 1;
  keeper = await newKeeper(platform.ctx, `first-${accounts}`);
  first = await clientOf(keeper);
});
afterEach(async () => {
  platform.ctx.newIssuers = 'anybody';
  await platform.ctx.db.delete(mailTurns);
});

const clientOf = (clerk: ClerkOf, headers?: Record<string, string>) => openClient(platform, routes, clerk, headers);

/** Asks a clerk. @returns the token of the mail */
async function ask(address: string, by = first): Promise<string> {
  await by.askClerk(address);
  await platform.ctx.mail.settled();
  return /\/issuer\/enter#([\w-]{43})\n/.exec(server.mails.at(-1)?.text ?? '')?.[1] ?? '';
}

/** A browser that presses the button on a link's page. */
async function enter(token: string): Promise<IssuerApi> {
  const { fetch, answers } = fetchFrom(routes, { Origin: ORIGIN });
  await createIssuerApi(ORIGIN, fetch).signIn(token);
  const cookie = answers.at(-1)?.headers.get('Set-Cookie')?.split(';')[0] ?? '';
  return createIssuerApi(ORIGIN, fetchFrom(routes, { Origin: ORIGIN, Cookie: cookie }).fetch);
}

const seen = async (api: IssuerApi) => (await api.listClerks()).map(({ number, hasJoined, isThis }) => [number, hasJoined, isThis]);
const logged = async (api: IssuerApi) => (await api.listChanges()).map(({ action, clerk, count }) => [action, clerk, count]);

describe('the clerks of an issuer', () => {
  it('each sign in by themselves, keep the same groups, and all see what any of them changed', async () => {
    const token = await ask('bo@union.example');
    expect(await seen(first)).toEqual([
      [1, true, true],
      [2, false, false],
    ]);
    const second = await enter(token);
    expect(await seen(second)).toEqual([
      [1, true, false],
      [2, true, true],
    ]);
    const group = createGroup(`Pilots ${accounts}`, inventNames(8), systemRandom);
    await publishGroup({ ...platform, keeper }, group);
    expect((await second.listGroups()).map(({ id }) => id)).toEqual([group.id]);
    await second.addInvitations(group.id, ['ab'.repeat(32)]);
    await second.addInvitations(group.id, ['ab'.repeat(32)]); // changes nothing
    await first.withdrawInvitations(group.id, ['ab'.repeat(32)]);
    await second.saveProfile(group.header.group.issuer, { name: 'Union', about: '', contact: 'office', domain: '' });
    expect(await logged(first)).toEqual([
      ['profile-saved', 2, undefined],
      ['invitations-withdrawn', 1, 1],
      ['invitations-added', 2, 1],
      ['roll-published', 1, 1],
      ['group-claimed', 1, undefined],
      ['clerk-joined', 2, 2],
      ['clerk-asked', 1, 2],
    ]);
    expect(await second.listChanges()).toEqual(await first.listChanges());
    expect((await first.listChanges()).every(({ at }) => at % 3_600 === 0)).toBe(true);
  });

  it('come back to their issuer by an ordinary link, also where the platform takes nobody new', async () => {
    platform.ctx.newIssuers = 'closed';
    await enter(await ask('cy@union.example'));
    await createIssuerApi(ORIGIN, fetchFrom(routes, { Origin: ORIGIN }).fetch).mailLink('cy@union.example');
    await platform.ctx.mail.settled();
    const token = /#([\w-]{43})\n/.exec(server.mails.at(-1)?.text ?? '')?.[1] ?? '';
    expect(await seen(await enter(token))).toEqual([
      [1, true, false],
      [2, true, true],
    ]);
  });

  it('are out at once when another removes them: session, links and the question itself; their number is never given again', async () => {
    const second = await enter(await ask('di@union.example'));
    await second.mailLink('di@union.example');
    await platform.ctx.mail.settled();
    const spare = /#([\w-]{43})\n/.exec(server.mails.at(-1)?.text ?? '')?.[1] ?? '';
    const asked = await ask('ed@union.example');
    const [, di, ed] = await first.listClerks();
    await first.removeClerk(di?.id ?? '');
    await first.removeClerk(ed?.id ?? '');
    await expect(second.listGroups()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    for (const token of [spare, asked]) await expect(enter(token)).rejects.toMatchObject({ code: 'BAD_LINK' });
    await ask('fay@union.example');
    expect((await first.listClerks()).map(({ number }) => number)).toEqual([1, 4]);
  });

  it('are out also where they signed in just as another removed them', async () => {
    await enter(await ask('ida@union.example'));
    const [, ida] = await first.listClerks();
    const clerk = { issuer: keeper.issuer, clerk: ida?.id ?? '' };
    await first.removeClerk(clerk.clerk);
    await expect((await clientOf(clerk)).listGroups()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it('are not asked while no mail can leave: whoever tries again asks once', async () => {
    const sent = Promise.withResolvers<null>();
    while (platform.ctx.mail.later(() => sent.promise));
    await expect(first.askClerk('jo@union.example', { patienceSeconds: 0 })).rejects.toMatchObject({ code: 'BUSY' });
    sent.resolve(null);
    await platform.ctx.mail.settled();
    expect(await seen(first)).toEqual([[1, true, true]]);
    expect(await ask('jo@union.example')).not.toBe('');
    expect((await first.listClerks()).map(({ number }) => number)).toEqual([1, 2]);
  });

  it('cannot all go: the last who can sign in stays', async () => {
    await ask('gil@union.example');
    const [self] = await first.listClerks();
    await expect(first.removeClerk(self?.id ?? '')).rejects.toMatchObject({ code: 'LAST_CLERK', status: 409 });
  });

  it('are asked without a word of the asker’s, and no answer tells whether the address has an account', async () => {
    const other = await clientOf(await newKeeper(platform.ctx, `other-${accounts}`));
    await enter(await ask('hal@union.example', other));
    const token = await ask('hal@union.example'); // the asker sees what it would for any address
    expect(server.mails.at(-1)?.text).not.toMatch(/Pilots|Union/);
    expect(await seen(first)).toContainEqual([2, false, false]);
    await expect(enter(token)).rejects.toMatchObject({ code: 'CLERK_ELSEWHERE', status: 409 });
    expect(await logged(other)).toHaveLength(2);
  });

  it('leave no address behind', async () => {
    await enter(await ask('ivy.secret@union.example'));
    const left = (await dumpDatabase(platform.databaseUrl)).toLowerCase();
    for (const word of ['ivy.secret', 'union.example', Buffer.from('ivy.secret').toString('hex')]) expect(left).not.toContain(word);
  });

  it('are asked ten times an hour at most', async () => {
    for (let i = 0; i < 10; i += 1) await first.askClerk(`many-${i}@union.example`);
    await expect(first.askClerk('one-more@union.example', { signal: AbortSignal.timeout(1_000) })).rejects.toBeDefined();
    expect(await platform.ctx.db.$count(clerks)).toBeGreaterThan(10);
    expect((await first.listClerks()).length).toBe(11);
  });

  it('of one issuer mean nothing to another, to nobody, and to other pages', async () => {
    await ask('jo@union.example');
    const [, jo] = await first.listClerks();
    const stranger = await clientOf(await newKeeper(platform.ctx, `stranger-${accounts}`));
    await expect(stranger.removeClerk(jo?.id ?? '')).rejects.toMatchObject({ code: 'CLERK_NOT_FOUND', status: 404 });
    await expect(stranger.removeClerk('nonsense')).rejects.toMatchObject({ code: 'CLERK_NOT_FOUND' });
    expect(await stranger.listChanges()).toEqual([]);
    const nobody = createIssuerApi(ORIGIN, fetchFrom(routes, { Origin: ORIGIN }).fetch);
    const elsewhere = await clientOf(keeper, { Origin: 'https://evil.example' });
    for (const [api, code] of [
      [nobody, 'NOT_SIGNED_IN'],
      [elsewhere, 'BAD_ORIGIN'],
    ] as const) {
      await expect(api.askClerk('kim@union.example')).rejects.toMatchObject({ code });
      await expect(api.removeClerk(jo?.id ?? '')).rejects.toMatchObject({ code });
    }
    for (const call of [nobody.listClerks(), nobody.listChanges()]) await expect(call).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(await platform.ctx.db.$count(signInLinks)).toBeGreaterThan(0);
    expect(await platform.ctx.db.$count(sessions)).toBeGreaterThan(0);
    expect(await platform.ctx.db.$count(issuerLog)).toBeGreaterThan(0);
  });
});
