import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchProfile } from '../support/browser.ts';

const axeSource = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
/** Generous: a proof takes two seconds on a quiet machine and twenty on a busy one. */
const PATIENCE_MS = 120_000;

/**
 * What went wrong in any page that a test opened: requests to strangers, broken policies, faults of scripts, refusals and
 * faults of the platform.
 */
export type Watch = { foreign: string[]; faults: string[]; cookies: string[] };

/** Nothing on a page moves of itself: what moves is drawn sixty times a second, here by the processor. */
const PERSON = { timezoneId: 'Europe/Berlin', acceptDownloads: true, reducedMotion: 'reduce' } as const;

/** One person at one browser of their own, which forgets everything in the end. */
export async function openBrowser(
  browser: Browser,
  origin: string,
  watch: Watch,
  width = 1280,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ ...PERSON, viewport: { width, height: width < 500 ? 844 : 900 } });
  return { context, page: await watchOver(context, origin, watch) };
}

/** A person whose browser keeps its profile in a folder, from one start to the next. Closing the context ends the browser. */
export async function openProfile(folder: string, origin: string, watch: Watch): Promise<{ context: BrowserContext; page: Page }> {
  const context = await launchProfile(folder, { ...PERSON, viewport: { width: 390, height: 844 } });
  return { context, page: await watchOver(context, origin, watch) };
}

async function watchOver(context: BrowserContext, origin: string, watch: Watch): Promise<Page> {
  context.setDefaultTimeout(PATIENCE_MS);
  context.on('request', async (request) => {
    const url = new URL(request.url());
    if (!['blob:', 'data:'].includes(url.protocol) && url.origin !== origin) watch.foreign.push(request.url());
    const headers = await request.allHeaders().catch(() => ({}) as Record<string, string>);
    if (url.pathname.startsWith('/api/anonymous') && (headers.cookie || headers.referer)) watch.cookies.push(request.url());
  });
  context.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400) watch.faults.push(`${response.status()} ${response.request().method()} ${pathname}`);
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => watch.faults.push(error.message));
  page.on('console', (message) => {
    // Of an answer with an error the console says no address: those are judged by `response`.
    if (message.type() === 'error' && !/Failed to load resource: the server responded with a status/.test(message.text()))
      watch.faults.push(message.text());
  });
  return page;
}

type Violation = { impact: string | null; id: string; nodes: { target: string[] }[] };

/** As wide as a window of 1280 that is enlarged four times: WCAG 2.2, 1.4.10. */
const ENLARGED = { width: 320, height: 640 };

/** Serious faults of accessibility on the page as it stands, and whether it scrolls sideways, as it is or enlarged. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'], preload: false })")) as { violations: Violation[] };
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const usual = page.viewportSize() ?? ENLARGED;
  const sideways: string[] = [];
  for (const size of [ENLARGED, usual]) {
    await page.setViewportSize(size);
    const overflow = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
    if (overflow > 0) sideways.push(`${page.url()}: scrolls sideways by ${overflow} at ${size.width}`);
  }
  return [...serious.map(({ id, nodes }) => `${page.url()}: ${id} at ${nodes[0]?.target.join(' ')}`), ...sideways];
}

/** Signs an issuer in, in this browser, which has no key of theirs yet. */
export async function signIn(page: Page, link: string): Promise<void> {
  await page.goto(link, { waitUntil: 'domcontentloaded' });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Passphrase for this browser').waitFor();
}

/** The issuer makes a key and a group and invites everybody. @returns one invitation link for each name */
export async function inviteEverybody(page: Page, link: string, group: string, names: readonly string[]): Promise<string[]> {
  await page.goto(link, { waitUntil: 'domcontentloaded' });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await choosePassphrase(page);
  await page.getByRole('button', { name: 'Make my signing key' }).click();
  await page.getByLabel('Name of the group').fill(group);
  await page.getByRole('button', { name: 'Make the group' }).click();
  await page.getByRole('link', { name: group }).click();
  const rows = names.map((name, i) => `"${name}",person${i + 1}@example.org`).join('\n');
  await page.getByLabel('Or paste the rows').fill(`name,email\n${rows}\n`);
  // What will be attested stands there before the button.
  for (const name of names) await page.getByRole('rowheader', { name, exact: true }).waitFor();
  await page.getByRole('button', { name: /^Invite / }).click();
  await page.getByText(/invitations are made/).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('button', { name: /Download/ })
      .first()
      .click(),
  ]);
  const csv = readFileSync(await download.path(), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1);
  return csv.map((line) => line.slice(line.lastIndexOf(',') + 1).replaceAll('"', ''));
}

