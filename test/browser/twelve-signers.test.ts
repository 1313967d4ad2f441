import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/api/client.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { wordsOfRoot } from '#lib/protocol/member/recovery.ts';
import { parseField } from '#lib/protocol/numbers/field.ts';
import { postBody } from '#lib/signing/post-body.ts';
import { checkOutcome, saveRecord } from '#scripts/demo/check-outcome.ts';
import { waitFor } from '#scripts/demo/each-of.ts';
import { type EnrolledGroup, type EnrolledMember, enrolEveryone } from '#scripts/demo/enrol-everyone.ts';
import { need } from '#scripts/demo/need.ts';
import { waitForKey } from '#scripts/demo/open-statement.ts';
import { type ProvingPool, startProvingPool } from '#scripts/demo/proving-pool.ts';
import { makeSignature } from '#scripts/demo/sign-all.ts';
import { type Instance, startInstance } from '#scripts/instance/start-instance.ts';
import { launch } from '../support/browser.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { systemRandom } from '../support/world.ts';
import { bringBackWallet, findInRoll, openBrowser, openStatement, type Watch } from './people.ts';

const HILL = ['Ada Hill', 'Ben Hill', 'Cleo Hill', 'Dan Hill', 'Eve Hill', 'Fay Hill'];
const DALE = ['Gus Dale', 'Hal Dale', 'Ida Dale', 'Joe Dale', 'Kim Dale', 'Lea Dale'];
const SIGNERS = [...HILL, ...DALE];
/** With two of each who never sign. */
const PARTIES = { 'Hill party': [...HILL, 'Abe Hill', 'Bea Hill'], 'Dale party': [...DALE, 'Cal Dale', 'Dot Dale'] };
/** Signs, and takes it back with nothing but the words. */
const WITHDRAWN = 'Fay Hill';
/** Opens it, and signs, to be named only if all twelve signers are. */
const WAITING = 'Lea Dale';
/** Until these two sign, the condition is not met. */
const LAST = ['Eve Hill', 'Kim Dale'];
const NAMED = SIGNERS.filter((name) => name !== WITHDRAWN && name !== WAITING);
const LONG = 600_000;
const now = () => Math.floor(Date.now() / 1000);

