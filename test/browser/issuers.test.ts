import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeSignInLink } from '#db/sign-in-link.ts';
import { type Instance, startInstance } from '#scripts/instance/start-instance.ts';
import { launch } from '../support/browser.ts';
import { choosePassphrase, findBarriers, inviteEverybody, join, openBrowser, PASSPHRASE, unlock, type Watch } from './people.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'round-robin-issuers-'));
const watch: Watch = { foreign: [], faults: [], cookies: [] };
const GROUP = 'Bell ringers of Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch'; // one word that fits no phone
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

/** Takes in whoever has accepted. */
async function publishNext(page: Page, number: number): Promise<void> {
  await page.getByRole('button', { name: 'Look for replies' }).click();
  await page.getByText('takes in 1 person').waitFor();
  await page.getByRole('button', { name: `Prepare roll ${number}` }).click();
  await page.getByRole('button', { name: `Sign and publish roll ${number}` }).click();
}

it('goes on from the newest roll after an old keystore was restored; T65: whom it cannot name joins anew', {
  timeout: 600_000,
}, async () => {
  const { page } = await openBrowser(browser, instance.url, watch);
  const [ann, bo, cy] = await inviteEverybody(page, instance.issuerLink, GROUP, ['Ann Lee', 'Bo Li', 'Cy Roe']);
  const desk = page.url();
  const joinAs = async (link: string | undefined) => await join((await openBrowser(browser, instance.url, watch)).page, link as string);
  await joinAs(ann);
  await publishNext(page, 1);
  await page.getByText('Roll 1 is published').waitFor();

  await page.goto(`${instance.url}/issuer`);
  await unlock(page);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save key and rosters' }).click();
  const copy = path.join(folder, 'copy.json');
  writeFileSync(copy, readFileSync(await (await saving).path()));

  await page.goto(desk);
  await unlock(page);
  await joinAs(bo);
  await publishNext(page, 2);
  await page.getByText('Roll 2 is published').waitFor();

  await page.goto(`${instance.url}/issuer`);
  await unlock(page);
  await page.getByRole('button', { name: 'Delete key and rosters here' }).click();
  await page.getByRole('button', { name: 'Delete them' }).click();
  await page.getByLabel('File with your key and rosters').setInputFiles(copy);
  await page.getByLabel('Passphrase of the file').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Open the file' }).click();
  await page.getByRole('link', { name: GROUP }).click();
  await joinAs(cy);
  // A second roll 2 of one key would let a site show either: none leaves this browser.
  await page.getByRole('button', { name: 'Look for replies' }).click();
  await page.getByText('takes in 1 person').waitFor();
  await page.getByRole('button', { name: 'Prepare roll 2' }).click();
  await page.getByText('A newer roll was published from another browser.').waitFor();
  expect(await page.getByRole('button', { name: 'Sign and publish roll 2' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Compare with the newest roll' }).click();
  await page.getByText(/This site has roll 2 of .* with 2 members; this keystore knows roll 1/).waitFor();
  await page.getByText('1 member of the newest roll is not known to this keystore').waitFor();
  await page.getByText('cannot prove it: “Bo Li”').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Go on from roll 2' }).click();
  await page.getByText('This keystore goes on from roll 2').waitFor();
  // Bo Li has to join anew: the invitation is another one, and this site does not know it yet.
  await page.getByRole('button', { name: 'Hand them in' }).click();
  await page.getByRole('button', { name: 'Prepare roll 3' }).click();
  await page.getByText('1 member of the last roll is left out').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign and publish roll 3' }).click();
  await page.getByText('Roll 3 is published, with 2 members').waitFor();

  const row = page.getByRole('row', { name: /Bo Li/ });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await row.getByRole('button', { name: 'Copy link' }).click();
  const anew = await page.evaluate(() => navigator.clipboard.readText());
  expect(anew).not.toBe(bo);
  await joinAs(anew);
  await publishNext(page, 4);
  await page.getByText('Roll 4 is published, with 3 members').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.goto(`${instance.url}/groups`);
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('link', { name: GROUP }).click();
  await page.getByRole('heading', { name: GROUP }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  expect(watch.faults).toEqual([]);
});

it('T84: a key that is replaced leads members of the old one to the new, and one that is revoked to nothing', {
  timeout: 600_000,
}, async () => {
  const { page: member } = await openBrowser(browser, instance.url, watch, 390);
  const { page } = await openBrowser(browser, instance.url, watch, 390);
  const [old] = await inviteEverybody(
    page,
    await makeSignInLink(instance.databaseUrl, instance.url, Math.floor(Date.now() / 1000)),
    'Choir',
    ['Di Rey', 'Ed Soo'],
  );
  await page
    .getByRole('row', { name: /Ed Soo/ })
    .getByRole('button', { name: 'In person' })
    .click();
  await page.getByRole('img', { name: 'Invitation of Ed Soo' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Put it away' }).click();
  await join(member, old as string);
  const endKey = async (how: 'Replace' | 'Revoke') => {
    await page.goto(`${instance.url}/issuer`);
    await unlock(page);
    await page.getByRole('button', { name: `${how} the key` }).click();
    await page.getByRole('button', { name: `${how} it` }).click();
    await page.getByText('Everybody on your rosters has a fresh invitation').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page
      .getByRole('row', { name: /^Choir/ })
      .filter({ hasNotText: 'has ended' })
      .getByRole('link')
      .click();
    await page.getByRole('button', { name: 'Hand them in' }).click();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page
      .getByRole('row', { name: /Di Rey/ })
      .getByRole('button', { name: 'Copy link' })
      .click();
    return page.evaluate(() => navigator.clipboard.readText());
  };

  const next = await endKey('Replace');
  await member.goto(`${instance.url}/wallet`);
  await unlock(member);
  await member.getByText('The issuer of “Choir” has replaced its key.').waitFor();
  expect(await findBarriers(member)).toEqual([]);
  await member.goto(next);
  await unlock(member);
  await member.getByText('This invitation is from the issuer of “Choir”, with a new key.').waitFor();
  await member.getByRole('button', { name: 'Join the group' }).click();
  await member.getByRole('heading', { name: 'What comes next' }).waitFor();
  const stranger = await endKey('Revoke');
  await member.goto(stranger); // on the page of the invitation before, which reads the new address without being loaded again
  await member.getByText('You belong to a group called “Choir” already, and this invitation has another key.').waitFor();
  expect(await findBarriers(member)).toEqual([]);
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
  const watch: Watch = { foreign: [], faults: [], cookies: [] };
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

  // A link that was used leads into no account without a word: the one that is signed in may be another.
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This link works no longer, but somebody is signed in here already.').waitFor();
  await page.getByRole('link', { name: 'Go on as whoever is signed in' }).click();
  await unlock(page);
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
  // The link that was used, and the clerk who was removed.
  expect([...new Set(watch.faults)]).toEqual([expect.stringMatching(/^4\d\d POST \/api\/issuer\/session/), '401 GET /api/issuer/session']);
});
