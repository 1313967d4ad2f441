import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '#db/free-port.ts';
import type { GuardedProcess } from '#db/guarded-process.ts';
import { createCeremonyApi } from '#lib/api/ceremony-client.ts';
import { encodeOffer } from '#lib/api/ceremony-offer.ts';
import { signAttestation } from '#lib/ceremony/attestation.ts';
import { buildPages } from '#scripts/instance/build-pages.ts';
import { ownPlatformKeyFile, ownSessionSecret } from '#scripts/instance/own-secrets.ts';
import { root } from '#scripts/instance/runtime.ts';
import { startWeb } from '#scripts/instance/web-server.ts';
import { closeCeremony } from '#scripts/setup-ceremony/close.ts';
import { compileCircuit } from '#scripts/setup-ceremony/compile-circuit.ts';
import { finalizeCeremony } from '#scripts/setup-ceremony/finalize.ts';
import { prepareCeremony } from '#scripts/setup-ceremony/prepare.ts';
import { BEACON, removeFolders, silent, startTiny, TINY } from '../setup-ceremony/tiny-ceremony.ts';
import { launch } from '../support/browser.ts';
import { startTestPostgres, type TestDatabase } from '../support/postgres.ts';

const run = promisify(execFile);
const now = () => Math.floor(Date.now() / 1000);
const ABSENT_SECONDS = 15; // longer than a restart of the server takes on a slow machine

