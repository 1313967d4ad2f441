import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { linkOf } from '#lib/agent/desk.ts';
import { judgeClaims, type OpenIdSettings } from '#lib/agent/openid.ts';
import { parseAgentSettings } from '#lib/agent/settings.ts';
import { ticketOf } from '#lib/issuing/invite.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { type AgentBrowser, type AgentStage, findPerson, linkIn, startAgentStage } from './agent-stage.ts';
import { type OpenIdProvider, startOpenIdProvider } from './openid-provider.ts';

const TENANT = '4b2f';
const accounts = {
  'sub-ann': { tid: TENANT, work_address: 'ann.quillfeather@work.example' },
  'sub-bo': { tid: TENANT, work_address: 'bo.quillfeather@work.example' },
  'sub-twin': { tid: TENANT, work_address: 'ann.quillfeather@work.example' },
  'sub-other-tenant': { tid: 'ffff', work_address: 'bo.quillfeather@work.example' },
  'sub-guest': { tid: TENANT, acct: 1, work_address: 'bo.quillfeather@work.example' },
  'sub-unset': { tid: TENANT },
  'sub-stranger': { tid: TENANT, work_address: 'zoe@work.example' },
};
const people = ['Ann', 'Bo', 'Cy'].map((first) => ({
  name: `${first} Quillfeather`,
  email: `${first.toLowerCase()}.quillfeather@work.example`,
}));
const client = { id: 'desk-7', secret: 'a secret of the tests, long enough', redirectUri: 'http://127.0.0.1/sign-in/back' };
const folder = mkdtempSync(path.join(tmpdir(), 'openid-'));

