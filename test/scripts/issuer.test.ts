import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ne } from '#db/drizzle.cjs';
import { findFreePort } from '#db/free-port.ts';
import { invitations } from '#db/schema/membership.ts';
import { makeSignInLink } from '#db/sign-in-link.ts';
import { createApi } from '#lib/api/client.ts';
import { createIssuer, groupIdsOf, issuerKey, parseIssuer } from '#lib/issuing/issuer-file.ts';
import { createLockTerms, deriveLockKey, lockText } from '#lib/signing/locked-file.ts';
import { value } from '../signing/stage.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, type Route } from '../support/routes.ts';
import { systemRandom } from '../support/world.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'issuer-command-'));
const keystore = path.join(folder, 'keystore');
const settingsFile = path.join(folder, 'settings.json');

let platform: TestPlatform;
let server: Server;
let url: string;
let port: number;

beforeAll(async () => {
  platform = await startPlatform();
  platform.clock.now = Math.floor(Date.now() / 1_000); // the command has no other clock
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  connectRoutes(platform);
  process.env.PUBLIC_URL = url;
  platform.ctx.publicUrl = url;
  serveRoutes(server, await loadRoutes(), url);
  port = await findFreePort();
  const settings = {
    ...{ platform: url, origin: `http://127.0.0.1:${port}`, issuerName: 'Union', contact: 'help@union.example' },
    listen: { host: '127.0.0.1', port },
    groups: [{ name: 'Staff council', ways: [{ way: 1 }, { way: 5 }], stock: 5 }],
  };
  writeFileSync(settingsFile, JSON.stringify(settings));
});
afterAll(async () => {
  server?.close();
  await platform?.stop();
  rmSync(folder, { recursive: true });
});

/** Puts the routes behind a real web server. */
function serveRoutes(web: Server, routes: readonly Route[], origin: string): void {
  web.on('request', async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, text]) => [name, String(text)]));
    const body = pieces.length > 0 ? { body: new Uint8Array(Buffer.concat(pieces)) } : {};
    const init = { method: request.method ?? 'GET', headers, ...body };
    const answer = await fetchFrom(routes).fetch(origin + request.url, init);
    response.writeHead(answer.status, [...answer.headers].flat());
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
}

function start(args: readonly string[]): ChildProcess {
  const env = { PATH: process.env.PATH, NODE_ENV: 'test' as const };
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/issuer.ts', ...args], { env });
}

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return ended(start(args));
}

/** Runs it with what somebody types. */
async function runTyping(typed: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = start(args);
  child.stdin?.end(typed);
  return ended(child);
}

async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  child.stdin?.end();
  let [out, err] = ['', ''];
  child.stdout?.on('data', (data) => (out += data));
  child.stderr?.on('data', (data) => (err += data));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

