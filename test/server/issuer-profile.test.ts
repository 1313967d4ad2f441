import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClerkOf } from '#db/approve-issuer.ts';
import { eq, sql } from '#db/drizzle.cjs';
import { issuerLog } from '#db/schema/clerks.ts';
import { issuerProfiles, rolls } from '#db/schema/membership.ts';
import { createApi } from '#lib/api/client.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import { createIssuerApi } from '#lib/api/issuer-client.ts';
import { checkProfile, domainProof, type IssuerProfile } from '#lib/api/issuer-profile.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { type RollHeader, rollHash, signRoll } from '#lib/protocol/member/roll.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { checkDomains } from '#lib/server/domains/check-domains.ts';
import { isPublicAddress, lookUpPublic } from '#lib/server/domains/public-address.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { getGroupView } from '#lib/server/groups/list.ts';
import { listChanges, logChange } from '#lib/server/issuers/log.ts';
import { getIssuerView } from '#lib/server/issuers/profile.ts';
import { type NameServer, startNameServer } from '../support/name-server.ts';
import { inventNames, newKeeper, publishGroup, publishRollOf, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openClient } from '../support/sign-in.ts';
import { createGroup, nextRoll, systemRandom, type TestGroup } from '../support/world.ts';

const PROFILE: IssuerProfile = {
  name: 'Pilots’ Union',
  about: 'We represent harbour pilots.\nSince 1911.',
  contact: 'office@union.example',
  domain: 'union.example',
};
const DAY = 86_400;

let platform: TestPlatform;
let routes: Route[];
let group: TestGroup;
let key: string;
let nameServer: NameServer;
let web: Server;
/** What the web server of every domain answers. */
let answerWeb: (response: ServerResponse) => void;