/** The passphrase of everybody in these tests. */
export const PASSPHRASE = 'four unrelated words here';

/** Chooses the passphrase of a browser that keeps nothing yet. */
export async function choosePassphrase(page: Page): Promise<void> {
  await page.getByLabel('Passphrase for this browser').fill(PASSPHRASE);
  await page.getByLabel('The same passphrase again').fill(PASSPHRASE);
}

/** Opens what this browser keeps, on a page that asks for it. */
export async function unlock(page: Page): Promise<void> {
  await page.getByLabel(/^Passphrase of your /).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
}

/** Takes an invitation up in a browser that keeps nothing yet, writes the words down and shows three of them. @returns the words */
export async function join(page: Page, invitation: string): Promise<string[]> {
  await page.goto(invitation, { waitUntil: 'domcontentloaded' });
  return joinHere(page);
}

/** The same by pasting the link. */
export async function joinByPasting(page: Page, invitation: string): Promise<string[]> {
  await page.goto(new URL('/join', invitation).href);
  await page.getByLabel('Your invitation').fill(invitation);
  await page.getByRole('button', { name: 'Read it' }).click();
  return joinHere(page);
}

async function joinHere(page: Page): Promise<string[]> {
  await choosePassphrase(page);
  await page.getByRole('button', { name: 'Join the group' }).click();
  return learnWords(page);
}

/** Reads the words off the page and gives back those that it asks for. */
async function learnWords(page: Page): Promise<string[]> {
  await page.getByRole('heading', { name: 'Write down these 24 words' }).waitFor();
  const words = await page.locator('ol[translate=no] > li').allTextContents();
  await page.getByRole('button', { name: 'I have written them down' }).click();
  const answers = page.getByLabel(/^Word \d+$/);
  for (const label of await page.locator('label', { hasText: /^Word \d+$/ }).allTextContents())
    await page.getByLabel(label, { exact: true }).fill(words[Number(label.slice(5)) - 1] as string);
  if ((await answers.count()) !== 3) throw new Error('three words are asked for');
  await page.getByRole('button', { name: 'These are the words' }).click();
  await page.getByRole('heading', { name: 'What comes next' }).waitFor();
  return words;
}

export async function publishRoll(page: Page, members: number): Promise<void> {
  await page.getByRole('button', { name: 'Look for replies' }).click();
  await page.getByText(new RegExp(`takes in ${members} people`)).waitFor();
  await page.getByRole('button', { name: 'Prepare roll 1' }).click();
  await page.getByRole('button', { name: 'Sign and publish roll 1' }).click();
  await page.getByText(/Roll 1 is published/).waitFor();
}

/**
 * Opens a statement, as a member who stays unnamed or with the account of an issuer that is signed in, and waits until its trustees have
 * made the key. @returns its id
 */
export async function openStatement(
  page: Page,
  origin: string,
  wish: {
    title: string;
    groups: readonly string[];
    needed: number | { example: string; reads: string };
    deadlineInSeconds?: number;
    isIssuer?: boolean;
  },
  look: (page: Page) => Promise<void> = async () => {},
): Promise<string> {
  await page.goto(`${origin}/new`);
  await page.getByLabel('Title').fill(wish.title);
  await page.getByLabel('Text', { exact: true }).fill('We ask for a *fair* count.\n\n- Every vote\n- In public');
  for (const group of wish.groups) await page.getByLabel(new RegExp(group)).check();
  if (typeof wish.needed === 'number') await page.getByLabel('Signatures needed').fill(String(wish.needed));
  else {
    await page.getByRole('button', { name: wish.needed.example }).click();
    await page.getByText(`The names open once ${wish.needed.reads}.`).waitFor();
    await look(page);
  }
  if (wish.deadlineInSeconds !== undefined) {
    const at = new Date(Date.now() + wish.deadlineInSeconds * 1000);
    const local = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'medium' }).format(at);
    await page.getByLabel('Deadline', { exact: true }).fill(local.replace(' ', 'T'));
  }
  await page.getByRole('button', { name: 'Review the statement' }).click();
  await page.getByRole('heading', { name: 'Read it once more' }).waitFor();
  if (wish.isIssuer) await page.getByLabel('The issuer of a group').check();
  else await unlock(page);
  const button = page.getByRole('button', { name: wish.isIssuer ? 'Open it as the issuer' : 'Open this statement' });
  await button.waitFor();
  await look(page);
  await button.click();
  await page.waitForURL(/\/s\/[0-9a-f]{64}#/);
  const id = /\/s\/([0-9a-f]{64})/.exec(page.url())?.[1] as string;
  await page.getByRole('link', { name: 'Sign this statement' }).waitFor();
  return id;
}

