import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClerkOf } from '#db/approve-issuer.ts';
import { spentChallenges } from '#db/schema/clerks.ts';
import { createIssuerApi, type IssuerApi } from '#lib/api/issuer-client.ts';
import { type Authenticator, createAuthenticator } from '../support/authenticator.ts';
import { newKeeper, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openClient } from '../support/sign-in.ts';

let platform: TestPlatform;
let routes: Route[];
let clerk: ClerkOf;
let api: IssuerApi;
let key: Authenticator;
let clerks = 0;

beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  routes = await loadRoutes();
});
afterAll(() => platform?.stop());
beforeEach(async () => {
  clerks += 1;
  clerk = await newKeeper(platform.ctx, `clerk-${clerks}`);
  api = await clientOf(clerk);
  key = createAuthenticator();
});

const clientOf = (who: ClerkOf, headers?: Record<string, string>) => openClient(platform, routes, who, headers);

const somebody = (headers: Record<string, string> = { Origin: ORIGIN }) => createIssuerApi(ORIGIN, fetchFrom(routes, headers).fetch);
const add = async () => api.addPasskey(key.make((await api.askForPasskey()).challenge, ORIGIN));
const ask = async () => (await somebody().askForEntry()).challenge;
const refused = { code: 'BAD_PASSKEY', status: 401 };

describe('a passkey', () => {
  it('signs its clerk in, without an address or a mail, and stands in the log', async () => {
    await add();
    const { fetch, answers } = fetchFrom(routes, { Origin: ORIGIN });
    await createIssuerApi(ORIGIN, fetch).enterByPasskey(key.show(await ask(), ORIGIN));
    const cookie = answers.at(-1)?.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    expect((await somebody({ Cookie: cookie }).getSession()).issuer.id).toBe(clerk.issuer);
    expect((await api.listChanges()).map(({ action }) => action)).toEqual(['passkey-added']);
  });

  it('says with its question nothing of whoever asks, and the same of nobody', async () => {
    const [one, other] = [await somebody().askForEntry(), await api.askForEntry()];
    expect({ ...one, challenge: '' }).toEqual({ ...other, challenge: '' });
    expect(one).not.toHaveProperty('allowCredentials');
  });

  it('signs in once with one answer, also when it is sent twice at the same instant', async () => {
    await add();
    const answer = key.show(await ask(), ORIGIN);
    const outcomes = await Promise.allSettled([somebody().enterByPasskey(answer), somebody().enterByPasskey(answer)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(somebody().enterByPasskey(answer)).rejects.toMatchObject(refused);
  });

  it('is refused with a challenge that is too old, made up, or was for adding one', async () => {
    await add();
    const old = await ask();
    const forAdding = (await api.askForPasskey()).challenge;
    for (const challenge of [Buffer.alloc(54, 1).toString('base64url'), 'AAAA', forAdding])
      await expect(somebody().enterByPasskey(key.show(challenge, ORIGIN))).rejects.toMatchObject(refused);
    platform.clock.now += 300;
    await expect(somebody().enterByPasskey(key.show(old, ORIGIN))).rejects.toMatchObject(refused);
  });

  it('is refused for another site, without the lock of its device, with a count that falls back, and when nobody knows it', async () => {
    await add();
    await expect(somebody().enterByPasskey(key.show(await ask(), 'https://evil.example'))).rejects.toMatchObject(refused);
    await expect(somebody().enterByPasskey(key.show(await ask(), ORIGIN, { host: 'evil.example' }))).rejects.toMatchObject(refused);
    await expect(somebody().enterByPasskey(key.show(await ask(), ORIGIN, { isVerified: false }))).rejects.toMatchObject(refused);
    await somebody().enterByPasskey(key.show(await ask(), ORIGIN, { counter: 9 }));
    await expect(somebody().enterByPasskey(key.show(await ask(), ORIGIN, { counter: 9 }))).rejects.toMatchObject(refused);
    await expect(somebody().enterByPasskey(createAuthenticator().show(await ask(), ORIGIN))).rejects.toMatchObject(refused);
    for (const text of ['{}', '[]', '{"id":1}', '{"id":"x","response":{}}', '{"id":"\\u0000"}', '"text"'])
      await expect(somebody().enterByPasskey(text)).rejects.toMatchObject(refused);
  });

  it('is added by its clerk alone, once, with a challenge made for them', async () => {
    const other = await clientOf(await newKeeper(platform.ctx, `other-${clerks}`));
    const made = key.make((await api.askForPasskey()).challenge, ORIGIN);
    await expect(other.addPasskey(made)).rejects.toMatchObject(refused);
    await api.addPasskey(made);
    await expect(api.addPasskey(made)).rejects.toMatchObject(refused);
    await expect(other.addPasskey(key.make((await other.askForPasskey()).challenge, ORIGIN))).rejects.toMatchObject(refused);
    await expect(api.addPasskey(createAuthenticator().make(await ask(), ORIGIN))).rejects.toMatchObject(refused);
  });

  it('signs in nobody when it is removed, or its clerk is', async () => {
    await add();
    const stranger = await clientOf(await newKeeper(platform.ctx, `stranger-${clerks}`));
    const [kept] = await api.listPasskeys();
    await expect(stranger.removePasskey(kept?.id ?? '')).rejects.toMatchObject({ code: 'PASSKEY_NOT_FOUND', status: 404 });
    expect(await stranger.listPasskeys()).toEqual([]);
    await api.removePasskey(kept?.id ?? '');
    await expect(somebody().enterByPasskey(key.show(await ask(), ORIGIN))).rejects.toMatchObject(refused);
    expect((await api.listChanges())[0]?.action).toBe('passkey-removed');
  });

  it('is nothing that other pages, or whoever is not signed in, can touch', async () => {
    await add();
    const [kept] = await api.listPasskeys();
    const elsewhere = await clientOf(clerk, { Origin: 'https://evil.example' });
    const answer = key.show(await ask(), ORIGIN);
    for (const call of [elsewhere.addPasskey('{}'), elsewhere.removePasskey(kept?.id ?? ''), elsewhere.enterByPasskey(answer)])
      await expect(call).rejects.toMatchObject({ code: 'BAD_ORIGIN', status: 403 });
    for (const call of [somebody().listPasskeys(), somebody().askForPasskey(), somebody().addPasskey('{}')])
      await expect(call).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it('leaves of what it answered only hashes, and those no longer than they matter', async () => {
    await add();
    await somebody().enterByPasskey(key.show(await ask(), ORIGIN));
    expect(await platform.ctx.db.$count(spentChallenges)).toBeGreaterThan(0);
    platform.clock.now += 301;
    await somebody().enterByPasskey(key.show(await ask(), ORIGIN));
    expect(await platform.ctx.db.$count(spentChallenges)).toBe(1);
  });
});
