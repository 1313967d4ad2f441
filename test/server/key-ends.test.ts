import { bytesToHex } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { and, eq, ne, sql } from '#db/drizzle.cjs';
import { endedKeys, groups } from '#db/schema/membership.ts';
import { createApi } from '#lib/api/client.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import type { IssuerApi } from '#lib/api/issuer-client.ts';
import { formatIssuerRequest, REQUEST_HEADER, signIssuerRequest } from '#lib/api/issuer-request.ts';
import { inviteMembers } from '#lib/issuing/invite.ts';
import { addGroup, createIssuer, groupIdsOf, type Issuer, issuerKey, parseIssuer } from '#lib/issuing/issuer-file.ts';
import { replaceKey, revokeOwnKey } from '#lib/issuing/new-key.ts';
import type { IssuerStore } from '#lib/issuing/run-group.ts';
import { createInvitation, enrolmentId, enrolmentTicket } from '#lib/protocol/member/enrolment.ts';
import { fateOf, signRevocation, signSuccessor } from '#lib/protocol/member/key-end.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { createHpkeKeyPair } from '#lib/protocol/messages/hpke.ts';
import { openChallenge } from '#lib/server/challenges/open.ts';
import { acceptEnrolment } from '#lib/server/enrolments/accept.ts';
import { addInvitations } from '#lib/server/enrolments/invite.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { listChoices, readGroupsPage } from '#lib/server/groups/list.ts';
import { endKey, listEndedKeys } from '#lib/server/issuers/key-ends.ts';
import { getIssuerView } from '#lib/server/issuers/profile.ts';
import {
  inventNames,
  newKeeper,
  openStatement,
  prepareStatement,
  publishGroup,
  publishRollOf,
  START,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { askOn } from '../support/publish-challenge.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openClient } from '../support/sign-in.ts';
import { createGroup, nextRoll, systemRandom, type TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let routes: Route[];
let group: TestGroup;
let key: string;

beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  routes = await loadRoutes();
});
afterAll(() => platform?.stop());
beforeEach(async () => {
  group = createGroup('Harbour pilots', inventNames(9), systemRandom);
  key = group.header.group.issuer;
  await publishGroup(platform, group);
});

const end = (message?: object, of = key, keeper = platform.keeper) => endKey(platform.ctx, keeper, of, message ? { message } : {});
const endOf = async (of = key) => (await listEndedKeys(platform.ctx, 0)).keys.find(({ issuer }) => issuer === of);
const ENDED = { code: 'ISSUER_KEY_ENDED', status: 409 };

