import { bytesToHex } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClerkOf } from '#db/approve-issuer.ts';
import { permits } from '#db/schema/board.ts';
import { sessions } from '#db/schema/clerks.ts';
import { makeSignInLink } from '#db/sign-in-link.ts';
import { createApi } from '#lib/api/client.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import { createIssuerApi } from '#lib/api/issuer-client.ts';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import { hashCapsules, joinCapsules } from '#lib/protocol/member/capsule.ts';
import { blindingOf, commitmentOf, createIdentity, type Identity } from '#lib/protocol/member/credential.ts';
import { type Enlisted, enlist } from '#lib/protocol/member/enlist.ts';
import { createInvitation, enrolmentId, enrolmentTicket, openEnrolment, sealEnrolment } from '#lib/protocol/member/enrolment.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { rollHash, signRoll } from '#lib/protocol/member/roll.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { createHpkeKeyPair } from '#lib/protocol/messages/hpke.ts';
import { type Field, formatField } from '#lib/protocol/numbers/field.ts';
import { type Permit, weekOf } from '#lib/protocol/permit/permit.ts';
import { findMembership } from '#lib/signing/find-membership.ts';
import { inventNames, newKeeper, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openClient, openCookie } from '../support/sign-in.ts';
import { createGroup, systemRandom } from '../support/world.ts';

let platform: TestPlatform;
let routes: Route[];

beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  routes = await loadRoutes();
});
afterAll(() => platform?.stop());

/** A signed-in browser. */
const clientOf = (clerk: ClerkOf, headers?: Record<string, string>) => openClient(platform, routes, clerk, headers);

/** The token of a link that was just printed. */
async function newToken(at = platform.ctx.now()): Promise<string> {
  return new URL(await makeSignInLink(platform.databaseUrl, ORIGIN, at)).hash.slice(1);
}

function newAccount(): Promise<ClerkOf> {
  return newKeeper(platform.ctx, `test-${Math.floor(performance.now() * 1000)}`);
}