beforeAll(async () => {
  nameServer = await startNameServer();
  web = createServer((request, response) => {
    if (request.url === '/.well-known/round-robin-issuer.txt' && request.headers.host === 'union.example') answerWeb(response);
    else response.writeHead(404).end();
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const { port } = web.address() as AddressInfo;
  const domains = {
    nameServer: nameServer.address,
    web: {
      port,
      lookup: ((_host, options, callback) =>
        options.all
          ? (callback as unknown as (error: null, all: { address: string; family: number }[]) => void)(null, [
              { address: '127.0.0.1', family: 4 },
            ])
          : callback(null, '127.0.0.1', 4)) as import('node:net').LookupFunction,
    },
  };
  platform = await startPlatform({ domains });
  connectRoutes(platform);
  routes = await loadRoutes();
  group = createGroup('Harbour pilots', inventNames(9), systemRandom);
  key = group.header.group.issuer;
  await publishGroup(platform, group);
});
afterAll(async () => {
  await platform?.stop();
  await nameServer?.stop();
  web?.close();
});
beforeEach(async () => {
  await platform.ctx.db.delete(issuerProfiles);
  nameServer.records.clear();
  answerWeb = (response) => response.writeHead(404).end();
});

const clientOf = (clerk: ClerkOf) => openClient(platform, routes, clerk);
const own = () => clientOf(platform.keeper);
const domainState = async () => (await getIssuerView(platform.ctx, key)).profile;

describe('what an issuer says of itself', () => {
  it('is kept for the key of a group that the account keeps, and shown on its page with its groups and rolls', async () => {
    const api = await own();
    expect(await api.getProfile(key)).toBeNull();
    await api.saveProfile(key, PROFILE);
    expect(await api.getProfile(key)).toEqual(PROFILE);
    const view = await getIssuerView(platform.ctx, key);
    expect(view).toMatchObject({ key, profile: { ...PROFILE, provedBy: null, checkedAt: null }, groups: [{ id: group.id }] });
    await api.saveProfile(key, { ...PROFILE, name: 'Another name' });
    expect((await domainState())?.name).toBe('Another name');
  });

  it('costs the same to show however many groups and rolls the issuer has', async () => {
    const seed = systemRandom(32);
    const many = { ...platform, keeper: await newKeeper(platform.ctx, 'many groups') };
    const names = Array.from({ length: 15 }, (_, i) => `Group ${String(i).padStart(2, '0')}`);
    for (const name of names) await claimGroup(platform.ctx, many.keeper, signGroupClaim(name, platform.ctx.now(), seed));
    const group = { issuer: publicKeyOf(seed), name: names[0] as string };
    let previous: RollHeader | undefined;
    for (let number = 1; number <= 60; number++) {
      const chain = previous ? { previous: rollHash(previous) } : {};
      previous = signRoll(
        { group, number, ...chain, time: 1_800_000_000, trustees: [], leaves: [1n, 2n] as Field[], names: 'ab'.repeat(32) },
        seed,
      );
      const nothing = new Uint8Array();
      const row = { hash: rollHash(previous), groupId: groupId(group), number, size: 2, header: previous, file: nothing, names: nothing };
      await platform.ctx.db.insert(rolls).values(row);
    }
    const view = await getIssuerView(platform.ctx, group.issuer);
    expect([view.groups.length, view.hidden, view.histories.length, view.histories[0]?.rolls.length]).toEqual([15, 0, 10, 50]);
    expect(view.histories[0]?.rolls.every(({ isChained }) => isChained)).toBe(true);
    expect((await createApi(ORIGIN, fetchFrom(routes).fetch).getGroup(groupId(group))).rolls).toHaveLength(60);
  });

  it('is refused to strangers, to whoever is not signed in, and for keys without a group', async () => {
    const other = await clientOf(await newKeeper(platform.ctx, 'stranger'));
    await expect(other.saveProfile(key, PROFILE)).rejects.toMatchObject({ code: 'ISSUER_NOT_FOUND', status: 404 });
    await expect(other.getProfile(key)).rejects.toMatchObject({ code: 'ISSUER_NOT_FOUND' });
    expect(await other.getProfile('ab'.repeat(32))).toBeNull(); // it asks before its first group is registered
    await expect((await own()).saveProfile('ab'.repeat(32), PROFILE)).rejects.toMatchObject({ code: 'ISSUER_NOT_FOUND' });
    const nobody = createIssuerApi(ORIGIN, fetchFrom(routes, { Origin: ORIGIN }).fetch);
    await expect(nobody.saveProfile(key, PROFILE)).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    await expect(getIssuerView(platform.ctx, 'ab'.repeat(32))).rejects.toMatchObject({ code: 'ISSUER_NOT_FOUND' });
    await expect(getIssuerView(platform.ctx, 'nonsense')).rejects.toMatchObject({ code: 'ISSUER_NOT_FOUND' });
  });

  it('comes to members with the group, so that an error can say whom to ask', async () => {
    const api = createApi(ORIGIN, fetchFrom(routes).fetch);
    expect(await api.getGroup(group.id)).not.toHaveProperty('contact');
    await (await own()).saveProfile(key, PROFILE);
    expect((await api.getGroup(group.id)).contact).toBe('office@union.example');
  });

  it.each([
    { name: '' },
    { name: 'Un\u200bseen' },
    { about: 'turned \u202e round' },
    { about: 'x'.repeat(2_001) },
    { contact: '' },
    { contact: 'two\nlines' },
    { contact: 'x\u0000y' },
    { about: 'clear\u001b[2J' },
    { about: 'next\u0085line' },
    { contact: 'y'.repeat(201) },
    { domain: 'union' },
    { domain: 'Union.example' },
    { domain: 'union.example/path' },
    { domain: '127.0.0.1' },
    { domain: 'bücher.example' },
  ])('is refused with %j', (change) => {
    expect(checkProfile({ ...PROFILE, ...change })).toMatchObject({ ok: false, code: 'BAD_PROFILE' });
    expect(checkProfile({ ...PROFILE, domain: '', about: '' }).ok).toBe(true);
  });
});

describe('the domain of an issuer', () => {
  it('is proved by a TXT record, looked at again a day later, and then not proved any more when the record is gone', async () => {
    nameServer.records.set('_round-robin.union.example', ['v=other', domainProof(key)]);
    await (await own()).saveProfile(key, PROFILE);
    expect(await checkDomains(platform.ctx)).toBe(1);
    const proved = platform.ctx.now();
    expect(await domainState()).toMatchObject({ provedBy: 'dns', provedAt: proved, checkedAt: proved });
    nameServer.records.clear();
    platform.clock.now += DAY - 1;
    expect(await checkDomains(platform.ctx)).toBe(0);
    platform.clock.now += 1;
    expect(await checkDomains(platform.ctx)).toBe(1);
    expect(await domainState()).toMatchObject({ provedBy: null, provedAt: proved, checkedAt: proved + DAY });
  });

  it('is proved by a file on its web server', async () => {
    answerWeb = (response) => response.end(`some other line\r\n${domainProof(key)}\r\n`);
    await (await own()).saveProfile(key, PROFILE);
    await checkDomains(platform.ctx);
    expect((await domainState())?.provedBy).toBe('web');
  });

  it('is not proved by another key, by a redirect, by a part of a line, or by a file without an end', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => response.end(domainProof('ab'.repeat(32))),
      (response) => response.writeHead(302, { Location: 'http://127.0.0.1/.well-known/round-robin-issuer.txt' }).end(domainProof(key)),
      (response) => response.end(`not ${domainProof(key)}`),
      (response) => response.end(`${'x'.repeat(5_000)}\n${domainProof(key)}`),
    ];
    for (const answer of answers) {
      answerWeb = answer;
      await (await own()).saveProfile(key, PROFILE);
      expect(await checkDomains(platform.ctx)).toBe(1);
      expect((await domainState())?.provedBy).toBeNull();
    }
  });

  it('counts as not proved when it is changed, and stays proved when the rest is', async () => {
    nameServer.records.set('_round-robin.union.example', [domainProof(key)]);
    const api = await own();
    await api.saveProfile(key, PROFILE);
    await checkDomains(platform.ctx);
    await api.saveProfile(key, { ...PROFILE, contact: 'hello@union.example' });
    expect((await domainState())?.provedBy).toBe('dns');
    await api.saveProfile(key, { ...PROFILE, domain: 'other.example' });
    expect(await domainState()).toMatchObject({ provedBy: null, provedAt: null, checkedAt: null });
    await checkDomains(platform.ctx);
    expect((await domainState())?.provedBy).toBeNull();
    await api.saveProfile(key, { ...PROFILE, domain: '' });
    expect(await checkDomains(platform.ctx)).toBe(0);
  });

  it('makes the platform speak to public addresses only', async () => {
    for (const address of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.0.1', '100.64.0.1', '0.0.0.0', '224.0.0.1'])
      expect(isPublicAddress(address), address).toBe(false);
    for (const address of ['::1', '::ffff:127.0.0.1', 'fe80::1', 'fd00::1', '2002:7f00:1::', '2001:0:1::1', '2::1', 'no address'])
      expect(isPublicAddress(address), address).toBe(false);
    for (const address of ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c']) expect(isPublicAddress(address), address).toBe(true);
    const failure = await new Promise((resolve) => lookUpPublic('localhost', {}, (error) => resolve(error)));
    expect(failure).toMatchObject({ code: 'ENOTPUBLIC' });
  });
});

describe('an issuer that says thousands of keys anew', () => {
  it('puts the domains of no other off', async () => {
    const { ctx } = platform;
    const flood = { ...platform, keeper: await newKeeper(ctx, 'flood') };
    for (let i = 0; i < 30; i++) {
      const seed = systemRandom(32);
      await claimGroup(ctx, flood.keeper, signGroupClaim('Flood', ctx.now(), seed));
      await ctx.db.insert(issuerProfiles).values({ ...PROFILE, key: publicKeyOf(seed), domain: 'nowhere.example' });
    }
    await (await own()).saveProfile(key, PROFILE);
    await checkDomains(ctx);
    expect((await domainState())?.checkedAt).toBe(ctx.now());
  });

  it('leaves a log of its changes that has an end, and keeps the newest', async () => {
    const { ctx, keeper } = platform;
    const issuer = keeper.issuer;
    await ctx.db.execute(
      sql`insert into membership.issuer_log (issuer, action, at) select ${issuer}::uuid, 'profile-saved', 0 from generate_series(1, 12000)`,
    );
    for (let i = 0; i < 100; i++) await logChange(ctx.db, keeper, ctx.now(), { action: 'roll-published', count: i });
    expect(await ctx.db.$count(issuerLog)).toBeLessThan(10_200);
    expect((await listChanges(ctx, issuer)).slice(0, 100).map(({ count }) => count)).toEqual(Array.from({ length: 100 }, (_, i) => 99 - i));
  });
});

describe('the history of a group', () => {
  it('says how many came and went with each roll, and shows one that does not follow the one before', async () => {
    const shrunk = nextRoll(group, group.members.slice(1));
    await publishRollOf(platform, shrunk);
    const grown = nextRoll(shrunk, [...shrunk.members, ...createGroup('Others', inventNames(2), systemRandom).members]);
    await publishRollOf(platform, grown);
    const history = async () => (await getGroupView(platform.ctx, group.id, 100)).rolls;
    expect((await history()).map(({ added, removed, isChained }) => [added, removed, isChained])).toEqual([
      [2, 0, true],
      [0, 1, true],
      [9, 0, true],
    ]);
    const [newest] = await history();
    await platform.ctx.db
      .update(rolls)
      .set({ header: { ...newest!.header, previous: 'ab'.repeat(32) } })
      .where(eq(rolls.hash, newest!.hash));
    expect((await history()).map(({ isChained }) => isChained)).toEqual([false, true, true]);
  });
});
