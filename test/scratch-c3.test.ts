import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { it, expect } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { headOf } from '#lib/protocol/board/checkpoint.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import { checkStatement } from '#lib/protocol/statement/statement.ts';
import { formatWallet } from '#lib/signing/wallet.ts';
import { enrolEveryone } from '#scripts/demo/enrol-everyone.ts';
import { startInstance } from '#scripts/instance/start-instance.ts';
import { launch } from './support/browser.ts';
import { createCommittee, makeKey, systemRandom } from './support/world.ts';

it('walks', { timeout: 900_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'c3-'));
  const committee = createCommittee(4, 2, systemRandom);
  const trustees = committee.seeds.map((seed, i) => ({ name: ['Harbour Notaries', 'Union of Clerks', 'Old Quay Library', 'Mill Lane Credit Union'][i]!, contact: 'by post', key: publicKeyOf(seed) }));
  const file = path.join(folder, 't.json'); writeFileSync(file, JSON.stringify(trustees));
  const instance = await startInstance({ dataFolder: path.join(folder,'d'), mode: 'dev', settings: { TRUSTEES_FILE: file, ACCEPT_DEV_KEYS: '1', GRACE_MARGIN_SECONDS: '0' }, firstPort: 0, durable: false, graceMarginSeconds: 0, pollSeconds: 1, log: (l) => console.log(l) });
  const now = () => Math.floor(Date.now() / 1000);
  const api = createApi(instance.url, fetch);
  const people = ['Amina El-Fassi', 'Siobhán O’Rourke', 'Łukasz Wiśniewski', 'José Ñáñez', 'Zoë van ’t Hooft', 'Göran Åkerström', 'Mary Feather', '李秀英', 'Björk', 'Jürgen', 'Ifeoma', 'Dragan'];
  const roster = new Map([['Harbour pilots', people.map((name, i) => ({ row: i + 2, name, email: `p${i}@example.org` }))]]);
  const groups = await enrolEveryone({ url: instance.url, issuerToken: new URL(instance.issuerLink).hash.slice(1) }, roster as never, trustees.map((t) => t.key), { random: systemRandom, now, log: console.log });
  const browser = await launch();
  const contexts = await Promise.all([390, 1280].map((width) => browser.newContext({ viewport: { width, height: 844 }, timezoneId: 'Europe/Berlin' })));
  const pages = await Promise.all(contexts.map((c) => { c.setDefaultTimeout(120_000); return c.newPage(); }));
  const shot = async (i: number, name: string) => { await pages[i]!.screenshot({ path: `/tmp/c3shots/${name}-${[390, 1280][i]}.png`, fullPage: true }); const over = await pages[i]!.evaluate('document.documentElement.scrollWidth - innerWidth'); if (over as number > 0) console.log('OVERFLOW', name, i, over); };
  try {
    let id = '';
    for (const i of [0, 1]) {
      const page = pages[i]!;
      await page.goto(`${instance.url}/new`);
      await page.waitForFunction("document.querySelector('input[name=deadline]')?.value");
      await page.getByLabel(/Harbour pilots/).check();
      await page.getByLabel('Title').fill('Open the books');
      await page.getByLabel('Text', { exact: true }).fill('We ask for a *fair* count.\n\n- Every vote\n- In public');
      await page.getByLabel('Signatures needed').fill('2');
      await page.waitForTimeout(1500);
      await shot(i, 'new');
      await page.getByLabel('Names of a group that open').fill('1');
      await page.waitForTimeout(300);
      await page.getByLabel('Names of a group that open').fill('');
      await page.getByLabel('Mill Lane Credit Union').uncheck();
      await page.getByRole('button', { name: 'Review the statement' }).click();
      await page.waitForTimeout(1000);
      await shot(i, 'new-problem');
      await page.getByLabel('Mill Lane Credit Union').check();
      await page.getByLabel('Signatures needed').fill('6');
      await page.getByLabel('Signatures appear').selectOption({ index: 0 });
      await page.getByRole('button', { name: 'Review the statement' }).click();
      await page.getByRole('heading', { name: 'Read it once more' }).waitFor();
      await shot(i, 'review');
      if (i === 1) {
        await page.getByRole('button', { name: 'Open this statement' }).click();
        await page.waitForURL(/\/s\/[0-9a-f]{64}#/);
        id = /\/s\/([0-9a-f]{64})/.exec(page.url())![1]!;
      }
    }
    const { statement, rolls } = await api.getStatement(id);
    console.log(JSON.stringify(statement));
    const checked = checkStatement(statement, rolls);
    if (!checked.ok) throw new Error(checked.code);
    const order = statement.committee.trustees.map((t) => committee.seeds[trustees.findIndex((x) => x.key === t.key)]!);
    const key = makeKey(checked.value, { seeds: order, threshold: 2 }, systemRandom);
    for (const m of [...key.commits, ...key.deals, ...key.confirms]) await api.postMessage(id, m);
    const cosign = async () => { const { segments } = await api.getBoardIndex(id, 0); for (const s of segments) for (const c of await api.getSegment(id, s)) for (const a of key.authors.slice(0, 3)) await api.postMessage(id, signCosignature(a, headOf(c))); };
    for (const i of [0, 1]) {
      const page = pages[i]!;
      const member = groups[0]!.members[i]!;
      const wallet = path.join(folder, `w${i}.json`); writeFileSync(wallet, formatWallet(member.wallet));
      await page.goto(`${instance.url}/wallet`);
      await page.waitForTimeout(6000);
      await page.locator('input[type=file]').first().setInputFiles(wallet);
      await page.getByText(/membership is|memberships are/).waitFor();
      await page.goto(`${instance.url}/s/${id}/sign`);
      await page.getByRole('button', { name: 'Seal my name and sign' }).waitFor();
      await page.locator('summary', { hasText: 'Who sees what' }).click();
      await shot(i, 'sign');
      await page.getByRole('button', { name: 'Seal my name and sign' }).click();
      await page.getByRole('heading', { name: 'Sealed' }).waitFor();
      await page.getByText(/Shown by this site|Not on the board yet/).waitFor();
      await page.waitForTimeout(1500);
      await shot(i, 'signed-shown');
      await page.getByLabel('Keep the receipt in this browser').check();
      if (i === 0) await page.getByText('Shown by this site').waitFor();
      await cosign();
      await page.getByText(/is on the board, in checkpoint/).waitFor();
      await shot(i, 'signed-final');
      await page.goto(`${instance.url}/s/${id}/receipt`);
      await page.getByText(/is on the board, in checkpoint/).waitFor();
      await shot(i, 'receipt');
      await page.goto(`${instance.url}/s/${id}/sign`);
      await page.getByText('You have signed this statement before').waitFor();
      await page.goto(`${instance.url}/s/${id}/receipt`);
      await page.getByRole('link', { name: /Take it back/ }).click();
      await page.getByRole('button', { name: 'Take my signature back' }).waitFor();
      await shot(i, 'withdraw');
      if (i === 0) {
        await page.getByRole('button', { name: 'Take my signature back' }).click();
        await page.getByRole('heading', { name: 'Accepted' }).waitFor();
        await page.waitForTimeout(3000);
        await cosign();
        await page.getByText(/withdrawal is on the board, in checkpoint/).waitFor();
        await shot(i, 'withdrawn');
      }
    }
  } catch (error) {
    for (const i of [0, 1]) await shot(i, 'failed');
    throw error;
  } finally {
    await browser.close();
    await instance.stop();
  }
});