let provider: OpenIdProvider;
let stage: AgentStage;

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {}); // the provider's advice about its own settings
  vi.spyOn(console, 'info').mockImplementation(() => {});
  provider = await startOpenIdProvider(accounts, client);
  const clientSecretFile = path.join(folder, 'secret');
  writeFileSync(clientSecretFile, `${client.secret}\n`, { mode: 0o600 });
  chmodSync(clientSecretFile, 0o600);
  const way = {
    way: 3,
    issuer: provider.issuer,
    clientId: client.id,
    clientSecretFile,
    tenant: { claim: 'tid', value: TENANT },
    rosterClaim: 'work_address',
    allowHttp: true,
  };
  stage = await startAgentStage(people, { ways: [way, { way: 5 }], stock: 10 });
});
afterAll(async () => {
  await stage?.stop();
  await provider?.stop();
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

/** Goes out to the provider. @returns the way back, as path and query of the agent */
async function goOut(browser: AgentBrowser, sub: string): Promise<string> {
  const out = await browser.get(`/groups/${stage.group}/sign-in/out`);
  expect(out.location).toMatch(/code_challenge_method=S256/);
  const back = new URL(await provider.signIn(out.location ?? '', sub));
  return back.pathname + back.search;
}

async function signIn(sub: string): Promise<{ browser: AgentBrowser; text: string; location: string | null }> {
  const browser = stage.browser();
  const { text, location } = await browser.get(await goOut(browser, sub));
  return { browser, text, location };
}

describe('T78: way 3, signing in at work', () => {
  it('admits the person on the roster to whom an administrator’s claim leads, and nothing but openid is asked for', async () => {
    const { browser, location } = await signIn('sub-ann');
    expect(location).toBe('/invitation');
    const shown = await browser.get('/invitation');
    expect(shown.text).toContain('Ann Quillfeather');
    await stage.join(linkIn(shown));
    const asked = provider.noticed.filter((line) => line.startsWith('GET /auth?'));
    expect(asked.every((line) => /[?&]scope=openid(&|$)/.test(line))).toBe(true);
    expect(provider.noticed.join('\n')).not.toMatch(/platform\.example|Staff|council|union/i);
  });

  it('refuses a second sign-in for one person, and shows the first that its invitation was answered', async () => {
    expect((await signIn('sub-twin')).text).toContain('ROW_TAKEN');
    await stage.agent.round();
    const again = await signIn('sub-ann');
    expect(again.location).toBe('/invitation');
    expect((await again.browser.get('/invitation')).text).toContain('Your invitation was answered.');
  });

  it.each([
    ['sub-other-tenant', 'OTHER_TENANT'],
    ['sub-guest', 'GUEST'],
    ['sub-unset', 'NO_ROSTER_CLAIM'],
    ['sub-stranger', 'NOT_ON_ROSTER'],
  ])('refuses %s: %s', async (sub, code) => {
    const { text, location } = await signIn(sub);
    expect([location, text.includes(code)]).toEqual([null, true]);
  });

  it('refuses a way back that is used twice, in another browser, with another state, or without a code', async () => {
    const browser = stage.browser();
    const back = await goOut(browser, 'sub-bo');
    const thief = stage.browser();
    expect((await thief.get(back)).text).toContain('OPENID_OVER');
    const other = stage.browser();
    await goOut(other, 'sub-bo');
    expect((await other.get(back)).text).toContain('OPENID_REFUSED'); // the state and verifier of another session
    expect((await browser.get(back)).location).toBe('/invitation');
    expect((await browser.get(back)).text).toContain('OPENID_OVER');
    const denied = stage.browser();
    const state = new URL((await denied.get(`/groups/${stage.group}/sign-in/out`)).location ?? '').searchParams.get('state');
    expect(
      (await denied.get(`/sign-in/back?error=access_denied&state=${state}&iss=${encodeURIComponent(provider.issuer)}`)).text,
    ).toContain('OPENID_REFUSED');
  });

  it('is over after ten minutes', async () => {
    const browser = stage.browser();
    const back = await goOut(browser, 'sub-bo');
    stage.platform.clock.now += 600;
    expect((await browser.get(back)).text).toContain('OPENID_OVER');
  });

  it('is not noticed by the sign-in service where somebody joins by way 5 instead', async () => {
    const before = provider.noticed.length;
    const clerk = await stage.clerk();
    const cy = findPerson(stage, 'Cy Quillfeather');
    await clerk.get(`/clerk/groups/${stage.group}`);
    await clerk.post(`/clerk/groups/${stage.group}/people/${ticketOf(cy.secret)}`, { what: 'person' });
    await stage.join(linkOf(stage.agent.desk, stage.group, findPerson(stage, 'Cy Quillfeather')));
    await stage.agent.round();
    expect(provider.noticed).toHaveLength(before);
    expect(findPerson(stage, 'Cy Quillfeather')).toMatchObject({ way: 5 });
  });

  it('leaves no subject, address or name on the platform, in what it is sent, or in the log', async () => {
    const everything = `${stage.sent.join('\n')}${stage.logged.join('\n')}${await dumpDatabase(stage.platform.databaseUrl)}`;
    expect(stage.sent.length).toBeGreaterThan(2);
    for (const word of ['sub-ann', 'Quillfeather', 'quillfeather', 'work.example', provider.issuer]) expect(everything).not.toContain(word);
    expect(await stage.disk.read('ledger.json')).not.toMatch(/sub-ann|quillfeather/i);
  });
});

describe('the claims of a sign-in', () => {
  const settings: OpenIdSettings = {
    way: 3,
    issuer: 'https://login.example',
    clientId: 'us',
    rosterClaim: 'work_address',
    tenant: { claim: 'hd', value: 'work.example' },
  };
  const good = { iss: 'https://login.example', aud: 'us', sub: 'x', hd: 'work.example', work_address: 'a@work.example' };

  it.each([
    [{}, 'ok'],
    [{ aud: ['us'] }, 'ok'],
    [{ azp: 'us' }, 'ok'],
    [{ acct: 0 }, 'ok'],
    [{ idp: 'https://login.example' }, 'ok'],
    [{ iss: 'https://login.example/' }, 'OTHER_ISSUER'],
    [{ iss: 'https://evil.example' }, 'OTHER_ISSUER'],
    [{ aud: 'them' }, 'OTHER_AUDIENCE'],
    [{ aud: ['us', 'them'] }, 'OTHER_AUDIENCE'],
    [{ aud: [] }, 'OTHER_AUDIENCE'],
    [{ azp: 'them' }, 'OTHER_AUDIENCE'],
    [{ hd: undefined }, 'OTHER_TENANT'],
    [{ hd: 'Work.example' }, 'OTHER_TENANT'],
    [{ acct: 1 }, 'GUEST'],
    [{ idp: 'https://other.example' }, 'GUEST'],
    [{ sub: '' }, 'NO_ROSTER_CLAIM'],
    [{ work_address: ['a@work.example'] }, 'NO_ROSTER_CLAIM'],
  ])('%j: %s', (change, verdict) => {
    const judged = judgeClaims({ ...good, ...change }, settings);
    expect(judged.ok ? 'ok' : judged.code).toBe(verdict);
  });

  it('that name a person are issuer and subject together', () => {
    const one = judgeClaims(good, settings);
    expect(one).toMatchObject({ value: { subject: '["https://login.example","x"]', rosterValue: 'a@work.example' } });
  });
});

describe('the settings', () => {
  const base = { platform: 'https://p.example', origin: 'https://a.example', issuerName: 'Union', contact: 'x@u.example' };
  const parse = (group: object, more: object = {}) => {
    const read = parseAgentSettings(JSON.stringify({ ...base, ...more, groups: [{ name: 'G', ...group }] }));
    return read.ok ? 'ok' : read.detail;
  };
  const openId = { way: 3, issuer: 'https://login.example', clientId: 'us', rosterClaim: 'work_address' };

  it('refuse what would admit by what people set themselves, or under the eyes of a hostile employer', () => {
    expect(parse({ ways: [openId] })).toBe('ok');
    for (const rosterClaim of ['email', 'name', 'preferred_username'])
      expect(parse({ ways: [{ ...openId, rosterClaim }] })).toContain('themselves');
    const hostile = { isEmployerHostile: true, employerDomains: ['work.example'] };
    expect(parse({ ...hostile, ways: [{ way: 1 }, { way: 5 }] })).toBe('ok');
    expect(parse({ ...hostile, employerDomains: [], ways: [{ way: 5 }] })).toContain('domains');
    for (const way of [openId, { way: 4, pairs: [{ from: 'w.example', signer: 'w.example' }] }])
      expect(parse({ ...hostile, ways: [way] })).toContain('hostile');
    expect(parse({ ways: [{ way: 2, domains: ['w.example'] }] })).toContain('smtp');
    expect(parse({ ways: [{ way: 5 }, { way: 5 }] })).toContain('twice');
    expect(parse({ ways: [{ way: 5 }] }, { origin: 'https://a.example/path' })).toContain('origin');
    expect(parse({ names: 'address', ways: [openId] })).toContain('roster');
    expect(parse({ ways: [{ way: 5 }], color: 'red' })).not.toBe('ok');
  });
});
