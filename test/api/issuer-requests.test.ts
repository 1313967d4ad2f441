import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issuerRequests } from '#db/schema/membership.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import { createIssuerApi } from '#lib/api/issuer-client.ts';
import { checkIssuerRequest, createSigningFetch, formatIssuerRequest, REQUEST_HEADER, signIssuerRequest } from '#lib/api/issuer-request.ts';
import type { Fetch } from '#lib/api/request.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { inventNames, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { createGroup, systemRandom } from '../support/world.ts';

let platform: TestPlatform;
let routes: Route[];
const group = createGroup('Harbour pilots', inventNames(8), systemRandom);
const TICKETS = ['ab'.repeat(32)];
const MORE = ['ef'.repeat(32)];
/** What is left of the tickets once the first test has withdrawn them. */
const WITHDRAWN = TICKETS.map((ticket) => ({ ticket, state: 'withdrawn' }));

beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  routes = await loadRoutes();
  await claimGroup(platform.ctx, platform.keeper, signGroupClaim('Harbour pilots', platform.ctx.now(), group.seed));
});
afterAll(() => platform?.stop());

const now = () => platform.ctx.now();
/** What a program with this key asks through, by default over the routes. */
function programOf(seed: Uint8Array, { origin = ORIGIN, at = now, through = fetchFrom(routes).fetch as Fetch } = {}) {
  return createIssuerApi(ORIGIN, createSigningFetch(origin, { seed, now: at, random: systemRandom }, through));
}

/** Hands on a request after something was done to it on its way. */
function altered(change: (init: RequestInit, url: string) => [RequestInit, string]): Fetch {
  return (input, init) => {
    const [later, url] = change(init, input);
    return fetchFrom(routes).fetch(url, later);
  };
}