describe('a key that has ended', () => {
  it('T82: makes nothing more: no roll, statement, question, invitation, answer, group or signed request', async () => {
    const invitation = createInvitation('Grace', group.header.group, bytesToHex(createHpkeKeyPair(systemRandom).publicKey), systemRandom);
    const id = enrolmentId(invitation);
    await addInvitations(platform.ctx, platform.keeper, group.id, { tickets: [enrolmentTicket(id)] });
    const { statement } = prepareStatement(platform, [group], { count: 2 }).context;
    const { challenge } = askOn(platform, [group]);
    const path = `/api/issuer/groups/${group.id}/enrolments`;
    const signed = signIssuerRequest({ origin: ORIGIN, method: 'GET', path }, new Uint8Array(), {
      ...{ seed: group.seed, now: platform.ctx.now(), random: systemRandom },
    });

    await end(signRevocation(START, group.seed));
    await expect(publishRollOf(platform, nextRoll(group, group.members.slice(1)))).rejects.toMatchObject(ENDED);
    await expect(openStatement(platform.ctx, statement)).rejects.toMatchObject(ENDED);
    await expect(openChallenge(platform.ctx, challenge, null)).rejects.toMatchObject(ENDED);
    await expect(addInvitations(platform.ctx, platform.keeper, group.id, { tickets: ['ab'.repeat(32)] })).rejects.toMatchObject(ENDED);
    await expect(acceptEnrolment(platform.ctx, { id, ciphertext: 'ab'.repeat(112) })).rejects.toMatchObject(ENDED);
    const claim = signGroupClaim('Another group', platform.ctx.now(), group.seed);
    await expect(claimGroup(platform.ctx, platform.keeper, claim)).rejects.toMatchObject(ENDED);
    const { fetch } = fetchFrom(routes);
    const answer = await fetch(ORIGIN + path, { headers: { [REQUEST_HEADER]: formatIssuerRequest(signed) } });
    expect([answer.status, await answer.json()]).toMatchObject([409, { error: { code: 'ISSUER_KEY_ENDED' } }]);

    expect((await readGroupsPage(platform.ctx, {})).groups.find(({ id }) => id === group.id)).toMatchObject({ ended: true });
    const { groups, chosen } = await listChoices(platform.ctx, [group.id]);
    expect([...groups, ...chosen].some(({ id }) => id === group.id)).toBe(false);
  });

  it('leaves a statement that was opened before as it is, and a roll that is sent again', async () => {
    const { statement, id } = prepareStatement(platform, [group], { count: 2 }).context;
    await openStatement(platform.ctx, statement);
    await end();
    expect(await openStatement(platform.ctx, statement)).toMatchObject({ id, isNew: false });
    expect((await publishRollOf(platform, group)).isNew).toBe(false);
  });

  it('is listed for everybody, and stands on its page and on that of its successor', async () => {
    const next = systemRandom(32);
    const message = signSuccessor(START, group.seed, next);
    await end(message);
    const listed = await createApi(ORIGIN, fetchFrom(routes).fetch).listEndedKeys();
    expect(listed).toContainEqual({ issuer: key, time: platform.ctx.now(), message });
    expect(fateOf(key, listed)).toEqual({ successor: publicKeyOf(next), revoked: null, time: START });
    expect((await getIssuerView(platform.ctx, key)).end).toMatchObject({ message });
    await claimGroup(platform.ctx, platform.keeper, signGroupClaim('Harbour pilots', platform.ctx.now(), next));
    expect(await getIssuerView(platform.ctx, publicKeyOf(next))).toMatchObject({ end: null, follows: [key] });
  });

  it('is never milder afterwards: a revocation follows a successor, and nothing follows a revocation but its signature', async () => {
    const successor = signSuccessor(START, group.seed, systemRandom(32));
    await end(successor);
    await end(successor); // the same again
    await expect(end(signSuccessor(START, group.seed, systemRandom(32)))).rejects.toMatchObject({ code: 'KEY_ENDED' });
    await end();
    expect(await endOf()).toEqual({ issuer: key, time: platform.ctx.now() });
    await expect(end(successor)).rejects.toMatchObject({ code: 'KEY_ENDED' });
    const revocation = signRevocation(START, group.seed);
    await end(revocation);
    await end(revocation);
    await expect(end()).rejects.toMatchObject({ code: 'KEY_ENDED' });
    expect(await endOf()).toMatchObject({ message: revocation });
  });

  it('is ended by its own account alone, with a message of its own', async () => {
    const stranger = await newKeeper(platform.ctx, `stranger ${key}`);
    await expect(end(undefined, key, stranger)).rejects.toMatchObject({ code: 'ISSUER_NOT_FOUND' });
    await expect(end(undefined, 'nonsense')).rejects.toMatchObject({ code: 'ISSUER_NOT_FOUND' });
    const foreign = signRevocation(START, systemRandom(32));
    await expect(end(foreign)).rejects.toMatchObject({ code: 'KEY_END_SIGNATURE' });
    await expect(end({ ...foreign, issuer: key })).rejects.toMatchObject({ code: 'KEY_END_SIGNATURE' });
    await expect(end(signRevocation(START + 1_000, group.seed))).rejects.toMatchObject({ code: 'BAD_TIMES' });
    const dead = createGroup('Others', inventNames(8), systemRandom);
    await publishGroup(platform, dead);
    await end(undefined, dead.header.group.issuer);
    await expect(end(signSuccessor(START, group.seed, dead.seed))).rejects.toMatchObject({ code: 'BAD_SUCCESSOR' });
    expect(await endOf()).toBeUndefined();
  });

  it('T83: belongs to one account: who has a copy of it cannot speak for its issuer from an account of their own', async () => {
    const thief = await newKeeper(platform.ctx, `thief ${key}`);
    const claim = (name: string) => signGroupClaim(name, platform.ctx.now(), group.seed);
    await expect(claimGroup(platform.ctx, thief, claim('My own group'))).rejects.toMatchObject({ code: 'GROUP_EXISTS' });
    await expect(end(signSuccessor(START, group.seed, systemRandom(32)), key, thief)).rejects.toMatchObject({ code: 'ISSUER_NOT_FOUND' });
    // Of two accounts that claim with one key at the same instant, one is refused.
    const fresh = systemRandom(32);
    const claims = [platform.keeper, thief].map((keeper, i) =>
      claimGroup(platform.ctx, keeper, signGroupClaim(`Group ${i}`, platform.ctx.now(), fresh)),
    );
    const outcomes = await Promise.allSettled(claims);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('does not make the lists of keys and groups grow without end: an account keeps so many groups, and no more', async () => {
    const keeper = await newKeeper(platform.ctx, `many ${key}`);
    const seed = systemRandom(32);
    const claim = (name: string) => claimGroup(platform.ctx, keeper, signGroupClaim(name, platform.ctx.now(), seed));
    const first = await claim('The first');
    await platform.ctx.db.execute(sql`
      insert into membership.groups (id, issuer, issuer_key, name, claimed_at)
      select sha256(convert_to(n::text || ${key}, 'UTF8')), issuer, issuer_key, 'Group ' || n, claimed_at
      from membership.groups, generate_series(2, 5000) n where id = decode(${first.id}, 'hex')`);
    await expect(claim('One more')).rejects.toMatchObject({ code: 'TOO_MANY_GROUPS' });
    expect(await claim('The first')).toEqual({ id: first.id, isNew: false });
    await platform.ctx.db.delete(groups).where(and(eq(groups.issuer, keeper.issuer), ne(groups.id, first.id)));
    expect(await claim('One more')).toMatchObject({ isNew: true });
  });

  it('is listed in parts that go on where the last one ended', async () => {
    const rows = Array.from({ length: 501 }, (_, i) => ({ key: i.toString(16).padStart(64, '0'), at: START, message: null }));
    await platform.ctx.db.insert(endedKeys).values(rows);
    const whole = await createApi(ORIGIN, fetchFrom(routes).fetch).listEndedKeys();
    expect(new Set(whole.map(({ issuer }) => issuer)).size).toBe(whole.length);
    expect(whole.length).toBe(await platform.ctx.db.$count(endedKeys));
  });
});

describe('an issuer whose key is to end', () => {
  let stored: Issuer;
  const store: IssuerStore = { update: async (change) => (stored = value(await change(stored))) };
  const terms = () => ({ now: platform.ctx.now(), random: systemRandom });
  let api: IssuerApi;

  beforeEach(async () => {
    const added = addGroup(createIssuer(systemRandom), 'Nurses', []);
    if (!added.ok) throw new Error(added.code);
    const [id] = groupIdsOf(added.value);
    const rows = inventNames(3).map((name, row) => ({ name, email: '', row }));
    stored = inviteMembers(added.value, id as string, rows, systemRandom);
    api = await openClient(platform, routes, platform.keeper);
    await api.claimGroup(signGroupClaim('Nurses', platform.ctx.now(), Buffer.from(stored.seed, 'hex')));
  });

  it('goes on with the successor that it had prepared, whatever fails on the way', async () => {
    const before = stored;
    const failing = { ...api, endKey: () => Promise.reject(new TypeError('the line is dead')) };
    await expect(replaceKey(failing, store, terms())).rejects.toThrow('dead');
    const prepared = stored.next;
    const lost = {
      ...api,
      endKey: (...args: Parameters<IssuerApi['endKey']>) => api.endKey(...args).then(() => Promise.reject(new TypeError('lost'))),
    };
    await expect(replaceKey(lost, store, terms())).rejects.toThrow('lost');
    expect(stored).toEqual({ ...before, next: prepared });

    const after = await replaceKey(api, store, terms());
    expect([after.seed, after.enrolmentSecret, after.next]).toEqual([prepared?.seed, prepared?.enrolmentSecret, undefined]);
    expect(fateOf(issuerKey(before), await createApi(ORIGIN, fetchFrom(routes).fetch).listEndedKeys())?.successor).toBe(issuerKey(after));
    const [old, next] = [before.groups[0]?.members ?? [], after.groups[0]?.members ?? []];
    expect(next.map(({ name }) => name)).toEqual(old.map(({ name }) => name));
    expect(next.some(({ secret }, i) => secret === old[i]?.secret)).toBe(false);
    expect((await api.listGroups()).some(({ id }) => id === groupIdsOf(after)[0])).toBe(true);
  });

  it('goes on with a key that was never in a keystore which somebody may have copied, once it has revoked the old one', async () => {
    const failing = { ...api, endKey: () => Promise.reject(new TypeError('the line is dead')) };
    await expect(replaceKey(failing, store, terms())).rejects.toThrow('dead');
    const before = stored;
    const after = await revokeOwnKey(api, store, terms());
    expect([after.seed, after.enrolmentSecret].some((one) => [before.next?.seed, before.next?.enrolmentSecret].includes(one))).toBe(false);
    const fate = fateOf(issuerKey(before), await createApi(ORIGIN, fetchFrom(routes).fetch).listEndedKeys());
    expect(fate).toMatchObject({ successor: null, revoked: { isSigned: true } });
  });
});

function value(issuer: Issuer): Issuer {
  const parsed = parseIssuer(JSON.stringify(issuer));
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.value;
}