/** Opens a statement to sign it, up to the button. The page says what the public would read. */
export async function openToSign(page: Page, origin: string, id: string): Promise<void> {
  await page.goto(`${origin}/s/${id}/sign`);
  await unlock(page);
}

/** Signs what is opened, from the offer to the seal. */
export async function sealHere(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Seal my name and sign' }).waitFor();
  await page.getByText(name).first().waitFor();
  if (await page.locator('html.translated-ltr').count()) await page.getByText('This page has been translated by a program.').waitFor();
  await page.getByRole('button', { name: 'Seal my name and sign' }).click();
  await page.getByRole('heading', { name: 'Sealed' }).waitFor();
}

/** Signs a statement. */
export async function sign(page: Page, origin: string, id: string, name: string): Promise<void> {
  await openToSign(page, origin, id);
  await sealHere(page, name);
}

/** Makes the wallet of a browser that keeps nothing out of its words, on a page that asks for them. */
export async function bringBackWallet(page: Page, words: readonly string[]): Promise<void> {
  await page.getByLabel('Your 24 words').fill(words.join(' '));
  await choosePassphrase(page);
  await page.getByRole('button', { name: 'Bring them back' }).click();
}

/** Looks for a name in the roll that the page asks about. */
export async function findInRoll(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name, exactly as it is attested').fill(name);
  await page.getByRole('button', { name: 'Find me in the roll' }).click();
}

/** All that the site has stored in this browser, as text: databases, storages and the names of caches. */
export function readStored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const stored: unknown[] = [{ ...localStorage }, { ...sessionStorage }, await caches.keys()];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name as string));
      for (const store of database.objectStoreNames) {
        const rows = database.transaction(store).objectStore(store);
        stored.push([name, store, await done(rows.getAllKeys()), await done(rows.getAll())]);
      }
      database.close();
    }
    return JSON.stringify(stored);
  });
}

/** Asks the members of a group to prove that they belong. @returns the link to hand on, and the asker's key file */
export async function askMembers(
  page: Page,
  origin: string,
  wish: { purpose: string; group: string; name: string },
): Promise<{ link: string; keyFile: string }> {
  await page.goto(`${origin}/groups`);
  await page.getByRole('link', { name: wish.group }).first().click();
  await page.getByRole('link', { name: 'Ask members to prove that they belong' }).click();
  await page.getByLabel('What the answers are for').fill(wish.purpose);
  await page.getByLabel('Your name, or your organisation’s').fill(wish.name);
  await page.getByRole('button', { name: 'Review the question' }).click();
  await page.getByRole('heading', { name: 'Read it once more' }).waitFor();
  const keyFile = await saveBy(page, 'Save the key file');
  await page.getByRole('button', { name: 'Publish the question' }).click();
  await page.getByRole('heading', { name: 'Published' }).waitFor();
  return { link: await page.getByLabel('Link to this question').inputValue(), keyFile };
}

/** Opens a challenge, to answer it. */
export async function openQuestion(page: Page, link: string): Promise<void> {
  const isThere = page.url().split('#')[0] === link.split('#')[0];
  await page.goto(link);
  if (isThere) await page.reload(); // the same address again loads nothing
  await unlock(page);
}

/** Answers the challenge that is opened, through the platform. */
export async function answerHere(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Prove that I am a member' }).click();
  await page.getByText('Your answer is on its way to the asker.').waitFor();
}

/** Presses a button that saves a file. @returns where it is */
export async function saveBy(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return download.path();
}