/** Five of each party at least, or nobody. Ten people hand theirs in as the command line does; what a person must see is in browsers. */
describe('a statement of two parties that twelve people sign', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'round-robin-twelve-'));
  const watch: Watch = { foreign: [], faults: [], cookies: [] };
  const fetchFile = readFromDisk();
  let instance: Instance;
  let pool: ProvingPool;
  let browser: Browser;
  let api: Api;
  let manifest: Manifest;
  let groups: EnrolledGroup[];
  let reader: Page;
  let waiting: Page;
  let id: string;
  let endsAt: number;
  /** What two people have handed in who are never named, and one who is. */
  const sealed: Entry[] = [];
  let opened: Entry;
  /** Of the key, as each trustee keeps it until the end. */
  const shares: string[] = [];

  beforeAll(async () => {
    const options = { mode: 'start', settings: {}, firstPort: 0, durable: false, graceMarginSeconds: 0, pollSeconds: 1 } as const;
    instance = await startInstance({ ...options, dataFolder: folder, log: () => undefined });
    browser = await launch();
    api = createApi(instance.url, fetch);
    manifest = need(await loadManifest(fetchFile));
  }, LONG);

  afterAll(async () => {
    await pool?.close();
    await browser?.close();
    await instance?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const memberCalled = (name: string) => groups.flatMap(({ members }) => members).find((one) => one.name === name) as EnrolledMember;
  const wordsOf = (name: string) => wordsOfRoot(memberCalled(name).wallet.root);
  const openAt = async (width: number) => (await openBrowser(browser, instance.url, watch, width)).page;
  /** What each trustee keeps, all its files. */
  const readKeystores = () =>
    instance.trustees.map(({ keystore }) =>
      readdirSync(keystore, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
        .join('\n'),
    );

  it('takes what is put into its form before the page’s program has come, and sends none of it', { timeout: LONG }, async () => {
    const { context, page } = await openBrowser(browser, instance.url, watch);
    const asked: string[] = [];
    const { promise: hasCome, resolve: come } = Promise.withResolvers<void>();
    await page.route('**/*.js', (route) => hasCome.then(() => route.continue()));
    page.on('request', (request) => asked.push(request.url()));
    const early = 'Written early';
    const title = page.getByLabel('Title');
    const shown = async () => ({
      title: await title.inputValue(),
      language: await page.getByLabel('Language of the text').inputValue(),
      isJson: await page.getByRole('radio', { name: /JSON/ }).isChecked(),
      isChosen: await page.getByRole('checkbox').first().isChecked(),
    });
    await page.goto(`${instance.url}/new`, { waitUntil: 'commit' });
    await title.fill(early);
    await page.getByLabel('Language of the text').selectOption('de');
    await page.getByRole('radio', { name: /JSON/ }).check();
    await page.getByRole('checkbox').first().uncheck();
    await title.press('Enter');
    const before = await shown();
    come();
    await page.getByLabel('Trigger', { exact: true }).waitFor(); // which only the page’s program shows
    await page.getByRole('textbox', { name: 'Text' }).fill('And the rest');
    expect(await shown()).toEqual(before);
    expect(before).toEqual({ title: early, language: 'de', isJson: true, isChosen: false });
    expect(asked.filter((url) => url.includes('title='))).toEqual([]);
    await context.close();
  });

  it('says to a browser without scripts that it runs none, and gets nothing of what is put into a form', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${instance.url}/new`);
    await page.locator('noscript strong').waitFor();
    expect(await page.locator('noscript').innerHTML()).toContain('This browser runs no scripts.');
    await page.getByLabel('Title').fill('Written without scripts');
    await page.getByRole('button', { name: 'Review the statement' }).click();
    await page.goto(page.url()); // after which whatever the press had begun would have been asked for
    expect(page.url()).toBe(`${instance.url}/new`);
    await context.close();
  });

  it('is opened by one of them, who stays unnamed, on a condition that an example builds', { timeout: LONG }, async () => {
    const begun = performance.now();
    const roster = new Map(
      Object.entries(PARTIES).map(([group, names]) => [group, names.map((name, i) => ({ row: i + 2, name, email: `p${i}@example.org` }))]),
    );
    const trustees = (await api.getPlatform()).trustees.map(({ key }) => key);
    const platform = { url: instance.url, issuerToken: new URL(instance.issuerLink).hash.slice(1) };
    groups = await enrolEveryone(platform, roster, trustees, { random: systemRandom, now, log: () => undefined });
    waiting = await openAt(390);
    await waiting.goto(`${instance.url}/wallet`);
    await bringBackWallet(waiting, wordsOf(WAITING));
    await waiting.getByLabel('Link of the group’s page').fill(`${instance.url}/groups/${memberCalled(WAITING).group}`);
    await findInRoll(waiting, WAITING);
    await waiting.getByText('This browser keeps the membership again.').waitFor();
    // What came before takes some five seconds on a quiet machine, and the signing forty; it has to end in time on a busy one too.
    const deadlineInSeconds = Math.max(90, Math.ceil((10 * (performance.now() - begun)) / 1000));

    const reads = Object.keys(PARTIES).map((name) => `5 people of \u2068“${name}”\u2069 have signed`);
    const needed = { example: '5 from each group', reads: reads.join(' and ') };
    const wish = { title: 'Repair the dam', groups: Object.keys(PARTIES), needed, deadlineInSeconds };
    id = await openStatement(waiting, instance.url, wish);
    reader = await openAt(1280);
    await reader.goto(`${instance.url}/s/${id}`);
    await reader.getByText('Opened by a member of “Dale party” (1 of 8).').waitFor();
    const { statement } = await api.getStatement(id);
    expect(statement).toMatchObject({ together: 5, grace: 30 });
    endsAt = statement.deadline + statement.grace;
  });

  it('stays sealed while five of each party cannot be named, whoever waits for more or takes a signature back', {
    timeout: LONG,
  }, async () => {
    const loaded = await waitForKey(api, id, manifest);
    const scene = { api, loaded, random: systemRandom, now };
    pool = startProvingPool();
    const { prove } = pool;
    const made = new Map([WITHDRAWN, ...NAMED].map((name) => [name, makeSignature(scene, memberCalled(name), 1, prove)]));
    const handIn = async (name: string) => {
      const body = (await made.get(name)) as Body;
      need(await postBody(api, loaded.context, body, now));
      return body.entry;
    };
    sealed.push(await handIn(WITHDRAWN));

    await waiting.getByRole('link', { name: 'Sign this statement' }).click();
    await waiting.getByText('Wait for more people than the condition asks for').click();
    const minimum = waiting.getByLabel('Open my name only among at least so many people, me included');
    await minimum.fill('12');
    await waiting.getByText('Your name opens only once 12 people, you among them, can be named.').waitFor();
    const posting = waiting.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/signatures'));
    await waiting.getByRole('button', { name: 'Seal my name and sign' }).click();
    sealed.push(((await posting).postDataJSON() as Body).entry);
    await waiting.getByRole('heading', { name: 'Sealed' }).waitFor();
    await waiting.close();

    const taking = await openAt(390);
    await taking.goto(`${instance.url}/s/${id}/withdraw`);
    await bringBackWallet(taking, wordsOf(WITHDRAWN));
    await taking.getByLabel('Your group').selectOption({ label: 'Hill party' });
    await findInRoll(taking, WITHDRAWN);
    await taking.getByText('So far no checkpoint has met it.').waitFor();
    await taking.getByRole('button', { name: 'Take my signature back' }).click();
    await taking.getByText('It was in time').waitFor();
    await taking.close();

    // Four of the one party, and five of the other of whom one waits for more.
    for (const name of NAMED.filter((one) => !LAST.includes(one))) await handIn(name);
    await reader.getByText('9 of the 10 signatures needed').first().waitFor({ state: 'attached' });
    expect((await api.getStatement(id)).state).toBe('open');
    for (const name of LAST) opened = await handIn(name);
  });

  it('names exactly the ten, and says that nobody else comes out by waiting', { timeout: LONG }, async () => {
    await reader.getByText('10 people signed together').first().waitFor();
    const html = await reader.content();
    for (const name of NAMED) expect(html).toContain(name);
    for (const name of [WITHDRAWN, WAITING]) expect(html).not.toContain(name);
    // Still there, and written as it is looked for after the end.
    for (const { keystore } of instance.trustees) {
      const file = readFileSync(path.join(keystore, 'statements', id, 'share.json'), 'utf8');
      shares.push((JSON.parse(file) as { share: string }).share);
    }
    const database = await dumpDatabase(instance.databaseUrl);
    for (const { nullifier } of sealed) expect(database).toContain(bytesOf(nullifier));
  });

  it('can be opened by nobody any further, once the key is destroyed', { timeout: LONG }, async () => {
    const patience = endsAt - now() + 120;
    await waitFor('the trustees to sign the end', patience, async () => {
      const { messages } = await api.listMessages(id, 0);
      return messages.filter((one) => 'message' in one && one.message.type === 'destroyed').length === 4 || null;
    });
    await waitFor('the platform to erase what stayed sealed', patience, async () => {
      const database = await dumpDatabase(instance.databaseUrl);
      return !sealed.some(({ nullifier }) => database.includes(bytesOf(nullifier))) || null;
    });
    const file = path.join(folder, 'record.ndjson');
    await saveRecord(api, id, file);
    const report = await checkOutcome(file, { id, names: NAMED }, { manifest, fetchFile, random: systemRandom });
    expect(report.signatures).toBe(11);

    const record = readFileSync(file, 'utf8');
    expect(record).toContain(opened.nullifier);
    const left = [record, ...readKeystores(), await dumpDatabase(instance.databaseUrl)].join('\n');
    for (const share of shares) expect(left).not.toContain(share);
    for (const entry of sealed)
      for (const trace of [entryHash(entry), entry.nullifier, bytesOf(entry.nullifier), ...entry.sealed, ...entry.ephemeral])
        expect(left).not.toContain(trace);

    await reader.reload();
    await reader
      .getByText('1 more signed on terms that were not met, or too late, and stays sealed for ever.')
      .first()
      .waitFor({ state: 'attached' });
  });

  it('leaves no fault in any console, asks no third party for anything, and sends no cookie to anonymous routes', () => {
    expect(watch).toEqual({ foreign: [], faults: [], cookies: [] });
  });
});

/** A field element as its 32 bytes, in hex. */
function bytesOf(nullifier: string): string {
  return (parseField(nullifier) as bigint).toString(16).padStart(64, '0');
}