describe('npm run issuer', () => {
  it('takes the file that a browser saved, with its passphrase, and says when that is another', async () => {
    const issuer = createIssuer(systemRandom);
    const key = await deriveLockKey(' bread and butter', createLockTerms(systemRandom));
    const file = path.join(folder, 'round-robin-issuer.json');
    writeFileSync(file, `${JSON.stringify(lockText(`${JSON.stringify(issuer)}\n`, key, systemRandom), null, 2)}\n`);
    const taking = ['init', '--keystore', path.join(folder, 'taken'), '--from', file];
    const other = await runTyping('bread and butter\n', ...taking);
    expect([other.code, other.out]).toEqual([1, '']);
    expect(other.err).toContain('this passphrase does not open it');
    const taken = await runTyping(' bread and butter\n', ...taking);
    expect([taken.code, taken.out]).toEqual([0, `${issuerKey(issuer)}\n`]);
  });

  it('goes from a fresh key to a served group that an account of the platform keeps', async () => {
    const made = await run('init', '--keystore', keystore);
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^[0-9a-f]{64}\n$/)]);
    expect((await run('init', '--keystore', keystore)).out).toBe(made.out);
    const link = await makeSignInLink(platform.databaseUrl, url, platform.clock.now);
    const claimed = await run('claim', '--keystore', keystore, '--settings', settingsFile, '--link', `<${link.replace('#', '%23')}>.`);
    expect([claimed.err, claimed.code]).toEqual(['', 0]);
    const group = claimed.out.split(' ')[0] ?? '';
    expect(await createApi(url, fetch).getGroup(group)).toMatchObject({ group: { issuer: made.out.trim(), name: 'Staff council' } });

    const roster = path.join(folder, 'roster.csv');
    writeFileSync(roster, 'name,email\nAnn Quillfeather,ann@home.example\nBo Quillfeather,bo@home.example\n');
    const entering = ['roster', '--keystore', keystore, '--settings', settingsFile, '--group', 'Staff council', '--roster'];
    const unsure = await runTyping('no\n', ...entering, roster);
    expect([unsure.code, unsure.err]).toEqual([1, 'Nobody was put on the roster.\n']);
    expect(await platform.ctx.db.$count(invitations)).toBe(0);
    const read = await runTyping('yes\n', ...entering, roster);
    expect(read.err).toBe('');
    expect(read.out).toContain('  Ann Quillfeather  <ann@home.example>\n  Bo Quillfeather  <bo@home.example>\n');
    expect(read.out).toMatch(/2 people were put on the roster\.\n$/);
    expect(await platform.ctx.db.$count(invitations)).toBe(2 + 5);

    const mixed = path.join(folder, 'mixed.csv');
    const rows = [
      'name;email;group;room',
      'Cy \u202eQ;cy@home.example;;1',
      'Di Q;di@home.example;Pilots;2',
      'Ann Quillfeather;a2@home.example;Staff council;3',
    ];
    writeFileSync(mixed, rows.join('\n'));
    const more = await run(...entering, mixed, '--yes');
    for (const words of [
      'Row 2, left out',
      'Row 4, look at it',
      'on the roster already',
      'Not read: “room”',
      '1 row names another group',
      '“Pilots”',
    ])
      expect(more.out).toContain(words);
    expect(more.out).not.toMatch(/\u202e/);
    const unreadable = path.join(folder, 'unreadable.csv');
    writeFileSync(unreadable, 'surname,mail\nQuillfeather,ann@home.example\n');
    expect(await run(...entering, unreadable, '--yes')).toMatchObject({ code: 1, err: expect.stringContaining('Nobody could be read') });

    const again = await run('continue', '--keystore', keystore, '--settings', settingsFile, '--group', 'Staff council', '--yes');
    expect([again.err, again.code]).toEqual(['', 0]);
    expect(again.out).toMatch(/no newer roll[\s\S]*taken back[\s\S]*may serve again\.\n$/);
    expect(await platform.ctx.db.$count(invitations, ne(invitations.state, 'withdrawn'))).toBe(2 + 1 + 5);

    const serving = start(['serve', '--keystore', keystore, '--settings', settingsFile, '--round-seconds', '1']);
    let said = '';
    await new Promise<void>((resolve, reject) => {
      serving.stdout?.on('data', (data) => {
        said += data;
        if (said.includes('serving')) resolve();
      });
      serving.stderr?.on('data', (data) => reject(new Error(String(data))));
    });
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('Staff council');
    const busy = await run(...entering, roster);
    expect([busy.code, busy.err]).toEqual([1, expect.stringContaining('Another process is using the keystore')]);
    const code = await run('clerk-code', '--keystore', keystore);
    expect(code.out).toMatch(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}\n$/);
    serving.kill('SIGTERM');
    expect(await new Promise((resolve) => serving.on('close', resolve))).toBe(0);
    expect(said).not.toMatch(/Quillfeather|home\.example/);
  });

  it('says who may open statements, keeps the rest as it was, and publishes nothing twice', async () => {
    const ruling = ['rules', '--keystore', keystore, '--settings', settingsFile, '--group', 'Staff council'];
    const first = await run(...ruling, '--quota', '3', '--foreign', 'no');
    expect([first.err, JSON.parse(first.out)]).toMatchObject(['', { number: 1, opening: 'open', foreign: false, quota: 3 }]);
    const second = await run(...ruling, '--opening', 'approved');
    expect(JSON.parse(second.out)).toMatchObject({ number: 2, opening: 'approved', foreign: false, quota: 3 });
    expect((await run(...ruling, '--quota', '3')).out).toBe('Nothing was published: these rules hold already.\n');
    const [group = ''] = groupIdsOf(value(parseIssuer(readFileSync(path.join(keystore, 'issuer.json'), 'utf8'))));
    const { policies } = await createApi(url, fetch).getPolicies(group);
    expect(policies).toEqual([JSON.parse(first.out), JSON.parse(second.out)]);
    expect(await run(...ruling, '--quota', '17')).toMatchObject({ code: 2, err: expect.stringContaining('from 1 to 16') });
  });

  it('says what is wrong, and how it is used', async () => {
    expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('npm run issuer -- serve') });
    expect(await run('serve', '--keystore', keystore)).toMatchObject({ code: 2, err: expect.stringContaining('--settings is missing') });
    const nowhere = path.join(folder, 'nowhere');
    expect((await run('clerk-code', '--keystore', nowhere)).err).toContain('There is no keystore');
    const unclaimed = path.join(folder, 'unclaimed.json');
    const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as { groups: object[]; listen: object };
    writeFileSync(unclaimed, JSON.stringify({ ...settings, groups: [{ ...settings.groups[0], name: 'Pilots' }] }));
    expect((await run('serve', '--keystore', keystore, '--settings', unclaimed)).err).toMatch(/^The keystore has no group “Pilots”/);
    const taken = path.join(folder, 'taken.json');
    const listen = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    writeFileSync(taken, JSON.stringify({ ...settings, listen }));
    const unheard = await run('serve', '--keystore', keystore, '--settings', taken);
    expect([unheard.code, unheard.err]).toEqual([
      1,
      expect.stringMatching(/^The agent cannot listen on port \d+ of 127\.0\.0\.1.*another program has it\.\n$/),
    ]);
    const often = await run('serve', '--keystore', keystore, '--settings', settingsFile, '--round-seconds', '1e1');
    expect([often.code, often.err]).toEqual([2, expect.stringContaining('--round-seconds needs a whole number')]);
    expect((await run('serve', '--keystore', nowhere, '--settings', settingsFile)).err).toContain('There is no keystore');
    const bad = path.join(folder, 'bad.json');
    writeFileSync(bad, '{"platform": 1}');
    const refused = await run('serve', '--keystore', keystore, '--settings', bad);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('platform')]);
  });
});
