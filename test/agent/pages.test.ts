import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeClerkCode } from '#lib/agent/clerk-code.ts';
import { linkOf } from '#lib/agent/desk.ts';
import { choosePassphrase, join } from '../browser/people.ts';
import { launch } from '../support/browser.ts';
import { type NameServer, startNameServer } from '../support/name-server.ts';
import { readCode } from '../support/read-code.ts';
import { type AgentStage, findPerson, startAgentStage } from './agent-stage.ts';
import { openPhone } from './phone.ts';
import { type Field, signHeader } from './sign-mail.ts';

const people = ['Ann Quillfeather', 'محمد العربي', 'Bartholomew Featherstonehaugh-Cholmondeley of the Western Harbour'].map((name, i) => ({
  name,
  email: `person${i}@${i === 0 ? 'work' : 'home'}.example`,
}));
const key = generateKeyPairSync('rsa', { modulusLength: 1024 });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let stage: AgentStage;
let names: NameServer;
let browser: Browser;
beforeAll(async () => {
  names = await startNameServer();
  names.records.set('k1._domainkey.work.example', [
    `v=DKIM1; p=${key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
  ]);
  const ways = [
    { way: 1 },
    { way: 2, domains: ['work.example'] },
    { way: 4, pairs: [{ from: 'work.example', signer: 'work.example' }] },
    { way: 5 },
  ];
  const more = { smtp: { url: 'smtp://127.0.0.1:9', from: 'post@union.example' }, resolvers: [names.address] };
  stage = await startAgentStage(people, { ways, employerDomains: ['work.example'], stock: 20 }, more);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await stage?.stop();
  await names?.stop();
});

/** Opens the agent in a window of its own, at a width, on a screen as fine as those of phones. */
async function openAt(width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, deviceScaleFactor: 2 });
  await page.goto(`http://127.0.0.1:${stage.agent.port}/`);
  return page;
}

/** Signs a clerk in, as far as the roster. */
async function signClerkIn(page: Page, onPage: (name: string) => Promise<void> = async () => {}): Promise<void> {
  await page.goto(`http://127.0.0.1:${stage.agent.port}/clerk`);
  await onPage('clerk-code');
  await page.getByLabel('The code').fill(await makeClerkCode(stage.disk, stage.platform.clock.now, stage.agent.desk.random));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Staff council' }).waitFor();
  await onPage('desk');
  await page.getByRole('link', { name: 'Staff council' }).click();
  await page.getByLabel('Find somebody').waitFor();
}

/** Nothing scrolls sideways, no known barrier stands there; and a picture for whoever wants to look. */
async function look(page: Page, name: string): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}-${width}.png`, fullPage: true });
  expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, width]);
  await page.evaluate(axe); // as a script of the test, which the policy of the page does not bind
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run(),
  );
  expect([name, violations.map(({ id }) => id)]).toEqual([name, []]);
}

describe.each([390, 1280])('the pages of the agent, %i pixels wide', (width) => {
  it('lead a member from the first page to an invitation by a mail that is dropped as a file', async () => {
    const page = await openAt(width);
    await look(page, 'first');
    await page.getByRole('link', { name: 'Staff council' }).click();
    await page.waitForURL(`**/groups/${stage.group}`);
    await look(page, 'group');
    await page.goto(`http://127.0.0.1:${stage.agent.port}/groups/${stage.group}/code`);
    await look(page, 'code');
    await page.goto(`http://127.0.0.1:${stage.agent.port}/groups/${stage.group}/mail`);
    await page.getByRole('button', { name: 'Draw four words' }).click();
    const words = (await page.locator('blockquote').textContent()) ?? '';
    await look(page, 'words');
    const date = new Date(stage.platform.clock.now * 1_000).toUTCString().replace('GMT', '+0000');
    const fields: Field[] = [
      ['Received', 'from a place that is nobody’s business'],
      ['X-Secret', 'stays here'],
      ['From', `"Ann, at work" <${people[0]?.email}>`.replace(', ', ' ')],
      ['To', 'ann@elsewhere.example'],
      ['Subject', words],
      ['Date', date],
    ];
    const mail = `${signHeader(fields, { key: key.privateKey, domain: 'work.example', selector: 'k1' })}\r\n\r\nThe text, which never leaves the device.\r\n`;
    await page
      .getByLabel('The mail that arrived')
      .setInputFiles({ name: 'mail.eml', mimeType: 'message/rfc822', buffer: Buffer.from(mail) });
    await page.getByText('The header was read.').waitFor();
    const taken = await page.locator('#header').inputValue();
    expect(taken).toContain('Subject: ');
    for (const word of ['Received', 'X-Secret', 'never leaves']) expect(taken).not.toContain(word);
    const sending = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: 'Check the mail' }).click();
    const sent = new URLSearchParams((await sending).postData() ?? '');
    expect([...sent.keys()]).toEqual(['token', 'header']);
    expect(sent.get('header')?.replaceAll('\r\n', '\n')).toBe(taken.replaceAll('\r\n', '\n'));
    await page.getByRole('heading', { name: 'Your invitation' }).waitFor();
    await page.getByText('Ann Quillfeather').waitFor();
    await look(page, 'invitation');
    await page.close();
  });

  it('let a clerk find somebody and show the code for a phone', async () => {
    const page = await openAt(width);
    await signClerkIn(page, (name) => look(page, name));
    await look(page, 'roster');
    await page.getByRole('listitem').filter({ hasText: 'Western Harbour' }).getByRole('button', { name: 'Stands before me' }).click();
    await page.getByRole('img', { name: 'The invitation' }).waitFor();
    await look(page, 'person');
    const western = findPerson(stage, people[2]?.name ?? '');
    expect(await readCode(page.getByRole('img', { name: 'The invitation' }))).toBe(linkOf(stage.agent.desk, stage.group, western));
    expect(findPerson(stage, people[2]?.name ?? '')).toMatchObject({ way: 5 });
    await page.goto(`http://127.0.0.1:${stage.agent.port}/clerk/groups/${stage.group}`);
    await page.getByRole('button', { name: 'Sheets with codes' }).click();
    await page.getByRole('heading', { name: 'Invitations on paper' }).waitFor();
    await look(page, 'sheets');
    await page.emulateMedia({ media: 'print' });
    for (const sheet of await page.locator('.sheet').all()) {
      const name = (await sheet.getByRole('heading').textContent()) ?? '';
      expect(await readCode(sheet.getByRole('img'))).toBe(linkOf(stage.agent.desk, stage.group, findPerson(stage, name)));
    }
    await page.close();
  });
});

it('leads from the code on a clerk’s screen to a wallet that has joined; opening the link alone does nothing', async () => {
  const clerk = await openAt(1280);
  await signClerkIn(clerk);
  await clerk.getByRole('listitem').filter({ hasText: 'Western Harbour' }).getByRole('button', { name: 'Stands before me' }).click();
  const scanned = (await readCode(clerk.getByRole('img', { name: 'The invitation' }))) ?? '';
  const posted: string[] = [];
  const phone = await openPhone(browser, posted);
  await phone.goto(scanned); // as a scanner of links does that runs scripts
  await phone.getByRole('button', { name: 'Join the group' }).waitFor();
  expect(posted).toEqual([]);
  await join(phone, scanned);
  expect(posted).toEqual(['POST /api/anonymous/enrolments']);
  expect(phone.url()).not.toContain('#');
  await stage.nextTurn();
  expect(findPerson(stage, people[2]?.name ?? '')).toMatchObject({ way: 5, commitment: expect.stringMatching(/^\d+$/) });
  const thief = await openPhone(browser, posted);
  await thief.goto(scanned);
  await choosePassphrase(thief);
  await thief.getByRole('button', { name: 'Join the group' }).click();
  await thief.getByText('ALREADY_ENROLLED').waitFor();
});
