import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Instance, startInstance } from '#scripts/instance/start-instance.ts';
import { launch } from '../support/browser.ts';
import { choosePassphrase, findBarriers, openBrowser, unlock, type Watch } from './people.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'round-robin-accounts-'));
const watch: Watch = { foreign: [], faults: [], cookies: [] };
let instance: Instance;
let browser: Browser;

beforeAll(async () => {
  const options = { mode: 'start', settings: {}, firstPort: 0, durable: false, graceMarginSeconds: 5, pollSeconds: 1 } as const;
  instance = await startInstance({ ...options, dataFolder: folder, log: () => undefined });
  browser = await launch();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await instance?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Gives a browser a device with a lock that its owner always opens. */
async function plugIn(context: BrowserContext, page: Page): Promise<void> {
  const tools = await context.newCDPSession(page);
  await tools.send('WebAuthn.enable');
  const lock = { hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await tools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', ...lock } });
}

/** The newest link in the mailbox of the trial under a subject. A mail is written after the answer to whoever asked for it. */
async function newestLink(page: Page, subject: string): Promise<string> {
  const mail = page.locator('section', { has: page.getByRole('heading', { name: subject }) }).first();
  do await page.goto(`${instance.url}/issuer/mailbox`);
  while ((await mail.count()) === 0);
  return (await mail.locator('a[href*="/issuer/enter#"]').getAttribute('href')) as string;
}

it('signs clerks in by mail, which no scanner uses up, and by passkey; each with an own sign-in, and all see the log', {
  timeout: 600_000,
}, async () => {
  const { page, context } = await openBrowser(browser, instance.url, watch, 390);
  await plugIn(context, page);
  await page.goto(`${instance.url}/issuer/sign-in`);
  expect(await findBarriers(page)).toEqual([]);
  await page.getByLabel('E-mail address').fill('ann@union.example');
  await page.getByRole('button', { name: /link/ }).click();
  await page.getByText('a link is on its way').waitFor();
  const link = await newestLink(page, 'Your sign-in link');

  // A scanner of mail opens the page and runs its scripts, but presses nothing.
  const scanner = (await openBrowser(browser, instance.url, watch)).page;
  await scanner.goto(link);
  await scanner.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(scanner.url()).toContain('/issuer/enter');
  await scanner.close();

  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await choosePassphrase(page);
  await page.getByRole('button', { name: 'Make my signing key' }).click();
  await page.getByLabel('Name of the group').fill('Harbour pilots');
  await page.getByRole('button', { name: 'Make the group' }).click();
  await page.getByRole('link', { name: 'Harbour pilots' }).waitFor();

  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('The passkey is added.').waitFor();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForURL(`${instance.url}/`);
  await page.goto(`${instance.url}/issuer/sign-in`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await unlock(page);
  await page.getByRole('link', { name: 'Harbour pilots' }).waitFor();

  await page.getByLabel('E-mail address of another clerk').fill('bo@union.example');
  await page.getByRole('button', { name: 'Ask them' }).click();
  await page.getByText('Clerk 2 is asked.').waitFor();
  const second = (await openBrowser(browser, instance.url, watch)).page;
  await second.goto(await newestLink(second, 'You are asked'));
  await second.getByRole('button', { name: 'Sign in' }).click();
  await second.getByRole('button', { name: 'Make my signing key' }).waitFor();

  await page.reload();
  await unlock(page);
  for (const change of ['Clerk 2 joined', 'Clerk 2 asked', 'Passkey added', 'Made “Harbour pilots”'])
    await page.getByText(change).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Remove clerk 2' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove clerk 2' }).click();
  await page.getByText('Clerk 2 removed').waitFor();
  await second.reload();
  await second.getByText('You are not signed in as an issuer.').waitFor();

  expect(watch.foreign).toEqual([]);
  expect(watch.cookies).toEqual([]);
  expect([...new Set(watch.faults)]).toEqual(['401 GET /api/issuer/session']); // that of the clerk who was removed
});