/** A ceremony of four people, as the runbook tells it: three by command, one in a browser and one in both, with everything that can go wrong between. */
describe('a ceremony of four contributors', () => {
  const data = mkdtempSync(path.join(tmpdir(), 'ceremony-instance-'));
  const log: string[] = [];
  let folder: string;
  let beaconTime: number;
  let database: TestDatabase;
  let port: number;
  let web: GuardedProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  const startServer = (settings: Record<string, string> = {}) => {
    const own = { DATABASE_URL: database.url, SESSION_SECRET: ownSessionSecret(data), PLATFORM_KEY_FILE: ownPlatformKeyFile(data) };
    const ceremony = { CEREMONY_FOLDER: folder, CEREMONY_ABSENT_SECONDS: String(ABSENT_SECONDS) };
    const all = { ...own, ...ceremony, PUBLIC_URL: `http://localhost:${port}`, ACCEPT_DEV_KEYS: '1', ...settings };
    return startWeb({ mode: 'start', listen: { addresses: ['127.0.0.1'], port }, settings: all }, (line) => log.push(line));
  };
  const command = (...args: string[]) =>
    run(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/setup-ceremony/ceremony.ts', ...args], { cwd: root });
  const contributeByCommand = (name: string) =>
    command('contribute', folder, '--name', name, '--text', 'any keys', '--identity', path.join(data, `${name}.key`));
  const contributeInPage = async (name: string) => {
    await page.getByLabel('Your name in the ceremony').fill(name);
    await page.getByTestId('pad').scrollIntoViewIfNeeded();
    const pad = await page.getByTestId('pad').boundingBox();
    for (let i = 0; i < 170; i++)
      await page.mouse.move(pad!.x + 5 + ((i * 37) % (pad!.width - 10)), pad!.y + 5 + ((i * 53) % (pad!.height - 10)));
    await page.getByRole('button', { name: 'Take a place in the queue' }).click();
  };
  const drawToken = () => randomBytes(32).toString('hex');
  const api = () => createCeremonyApi(`http://127.0.0.1:${port}`, (input, init) => fetch(input, init));

  beforeAll(async () => {
    await buildPages((line) => log.push(line), 'ignore');
    folder = await startTiny();
    beaconTime = now() + 86_400;
    const beacon = { kind: 'public', source: 'the lottery numbers of that evening', time: beaconTime, iterations: 10 } as const;
    await prepareCeremony(folder, { title: 'Tiny keys', setup: 'dev', circuit: TINY, beacon, now: now() }, silent);
    database = await startTestPostgres();
    port = await findFreePort();
    web = await startServer();
    browser = await launch();
    page = await (await browser.newContext({ acceptDownloads: true })).newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
  }, 600_000);

  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await database?.stop();
    await removeFolders();
    rmSync(data, { recursive: true, force: true });
  });

  it('begins with a contribution by command', async () => {
    await contributeByCommand('Ada');
    expect((await api().describe()).contributions.map(({ name }) => name)).toEqual(['Ada']);
  });

  it('refuses a bad upload, and then somebody in a browser waits, outlives a restart and an absent person, and contributes', async () => {
    // The first in the queue brings rubbish, the second never begins.
    const { token: bad } = await api().takePlace(drawToken());
    const { token: absent } = await api().takePlace(drawToken());
    await api().beginTurn(bad);
    const heard = setInterval(() => {
      for (const token of [bad, absent])
        api()
          .askPlace(token)
          .catch(() => {});
    }, 1_000);

    await page.goto(`http://localhost:${port}/ceremony`);
    await page.getByText('Contributions so far').waitFor();
    await contributeInPage('Çelebi 岡潔');
    await page.getByText('Waiting for your turn').waitFor();
    await page.getByText('2 before you').waitFor();

    const key = new Uint8Array(await readFile(path.join(folder, 'keys/0001.zkey')));
    const { type: _, key: __, signature: ___, ...said } = JSON.parse(await readFile(path.join(folder, 'attestations/0001.json'), 'utf8'));
    const rubbish = signAttestation({ ...said, position: 2, received: said.made }, new Uint8Array(32).fill(9));
    expect((await api().offer(bad, encodeOffer(key, rubbish))).state).toBe('checking');
    await expect.poll(async () => (await api().askPlace(bad)).state, { timeout: 60_000 }).toBe('refused');
    await api().leavePlace(bad);
    expect((await api().askPlace(absent)).state).toBe('called');
    clearInterval(heard);

    await web.stop();
    web = await startServer();
    await page.getByText('Your contribution is number 2 of this ceremony.').waitFor({ timeout: 240_000 });
    await expect(api().askPlace(absent)).rejects.toMatchObject({ code: 'PLACE_LOST' });

    await page.getByRole('rowheader', { name: 'Çelebi 岡潔' }).waitFor();
    const letter = await page.locator('pre').innerText();
    expect(letter.trimEnd()).toBe((await readFile(path.join(folder, 'attestations/0002.txt'), 'utf8')).trimEnd());
    expect(letter).toContain('I, Çelebi 岡潔, made contribution 2');
    for (const [button, kept] of [
      ['Save 0002.zkey', 'keys/0002.zkey'],
      ['Save 0002.json', 'attestations/0002.json'],
    ] as const) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
      expect(readFileSync(await download.path()).equals(await readFile(path.join(folder, kept)))).toBe(true);
    }
    const [seed] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save contributor.key' }).click()]);
    expect(readFileSync(await seed.path(), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    // A restart is heard of as refused connections; nothing else may be complained of, least of all by the content policy.
    expect(complaints.filter((text) => !/ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|Failed to fetch/.test(text))).toEqual([]);
  }, 300_000);

  it('lets somebody sign with a key from before, and says so of a file that holds none', async () => {
    await page.reload();
    await page.getByLabel('Your signing key, if you have one').setInputFiles(path.join(root, 'README.md'));
    await page.getByText('far more than what belongs here').waitFor();
    const readFiles = await page.evaluateHandle(() => File.prototype.arrayBuffer);
    await page.evaluate(() => {
      File.prototype.arrayBuffer = () => Promise.reject(new DOMException('moved', 'NotFoundError'));
    });
    await page.getByLabel('Your signing key, if you have one').setInputFiles(path.join(data, 'Ada.key'));
    await page.getByText('This browser could not read Ada.key').waitFor();
    await page.evaluate((read) => {
      File.prototype.arrayBuffer = read;
    }, readFiles);
    await page.getByLabel('Your signing key, if you have one').setInputFiles(path.join(root, '.gitignore'));
    await page.getByText('This file holds no signing key').waitFor();
    await page.getByLabel('Your signing key, if you have one').setInputFiles(path.join(data, 'Ada.key'));
    await page.getByText('Your attestation will be signed with').waitFor();
    expect(await page.getByText('This file holds no signing key').count()).toBe(0);
    await contributeInPage('Ada again');
    await page.getByText('Your contribution is number 3 of this ceremony.').waitFor({ timeout: 240_000 });
    const keyOf = async (number: string) => JSON.parse(await readFile(path.join(folder, `attestations/${number}.json`), 'utf8')).key;
    expect(await keyOf('0003')).toBe(await keyOf('0001'));
    expect(await keyOf('0002')).not.toBe(await keyOf('0001'));
    expect(await page.getByRole('button', { name: 'Save contributor.key' }).count()).toBe(0);
  }, 300_000);

  it('goes on by command from what the browser made, and ends with beacon, result and check', async () => {
    await contributeByCommand('Blaise');
    await contributeByCommand('Wanda');
    await closeCeremony(folder, { value: BEACON }, beaconTime, silent);
    const entry = await finalizeCeremony(folder, path.join(folder, 'artifacts'), beaconTime, silent);
    expect(entry.contributions.map(({ name }) => name)).toEqual(['Ada', 'Çelebi 岡潔', 'Ada again', 'Blaise', 'Wanda']);

    const { stdout } = await command('verify', folder, '--artifacts', path.join(folder, 'artifacts'));
    expect(stdout).toMatch(/All \d+ links hold\./);
    // The platform gives out all that a check needs.
    const byAddress = await command('verify', `http://127.0.0.1:${port}/api/ceremony/files/`, '--no-artifacts');
    expect(byAddress.stdout).toMatch(/All \d+ links hold\./);

    const r1cs = path.join(folder, 'own.r1cs');
    await writeFile(r1cs, (await compileCircuit(TINY)).r1cs);
    await cp(path.join(folder, 'final.zkey'), path.join(data, 'final.zkey'));
    const snarkjs = path.join(root, 'node_modules/snarkjs/build/cli.cjs');
    const files = [r1cs, path.join(folder, 'powers-of-tau.ptau'), path.join(data, 'final.zkey')];
    expect((await run(process.execPath, [snarkjs, 'zkey', 'verify', ...files])).stdout).toContain('ZKey Ok!');
    expect((await api().describe()).isClosed).toBe(true);
  }, 300_000);

  it('says nothing of who came in the log', () => {
    expect(log.some((line) => line.startsWith('[web] '))).toBe(true); // standard output is heard
    expect(log.join('\n')).not.toMatch(/127\.0\.0\.1|::1|Çelebi|岡潔|Ada again|Internal error/);
  });

  it('starts no server in production on development keys, unless it was told to accept them', async () => {
    await web.stop();
    log.length = 0;
    await expect(startServer({ ACCEPT_DEV_KEYS: '0' }).then((started) => started.stop())).rejects.toThrow(/ended at once \(exit 1\)/);
    expect(log.join('\n')).toContain(
      'The proving keys are development keys: whoever made them can forge signatures. Run a ceremony, or set ACCEPT_DEV_KEYS=1 for a trial.',
    );
  }, 120_000);
});