describe('the link of an issuer', () => {
  it('signs in once, with a cookie that scripts cannot read and other sites and routes do not get', async () => {
    const { fetch, answers } = fetchFrom(routes, { Origin: ORIGIN });
    const api = createIssuerApi(ORIGIN, fetch);
    await expect(api.signIn('another token')).rejects.toMatchObject({ code: 'BAD_LINK', status: 401 });
    const earlier = await newToken();
    const token = await newToken();
    await expect(api.signIn(earlier)).rejects.toMatchObject({ code: 'BAD_LINK' });
    await api.signIn(token);
    const cookie = answers.at(-1)?.headers.get('Set-Cookie') ?? '';
    expect(cookie).toMatch(/^round-robin-issuer=[^;]+; Path=\/api\/issuer; Max-Age=3600; HttpOnly; SameSite=Strict; Secure$/);
    await expect(api.signIn(token)).rejects.toMatchObject({ code: 'BAD_LINK' });
    const old = await newToken(platform.ctx.now() - 86_401);
    await expect(api.signIn(old)).rejects.toMatchObject({ code: 'BAD_LINK' });
    const inside = createIssuerApi(ORIGIN, fetchFrom(routes, { Cookie: cookie.split(';')[0] as string }).fetch);
    expect((await inside.getSession()).issuer.id).toMatch(/^[0-9a-f-]{36}$/);
    await api.signOut();
    expect(answers.at(-1)?.headers.get('Set-Cookie')).toContain('Max-Age=0');
  });

  it('is spent by one of several that use it at the same instant', async () => {
    const token = await newToken();
    const attempts = Array.from({ length: 6 }, () => createIssuerApi(ORIGIN, fetchFrom(routes, { Origin: ORIGIN }).fetch).signIn(token));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('two accounts in one browser', () => {
  it('are not mistaken for each other: a page goes on for whom it was opened, or not at all', async () => {
    const [first, second] = [await newAccount(), await newAccount()];
    let cookie = await openCookie(platform, first);
    const page = createIssuerApi(ORIGIN, (at, init) => fetchFrom(routes, { Origin: ORIGIN, Cookie: cookie }).fetch(at, init));
    expect((await page.getSession()).issuer.id).toBe(first.issuer);
    expect(await page.listClerks()).toHaveLength(1);
    cookie = await openCookie(platform, second); // in another tab
    const claim = signGroupClaim('Pilots of the first', platform.ctx.now(), systemRandom(32));
    const acts = [() => page.listClerks(), () => page.claimGroup(claim), () => page.askForPasskey(), () => page.signOutEverywhere()];
    for (const act of acts) await expect(act()).rejects.toMatchObject({ code: 'OTHER_ACCOUNT', status: 409 });
    expect((await page.getSession()).issuer.id).toBe(second.issuer); // loaded again
    expect(await page.listGroups()).toEqual([]);
  });
});

describe('a cookie that another site of the domain has set', () => {
  it('signs nobody in to its account: of two, none is taken, and signing out ends both', async () => {
    const [own, foreign] = [await openCookie(platform, await newAccount()), await openCookie(platform, await newAccount())];
    const inBrowser = (cookie: string) => createIssuerApi(ORIGIN, fetchFrom(routes, { Origin: ORIGIN, Cookie: cookie }).fetch);
    for (const both of [`${foreign}; ${own}`, `${own}; ${foreign}`, `${own}; ${own}`])
      await expect(inBrowser(both).listGroups()).rejects.toMatchObject({ code: 'TWO_COOKIES', status: 409 });
    expect(await inBrowser(own).listGroups()).toEqual([]);
    await inBrowser(`${foreign}; ${own}`).signOut();
    for (const cookie of [own, foreign]) await expect(inBrowser(cookie).listGroups()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
  });
});

describe('a session that was ended', () => {
  const isIn = (api: Awaited<ReturnType<typeof clientOf>>) =>
    api.getSession().then(
      () => true,
      (error) => error.code,
    );

  it('is over for a copy of its cookie that somebody kept, and for no other session', async () => {
    const account = await newAccount();
    const [here, there] = [await clientOf(account), await clientOf(account)];
    await here.signOut();
    expect([await isIn(here), await isIn(there)]).toEqual(['NOT_SIGNED_IN', true]);
    await here.signOut(); // a second time is no fault
  });

  it('is over in all browsers when its owner says so, and in nobody else’s', async () => {
    const account = await newAccount();
    const [here, there, another] = [await clientOf(account), await clientOf(account), await clientOf(await newAccount())];
    await here.signOutEverywhere();
    expect([await isIn(here), await isIn(there), await isIn(another)]).toEqual(['NOT_SIGNED_IN', 'NOT_SIGNED_IN', true]);
  });

  it('is over when its row says so, whatever the seal of its cookie would allow, and leaves only hashes behind', async () => {
    const api = await clientOf(await newAccount());
    const rows = await platform.ctx.db.select().from(sessions);
    expect(rows.every(({ token }) => /^[0-9a-f]{64}$/.test(token))).toBe(true);
    await platform.ctx.db.update(sessions).set({ expiresAt: platform.ctx.now() });
    expect(await isIn(api)).toBe('NOT_SIGNED_IN');
    await clientOf(await newAccount());
    expect(await platform.ctx.db.select().from(sessions)).toHaveLength(1); // what is over is swept away
  });

  it('is over for the one browser of which its owner says so, and only for the owner’s', async () => {
    const account = await newAccount();
    const [here, there, another] = [await clientOf(account), await clientOf(account), await clientOf(await newAccount())];
    const listed = await here.listSessions();
    expect(listed.map(({ isThis }) => isThis).sort()).toEqual([false, true]);
    const other = listed.find(({ isThis }) => !isThis)?.id ?? '';
    await expect(another.endSession(other)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND', status: 404 });
    await expect(here.endSession('nonsense')).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    await here.endSession(other);
    expect([await isIn(here), await isIn(there), await isIn(another)]).toEqual([true, 'NOT_SIGNED_IN', true]);
    expect(await here.listSessions()).toMatchObject([{ isThis: true, startedAt: platform.ctx.now() }]);
  });
});

describe('the routes of issuers', () => {
  it('take a group from its key to a roll that members find themselves in', async () => {
    const account = await newAccount();
    const api = await clientOf(account);
    const anonymous = createApi(ORIGIN, fetchFrom(routes).fetch);
    const seed = systemRandom(32);
    const name = { issuer: publicKeyOf(seed), name: 'Lighthouse keepers' };
    const { id } = await api.claimGroup(signGroupClaim(name.name, platform.ctx.now(), seed));
    expect(id).toBe(groupId(name));
    expect(await api.listGroups()).toMatchObject([{ id, size: 0, number: 0 }]);

    const keys = createHpkeKeyPair(systemRandom);
    const invitations = inventNames(9).map((text) => createInvitation(text, name, bytesToHex(keys.publicKey), systemRandom));
    const tickets = invitations.map((invitation) => enrolmentTicket(enrolmentId(invitation)));
    expect(await api.addInvitations(id, tickets)).toEqual({ added: 9 });
    expect(await api.addInvitations(id, tickets)).toEqual({ added: 0 });
    expect(await api.withdrawInvitations(id, tickets.slice(8))).toEqual({ withdrawn: 1 });
    expect(await api.addInvitations(id, tickets)).toEqual({ added: 0 }); // an old keystore revives nothing

    const identities = invitations.map(() => createIdentity(systemRandom));
    const answerOf = (identity: Identity) => ({ commitment: commitmentOf(identity, id), membership: membershipOf(identity, id) });
    const enrolments = invitations.map((one, i) => sealEnrolment(one, answerOf(identities[i]!), systemRandom));
    for (const enrolment of enrolments.slice(0, 8)) await anonymous.postEnrolment(enrolment);
    await anonymous.postEnrolment(enrolments[0]!);
    await expect(anonymous.postEnrolment(enrolments[8]!)).rejects.toMatchObject({ code: 'UNKNOWN_INVITATION', status: 404 });
    const again = sealEnrolment(invitations[0]!, answerOf(createIdentity(systemRandom)), systemRandom);
    await expect(anonymous.postEnrolment(again)).rejects.toMatchObject({ code: 'ALREADY_ENROLLED', status: 409 });
    expect(await api.withdrawInvitations(id, tickets)).toEqual({ withdrawn: 0 });

    const listed = await api.listEnrolments(id);
    expect(listed.map(({ state }) => state).sort()).toEqual([...Array(8).fill('accepted'), 'withdrawn']);
    const enlisted = invitations.slice(0, 8).map((invitation) => {
      const found = listed.find(({ id: text }) => text === enrolmentId(invitation));
      const opened = openEnrolment(invitation, { id: found?.id ?? '', ciphertext: found?.ciphertext ?? '' }, keys);
      return enlist({ group: id, number: 1 }, { name: invitation.name, ...(opened.ok ? opened.value : raise(opened.code)) }) as Enlisted;
    });
    const leaves = enlisted.map(({ leaf }) => leaf);
    const capsules = joinCapsules(enlisted.map(({ capsule }) => capsule));
    const names = merkleRoot(hashCapsules(capsules));
    const header = signRoll({ group: name, number: 1, time: platform.ctx.now(), trustees: [], leaves, names }, seed);
    const roll = { header, leaves: leaves.map(formatField), capsules, enrolled: tickets.slice(0, 8) };
    expect(await api.publishRoll(id, roll)).toEqual({ hash: rollHash(header) });
    expect(await api.publishRoll(id, roll)).toEqual({ hash: rollHash(header) });
    expect(
      (await api.listEnrolments(id))
        .filter(({ state }) => state !== 'withdrawn')
        .every((one) => one.state === 'enrolled' && one.ciphertext === undefined),
    ).toBe(true);

    const fetched = await anonymous.getRoll(rollHash(header));
    const membership = { group: name, name: invitations[3]!.name, platform: ORIGIN };
    const place = await findMembership(anonymous, { membership, group: id, header: fetched }, identities[3]!);
    expect(place).toMatchObject({ ok: true, value: { path: { index: 3 } } });
    expect(blindingOf(identities[3]!, id)).not.toBe(blindingOf(identities[3]!, 'ab'.repeat(32)));
  });

  it('publish only what follows the newest roll, under its own key, root and group (T1, T23)', async () => {
    const account = await newAccount();
    const api = await clientOf(account);
    const group = createGroup('Pilots', inventNames(8), systemRandom);
    await api.claimGroup(signGroupClaim('Pilots', platform.ctx.now(), group.seed));
    const other = createGroup('Others', inventNames(8), systemRandom);
    const { names } = group.header;
    const publish = (header: unknown, leaves = group.leaves, capsules = group.capsules) =>
      api.publishRoll(group.id, { header: header as typeof group.header, leaves: leaves.map(formatField), capsules, enrolled: [] });
    const time = platform.ctx.now();
    const second = signRoll(
      { group: group.header.group, trustees: [], number: 2, previous: 'ab'.repeat(32), time, leaves: group.leaves, names },
      group.seed,
    );
    await expect(publish(second)).rejects.toMatchObject({ code: 'ROLL_CONFLICT' });
    await expect(publish(other.header, other.leaves)).rejects.toMatchObject({ code: 'OTHER_GROUP' });
    await expect(publish({ ...group.header, size: 7 })).rejects.toMatchObject({ code: 'ROLL_SIGNATURE' });
    await expect(publish(group.header, group.leaves.slice(1))).rejects.toMatchObject({ code: 'ROLL_SIZE' });
    await expect(publish(group.header, other.leaves)).rejects.toMatchObject({ code: 'ROLL_ROOT' });
    const future = signRoll(
      { group: group.header.group, number: 1, time: time + 4_000, trustees: [], leaves: group.leaves, names },
      group.seed,
    );
    await expect(publish(future)).rejects.toMatchObject({ code: 'ROLL_TIME' });
    for (const capsules of [other.capsules, group.capsules.slice(338), new Uint8Array(), group.capsules.toReversed()])
      await expect(publish(group.header, group.leaves, capsules)).rejects.toMatchObject({ code: 'BAD_CAPSULES', status: 400 });
    const unknown = { ...group, leaves: group.leaves.map(formatField), enrolled: ['cd'.repeat(32)] };
    await expect(api.publishRoll(group.id, unknown)).rejects.toMatchObject({ code: 'UNKNOWN_TICKET' });

    await publish(group.header);
    const back = { number: 2, previous: rollHash(group.header), time: time - 7 * 86_400 - 1 };
    const dated = signRoll({ group: group.header.group, trustees: [], ...back, leaves: group.leaves, names }, group.seed);
    const body = { said: { group: group.id } } as Permit;
    await platform.ctx.db.insert(permits).values({ nullifier: 7n as Field, statement: group.id, week: weekOf(time), body });
    await expect(publish(dated)).rejects.toMatchObject({ code: 'ROLL_TIME' });
    await platform.ctx.db.delete(permits);
    const rivals = [1, 2].map((later) =>
      signRoll(
        {
          group: group.header.group,
          number: 2,
          previous: rollHash(group.header),
          time: time + later,
          trustees: [],
          leaves: group.leaves,
          names,
        },
        group.seed,
      ),
    );
    const outcomes = await Promise.allSettled(rivals.map((header) => publish(header)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('take a roll as a form of two parts, and say so of any other', async () => {
    const account = await newAccount();
    const group = createGroup('Divers', inventNames(8), systemRandom);
    await (await clientOf(account)).claimGroup(signGroupClaim('Divers', platform.ctx.now(), group.seed));
    const cookie = await openCookie(platform, account);
    const { fetch } = fetchFrom(routes, { Origin: ORIGIN, Cookie: cookie });
    const post = async (body: FormData | string) => {
      const answer = await fetch(`${ORIGIN}/api/issuer/groups/${group.id}/rolls`, { method: 'POST', body });
      return [answer.status, ((await answer.json()) as { error?: { code: string } }).error?.code];
    };
    const roll = JSON.stringify({ header: group.header, leaves: group.leaves.map(formatField), enrolled: [] });
    const form = (parts: Record<string, string | Uint8Array<ArrayBuffer>>) => {
      const made = new FormData();
      for (const [name, part] of Object.entries(parts)) made.set(name, typeof part === 'string' ? part : new Blob([part]));
      return made;
    };
    const { capsules } = group;
    for (const other of [roll, form({ roll }), form({ capsules }), form({ roll, capsules: 'text' }), form({ roll: capsules, capsules })])
      expect(await post(other)).toEqual([400, 'BAD_SHAPE']);
    expect(await post(form({ roll: `${roll},`, capsules }))).toEqual([400, 'NOT_JSON']);
    expect(await post(form({ roll, capsules }))).toEqual([201, undefined]);
  });

  it('refuse whoever is not signed in, a stranger to the group, and requests from other pages', async () => {
    const owner = await clientOf(await newAccount());
    const group = createGroup('Cooks', inventNames(8), systemRandom);
    const claim = signGroupClaim('Cooks', platform.ctx.now(), group.seed);
    await owner.claimGroup(claim);
    const roll = { header: group.header, leaves: group.leaves.map(formatField), capsules: group.capsules, enrolled: [] };
    const tickets = ['ab'.repeat(32)];
    const stranger = await clientOf(await newAccount());
    const nobody = createIssuerApi(ORIGIN, fetchFrom(routes, { Origin: ORIGIN, Cookie: 'round-robin-issuer=forged' }).fetch);
    const elsewhere = await clientOf(platform.keeper, { Origin: 'https://evil.example' });
    for (const [client, code] of [
      [stranger, 'GROUP_NOT_FOUND'],
      [nobody, 'NOT_SIGNED_IN'],
    ] as const) {
      await expect(client.listEnrolments(group.id)).rejects.toMatchObject({ code });
      await expect(client.addInvitations(group.id, tickets)).rejects.toMatchObject({ code });
      await expect(client.withdrawInvitations(group.id, tickets)).rejects.toMatchObject({ code });
      await expect(client.publishRoll(group.id, roll)).rejects.toMatchObject({ code });
    }
    await expect(stranger.claimGroup(claim)).rejects.toMatchObject({ code: 'GROUP_EXISTS', status: 409 });
    await expect(nobody.claimGroup(claim)).rejects.toMatchObject({ code: 'NOT_SIGNED_IN', status: 401 });
    await expect(nobody.listGroups()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    await expect(nobody.getSession()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(await stranger.listGroups()).toEqual([]);
    await expect(elsewhere.claimGroup(claim)).rejects.toMatchObject({ code: 'BAD_ORIGIN', status: 403 });
    await expect(elsewhere.signIn('a token')).rejects.toMatchObject({ code: 'BAD_ORIGIN' });
    const forged = { ...claim, group: { ...claim.group, name: 'Captains' } };
    await expect(stranger.claimGroup(forged)).rejects.toMatchObject({ code: 'BAD_CLAIM' });
    const stale = signGroupClaim('Cooks', platform.ctx.now() - 3_600, group.seed);
    await expect(owner.claimGroup(stale)).rejects.toMatchObject({ code: 'BAD_CLAIM' });
  });
});

function raise(code: string): never {
  throw new Error(code);
}
