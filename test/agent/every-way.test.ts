import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findFreePort } from '#db/free-port.ts';
import { makeClerkCode } from '#lib/agent/clerk-code.ts';
import { join } from '../browser/people.ts';
import { launch } from '../support/browser.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type AgentStage, findPerson, linkIn, startAgentStage } from './agent-stage.ts';
import { type OpenIdProvider, startOpenIdProvider } from './openid-provider.ts';
import { openPhone } from './phone.ts';

// Ways 4 and 5 are walked in pages.test.ts.
const [ANN, BO, CY] = [
  { name: 'Ann Quillfeather', email: 'ann@home.example' },
  { name: 'Bo Quillfeather', email: 'bo@work.example' },
  { name: 'Cy Quillfeather', email: 'cy@work.example' },
] as const;
const folder = mkdtempSync(path.join(tmpdir(), 'every-way-'));

let mails: MailServer;
let provider: OpenIdProvider;
let stage: AgentStage;
let browser: Browser;
let base: string;

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {}); // the provider's advice about its own settings
  vi.spyOn(console, 'info').mockImplementation(() => {});
  const port = await findFreePort();
  base = `http://127.0.0.1:${port}`;
  const client = { id: 'desk-7', secret: 'a secret of the tests, long enough', redirectUri: `${base}/sign-in/back` };
  mails = await startMailServer();
  provider = await startOpenIdProvider({ 'sub-cy': { tid: '4b2f', work_address: CY.email } }, client);
  const clientSecretFile = path.join(folder, 'secret');
  writeFileSync(clientSecretFile, `${client.secret}\n`, { mode: 0o600 });
  chmodSync(clientSecretFile, 0o600);
  const openId = {
    ...{ way: 3, issuer: provider.issuer, clientId: client.id, clientSecretFile, allowHttp: true },
    ...{ tenant: { claim: 'tid', value: '4b2f' }, rosterClaim: 'work_address' },
  };
  const ways = [{ way: 1 }, { way: 2, domains: ['work.example'] }, openId];
  const more = { origin: base, listen: { host: '127.0.0.1', port }, smtp: { url: mails.url, from: 'post@union.example' } };
  stage = await startAgentStage([ANN, BO, CY], { ways, employerDomains: ['work.example'], stock: 10 }, more);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await stage?.stop();
  await Promise.all([mails?.stop(), provider?.stop()]);
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

/** Joins on a phone with the invitation that the agent shows, or mailed; the next turn takes the answer in, by that way. */
async function joinAndBeListed(link: string, name: string, way: number): Promise<void> {
  const phone = await openPhone(browser);
  await join(phone, link);
  await phone.close();
  await stage.nextTurn();
  expect(findPerson(stage, name)).toMatchObject({ way, commitment: expect.stringMatching(/^\d+$/) });
}

/** The link on the page with the invitation, which names whom it is for. */
async function readInvitationOf(page: Page, name: string): Promise<string> {
  await page.getByRole('heading', { name: 'Your invitation' }).waitFor();
  await page.getByText(name).waitFor();
  return (await page.getByRole('link', { name: 'Open my invitation' }).getAttribute('href')) ?? '';
}

it('way 1: a clerk has an invitation mailed to a private address, and its owner joins with it', async () => {
  const page = await browser.newPage();
  await page.goto(`${base}/clerk`);
  await page.getByLabel('The code').fill(await makeClerkCode(stage.disk, stage.platform.clock.now, stage.agent.desk.random));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Staff council' }).click();
  await page.getByRole('listitem').filter({ hasText: ANN.name }).getByRole('button', { name: 'Send the invitation' }).click();
  await expect.poll(() => mails.mails.length).toBe(1);
  expect(mails.mails).toMatchObject([{ to: [ANN.email] }]);
  await joinAndBeListed(linkIn({ text: mails.mails[0]?.text.replace(/\n/g, ' ') ?? '' }), ANN.name, 1);
  await page.close();
});

it('way 2: a member gives the code that came to the work address, and joins', async () => {
  const page = await browser.newPage();
  await page.goto(`${base}/groups/${stage.group}/code`);
  await page.getByLabel('Your work address').fill(BO.email);
  mails.mails.length = 0;
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('The code').waitFor();
  await expect.poll(() => mails.mails.length).toBe(1);
  const [, code = ''] = /Your code: ([0-9A-Z]{4}-[0-9A-Z]{4})/.exec(mails.mails[0]?.text ?? '') ?? [];
  await page.getByLabel('The code').fill(code);
  await page.getByRole('button', { name: 'Go on' }).click();
  await joinAndBeListed(await readInvitationOf(page, BO.name), BO.name, 2);
  await page.close();
});

it('way 3: a member signs in at work and comes back with an invitation', async () => {
  const page = await browser.newPage();
  await page.goto(`${base}/groups/${stage.group}/sign-in`);
  await page.getByRole('link', { name: 'Sign in at work' }).click();
  await page.getByPlaceholder('Enter any login').fill('sub-cy');
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await joinAndBeListed(await readInvitationOf(page, CY.name), CY.name, 3);
  await page.close();
});