describe('a signed request of an issuer’s program', () => {
  it('does what a session does for the group of its key, without cookie or origin', async () => {
    const sent: RequestInit[] = [];
    const { fetch, answers } = fetchFrom(routes);
    const api = programOf(group.seed, {
      through: (input, init) => {
        sent.push(init);
        return fetch(input, init);
      },
    });
    expect(await api.addInvitations(group.id, TICKETS)).toEqual({ added: 1 });
    expect(await api.listEnrolments(group.id)).toEqual([{ ticket: TICKETS[0], state: 'invited' }]);
    expect(await api.withdrawInvitations(group.id, TICKETS)).toEqual({ withdrawn: 1 });
    const roll = { header: group.header, leaves: group.leaves.map(formatField), capsules: group.capsules, enrolled: [] };
    expect(await api.publishRoll(group.id, roll)).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(sent.map((init) => [init.credentials, init.referrerPolicy])).toEqual(sent.map(() => ['omit', 'no-referrer']));
    expect(answers.map(({ headers }) => headers.get('Set-Cookie'))).toEqual([null, null, null, null]);
  });

  it('T80: is taken once, of two copies at the same instant too', async () => {
    let kept: [string, RequestInit] | undefined;
    const { fetch } = fetchFrom(routes);
    await programOf(group.seed, {
      through: (input, init) => {
        kept = [input, init];
        return fetch(input, init);
      },
    }).listEnrolments(group.id);
    const [input, init] = kept as [string, RequestInit];
    const again = await fetch(input, init);
    expect([again.status, await again.json()]).toMatchObject([409, { error: { code: 'ISSUER_REQUEST_SPENT' } }]);
    const signed = signIssuerRequest({ origin: ORIGIN, method: 'GET', path: new URL(input).pathname }, new Uint8Array(), {
      ...{ seed: group.seed, now: now(), random: systemRandom },
    });
    const twice = [1, 2, 3].map(() => fetch(input, { headers: { [REQUEST_HEADER]: formatIssuerRequest(signed) } }));
    expect((await Promise.all(twice)).map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('is refused with another body, address, method, platform or signature', async () => {
    const refused = { code: 'BAD_ISSUER_REQUEST', status: 401 };
    const other = { body: JSON.stringify({ tickets: ['cd'.repeat(32)] }) };
    const ask = (through: Fetch) => programOf(group.seed, { through }).addInvitations(group.id, MORE);
    await expect(ask(altered((init, url) => [{ ...init, ...other }, url]))).rejects.toMatchObject(refused);
    await expect(ask(altered((init, url) => [{ ...init, method: 'DELETE' }, url]))).rejects.toMatchObject(refused);
    await expect(ask(altered((init, url) => [init, `${url}?after=1`]))).rejects.toMatchObject(refused);
    const forged = altered((init, url) => {
      const headers = init.headers as Record<string, string>;
      const signed = JSON.parse(headers[REQUEST_HEADER] as string);
      return [{ ...init, headers: { ...headers, [REQUEST_HEADER]: JSON.stringify({ ...signed, time: signed.time + 1 }) } }, url];
    });
    await expect(ask(forged)).rejects.toMatchObject(refused);
    const garbage = (text: string) =>
      altered((init, url) => [{ ...init, headers: { ...(init.headers as object), [REQUEST_HEADER]: text } }, url]);
    for (const text of ['', 'x', '{}', '['.repeat(5_000)]) await expect(ask(garbage(text))).rejects.toMatchObject(refused);
    const elsewhere = programOf(group.seed, { origin: 'https://other.example' });
    await expect(elsewhere.addInvitations(group.id, MORE)).rejects.toMatchObject(refused);
    expect(await programOf(group.seed).listEnrolments(group.id)).toEqual(WITHDRAWN);
  });

  it('is fresh for ten minutes, and its nonce kept for as long as a copy of it could be', async () => {
    const at = (difference: number) => programOf(group.seed, { at: () => now() + difference }).listEnrolments(group.id);
    expect([await at(-600), await at(600)]).toEqual([WITHDRAWN, WITHDRAWN]);
    for (const difference of [-601, 601]) await expect(at(difference)).rejects.toMatchObject({ code: 'ISSUER_REQUEST_NOT_FRESH' });
    platform.clock.now += 1_201;
    await at(0);
    expect(await platform.ctx.db.select().from(issuerRequests)).toHaveLength(1);
  });

  it('of another key reaches nothing and leaves nothing behind, though the same account keeps its group', async () => {
    const seed = systemRandom(32);
    await claimGroup(platform.ctx, platform.keeper, signGroupClaim('Others', now(), seed));
    const own = groupId({ issuer: publicKeyOf(seed), name: 'Others' });
    const api = programOf(seed);
    expect(await api.listEnrolments(own)).toEqual([]);
    const before = await platform.ctx.db.$count(issuerRequests);
    await expect(api.listEnrolments(group.id)).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND' });
    await expect(api.addInvitations(group.id, TICKETS)).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND' });
    await expect(programOf(systemRandom(32)).listEnrolments(group.id)).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND' });
    expect(await platform.ctx.db.$count(issuerRequests)).toBe(before);
  });

  it('opens nothing of the account but its group', async () => {
    const api = programOf(group.seed);
    await expect(api.getSession()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    await expect(api.listGroups()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    await expect(api.signOutEverywhere()).rejects.toMatchObject({ code: 'BAD_ORIGIN' });
  });

  it('is checked without memory: what is not a message of this kind is no request', () => {
    const subject = { origin: ORIGIN, method: 'GET' as const, path: '/api/issuer/groups' };
    const terms = { seed: group.seed, now: 1_000, random: systemRandom };
    const signed = signIssuerRequest(subject, new Uint8Array(), terms);
    expect(checkIssuerRequest(formatIssuerRequest(signed), subject, 1_000)).toMatchObject({ ok: true });
    const claim = signGroupClaim('Harbour pilots', 1_000, group.seed);
    for (const other of [claim, { ...signed, signature: claim.signature }, { ...signed, more: 1 }])
      expect(checkIssuerRequest(JSON.stringify(other), subject, 1_000)).toMatchObject({ ok: false, code: 'BAD_ISSUER_REQUEST' });
  });
});
