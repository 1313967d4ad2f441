import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupId } from '#lib/protocol/member/group.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { type Instance, startInstance } from '#scripts/instance/start-instance.ts';
import { launch } from '../support/browser.ts';
import {
  answerHere,
  askMembers,
  bringBackWallet,
  choosePassphrase,
  findBarriers,
  findInRoll,
  inviteEverybody,
  join,
  joinByPasting,
  openBrowser,
  openProfile,
  openQuestion,
  openStatement,
  openToSign,
  publishRoll,
  readStored,
  saveBy,
  sealHere,
  sign,
  signIn,
  unlock,
  type Watch,
} from './people.ts';
import { renameBackup } from './rename-backup.ts';
import { type Needles, needlesOf, nullifierUnder, searchProfile } from './search-profile.ts';
import { translatePages } from './translator.ts';

const GROUP = 'Harbour workers';
const NAMES = [
  'Ana María Núñez, crane driver',
  'Brian O’Neill, pilot',
  'Žofie Nováková, tally clerk',
  'Μαρία Παππά, harbour office',
  'Ngozi Eze, lasher',
  'Jón Jónsson, tug master',
  'Fatima Al-Zahra, customs',
  'Wei Zhang, warehouse',
];
/** The member whose browser translates every page. */
const TRANSLATED = 1;
/** The member whose browser keeps its profile on the disk, where it is searched. */
const PROFILED = 6;
const LONG = 600_000;

/** Everything with nothing but browser windows: one for the issuer, one for each member, one for the author. */
describe('the whole path in browsers', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'round-robin-browser-'));
  const watch: Watch = { foreign: [], faults: [], cookies: [] };
  const barriers: string[] = [];
  const lines: string[] = [];
  let instance: Instance;
  let browser: Browser;
  let author: Page;
  let members: Page[];
  /** Of the first member. */
  let words: string[];
  const profile = path.join(folder, 'profile');
  /** What must never lie readable in that profile. */
  let needles: Needles;
  let id: string;
  let short: string;
  /** How long this machine takes from an empty form to a first signature. */
  let paceSeconds: number;
  /** When the statement with little time ends, by the clock of this machine. */
  let shortEndsMs: number;

  beforeAll(async () => {
    const options = { mode: 'start', settings: {}, firstPort: 0, durable: false, graceMarginSeconds: 0, pollSeconds: 1 } as const;
    instance = await startInstance({ ...options, dataFolder: folder, log: (line) => lines.push(line) });
    browser = await launch();
    author = (await openBrowser(browser, instance.url, watch)).page;
  }, LONG);

  afterAll(async () => {
    await browser?.close();
    await instance?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The link that the command prints while the platform runs. */
  function printAnotherLink(): string {
    const env = { ...process.env, DATA_DIR: folder, DATABASE_URL: '', PUBLIC_URL: '' };
    return execFileSync(process.execPath, ['scripts/issuer-link.ts'], { encoding: 'utf8', env }).split('\n')[0] as string;
  }

  const recordOf = async (statement: string) => (await fetch(`${instance.url}/api/anonymous/statements/${statement}/record`)).text();
  const groupOf = async (statement: string) => {
    const answer = await fetch(`${instance.url}/api/anonymous/statements/${statement}`);
    const { rolls } = (await answer.json()) as { rolls: RollHeader[] };
    return groupId((rolls[0] as RollHeader).group);
  };
  /** Before the button stands how many hide a signer, and that all of them came at once. */
  async function readWhomToHideAmong(member: Page): Promise<void> {
    await member.getByText(`8 of the 8 members of “${GROUP}” were put on its roll at once`).waitFor();
    await member.getByText('Whom you hide among').click();
    const row = member.getByRole('row').filter({ hasText: '5 people have signed' });
    expect(await row.getByRole('cell').allTextContents()).toEqual(['8', '5']); // beside the heading of the row
    await look(member);
  }

  /** Asks for more people than the condition does: for too many, and then for as many as it asks for anyway. */
  async function waitForMore(member: Page): Promise<void> {
    await member.getByText('Wait for more people than the condition asks for').click();
    const minimum = member.getByLabel('Open my name only among at least so many people, me included');
    await minimum.fill('9');
    await member.getByText('Only 8 people can sign this statement').waitFor();
    await minimum.fill('5');
    await member.getByText('The condition itself asks for 5 people or more').waitFor();
    await look(member);
  }

  /** Seals, and lets the page hold the signature back for up to an hour; then sends it after all. */
  async function sendLater(member: Page): Promise<void> {
    await member.getByText('What somebody who watches your line could learn').click();
    await member.getByLabel('Send it', { exact: true }).selectOption({ label: 'at some moment within 1 hour' });
    await member.getByRole('button', { name: 'Seal my name and sign' }).click();
    await member.getByText('Sealed here, and not sent yet.').waitFor();
    await look(member);
    await member.getByRole('button', { name: 'Send it now' }).click();
    await member.getByRole('heading', { name: 'Sealed' }).waitFor();
  }

  async function deleteWallet(page: Page): Promise<void> {
    await page.goto(`${instance.url}/wallet`);
    await page.getByRole('button', { name: 'Delete everything here' }).click();
    await page.getByRole('button', { name: 'Delete everything', exact: true }).click();
  }

  /** Takes a signature back on a device that has nothing but the words. */
  async function withdrawByWords(page: Page, statement: string, name: string): Promise<void> {
    await page.goto(`${instance.url}/s/${statement}/withdraw`);
    await bringBackWallet(page, words);
    await findInRoll(page, name);
    await page.getByText('So far no checkpoint has met it.').waitFor();
    await look(page);
    await page.getByRole('button', { name: 'Take my signature back' }).click();
    await page.getByText('It was in time').waitFor();
    await look(page);
  }

  const look = async (page: Page) => void barriers.push(...(await findBarriers(page)));

  it('an issuer makes a group, people join it, and a roll is published', { timeout: LONG }, async () => {
    const { page: issuer, context } = await openBrowser(browser, instance.url, watch);
    await translatePages(context);
    await author.goto(instance.url);
    await look(author);
    const links = await inviteEverybody(issuer, printAnotherLink(), GROUP, NAMES);
    expect(links).toHaveLength(NAMES.length);
    members = [];
    for (const link of links) {
      if (members.length === PROFILED) {
        // Pasted, because a browser remembers the addresses that are opened.
        const { page, context: kept } = await openProfile(profile, instance.url, watch);
        needles = needlesOf(await joinByPasting(page, link), link);
        members.push(page);
        await kept.close();
        continue;
      }
      const { page, context: own } = await openBrowser(browser, instance.url, watch, 390);
      if (members.length === TRANSLATED) await translatePages(own);
      const learnt = await join(page, link);
      if (members.length === 0) words = learnt;
      members.push(page);
    }
    await look(members[0] as Page);
    // Somebody else, or the same person after the browser has forgotten them: the page names that first.
    const { page: forgetful } = await openBrowser(browser, instance.url, { ...watch, faults: [] }, 390);
    await forgetful.goto(links[0] as string, { waitUntil: 'domcontentloaded' });
    // A private window, which is told before anything is done.
    await forgetful
      .getByText(/private window/)
      .first()
      .waitFor();
    await choosePassphrase(forgetful);
    await look(forgetful);
    await forgetful.getByRole('button', { name: 'Join the group' }).click();
    await forgetful.getByText('this browser keeps no membership').waitFor();
    await look(forgetful);
    await forgetful.goto(`${instance.url}/wallet`);
    await forgetful.getByText('This browser keeps no membership.').waitFor();
    await forgetful.close();
    await publishRoll(issuer, NAMES.length);
    await look(issuer);
    expect(watch.cookies).toEqual([]);
    await context.close();
  });

  it('a link that mail changed leads where it was meant to, and an invitation that the site was shown is told as that', {
    timeout: LONG,
  }, async () => {
    // What leads nowhere and is used up is refused here, as it must be.
    const { page } = await openBrowser(browser, instance.url, { foreign: watch.foreign, faults: [], cookies: watch.cookies }, 390);
    const secret = `eyJ${'QmFk'.repeat(40)}`;
    await page.goto(`${instance.url}/join%23${secret}`);
    await page.getByText('Its secret was shown to this site.').waitFor();
    expect(page.url()).toBe(`${instance.url}/join`);
    await look(page);
    await page.goto(instance.issuerLink.replace('#', '%23'));
    await page.getByRole('button', { name: 'Sign in' }).waitFor(); // a scanner that runs scripts comes as far as this
    expect(page.url()).toBe(instance.issuerLink);
    await look(page);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('has been used before or is too old').waitFor();
    expect(lines.join('\n')).not.toContain(secret.slice(0, 40));
    await page.close();
  });

  it('a statement is opened, signed by four, of which their browsers keep no trace (T17), and stays sealed', {
    timeout: LONG,
  }, async () => {
    const begun = performance.now();
    id = await openStatement(members[4] as Page, instance.url, { title: 'Open the books', groups: [GROUP], needed: 5 }, look);
    await author.goto(`${instance.url}/s/${id}#${id}`);
    await author.getByText(`Opened by a member of “${GROUP}” (1 of ${NAMES.length}). This site and the trustees vouch for that`).waitFor();
    await author
      .getByText(/on this machine/i)
      .first()
      .waitFor();
    // A clock that is a month ahead: the deadline, in two weeks, is the platform's to keep.
    await members[3]?.addInitScript('{ const { now } = Date; Date.now = () => now() + 30 * 86_400_000; }');
    for (const i of [0, 1, 2, 3]) {
      const member = members[i] as Page;
      const stored = await readStored(member);
      expect(stored).toContain('round-robin-locked');
      await openToSign(member, instance.url, id);
      if (i === 0) await readWhomToHideAmong(member);
      if (i === 2) await waitForMore(member);
      if (i === 3) await sendLater(member);
      else await sealHere(member, NAMES[i] as string);
      expect(await readStored(member)).toBe(stored);
      if (i === 0) paceSeconds = Math.ceil((performance.now() - begun) / 1000);
    }
    await members[3]?.getByText(/^The clock of this device is 30 days ahead/).waitFor();
    await look(members[3] as Page);
    const { page: translated, context: translating } = await openBrowser(browser, instance.url, watch);
    await translatePages(translating);
    await translated.goto(`${instance.url}/s/${id}`);
    await translated.locator('html.translated-ltr').waitFor();
    const isLeft = (text: string) =>
      translated
        .getByText(text)
        .first()
        .evaluate((element) => !element.closest('font'));
    expect(await isLeft('Check it yourself')).toBe(false);
    for (const exact of ['We ask for a', 'Open the books', GROUP]) expect(await isLeft(exact), exact).toBe(true);
    await translating.close();
    await author
      .getByText(/4 of the 5 signatures needed/)
      .first()
      .waitFor({ state: 'attached' }); // it describes the ring to those who do not see it
    await look(author);
    const html = await author.content();
    for (const name of NAMES) expect(html).not.toContain(name);
  });

  it('a statement with little time is opened, and one member signs it', { timeout: LONG }, async () => {
    // Three times what opening and signing took before: little on a fast machine, and enough on a slow one.
    const deadlineInSeconds = Math.max(30, 3 * paceSeconds);
    const { page } = await openBrowser(browser, instance.url, watch);
    await signIn(page, printAnotherLink());
    const needed = { example: '5 from each group', reads: `5 people of \u2068“${GROUP}”\u2069 have signed` };
    const wish = { title: 'Too few', groups: [GROUP], needed, deadlineInSeconds, isIssuer: true };
    short = await openStatement(page, instance.url, wish, look);
    shortEndsMs = Date.now() + deadlineInSeconds * 1000;
    await sign(members[5] as Page, instance.url, short, NAMES[5] as string);
    await page.close();
  });

  it('whoever shares the statement shows its ring, which anybody may fetch and keep for a moment', async () => {
    const image = await author.locator('meta[property="og:image"]').getAttribute('content');
    expect(image).toMatch(new RegExp(`^${instance.url}/s/${id}/opengraph-image`));
    const answer = await fetch(image as string);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=60, no-transform');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
  });

  it('nobody signs twice, and who has nothing but the words takes the signature back', { timeout: LONG }, async () => {
    const page = members[0] as Page;
    await page.goto(`${instance.url}/s/${id}/sign`);
    await unlock(page);
    // Nothing public tells who has signed: only the platform knows the nullifier again, and refuses it.
    await page.getByRole('button', { name: 'Seal my name and sign' }).click();
    await page.getByText('You have signed this statement before.').waitFor();
    // T4: nor with the words on another device, where the wallet remembers nothing and finds its place in the whole roll.
    const { page: another } = await openBrowser(browser, instance.url, watch, 390);
    await another.goto(`${instance.url}/wallet`);
    const typed = another.getByLabel('Your 24 words');
    await typed.fill(words.join(' '));
    // Typed, and then left alone with the device.
    await another.evaluate("{ const { now } = Date; Date.now = () => now() + 600_000; dispatchEvent(new Event('keydown')); }");
    await expect.poll(() => typed.inputValue()).toBe('');
    await typed.fill(words.join(' '));
    // Another file than a backup is in nobody's way.
    const other = { name: 'other.json', mimeType: 'application/json', buffer: Buffer.from('{}') };
    await another.getByLabel('Backup file, if you have one').setInputFiles(other);
    await choosePassphrase(another);
    await look(another);
    await another.getByRole('button', { name: 'Bring them back' }).click();
    await another.getByRole('button', { name: 'Go on without the file' }).click();
    await another.getByRole('button', { name: 'Bring them back' }).click();
    await another.getByLabel('Link of the group’s page').fill(`${instance.url}/groups/${await groupOf(id)}`);
    await another.getByLabel('Your name, exactly as it is attested').fill(NAMES[0] as string);
    await another.getByRole('button', { name: 'Find me in the roll' }).click();
    await another.getByText('cannot tell an older roll from the newest').waitFor();
    await another.getByRole('button', { name: 'Show the sheet' }).click();
    await another.getByText('Whoever finds the sheet can sign as you.').waitFor();
    await look(another);
    // A backup brings it back without typing, after everything was deleted.
    const backup = await saveBy(another, 'Save a backup');
    await deleteWallet(another);
    await another.getByLabel('Your 24 words').fill(words.join(' '));
    await another.getByLabel('Backup file, if you have one').setInputFiles(backup);
    await choosePassphrase(another);
    await another.getByRole('button', { name: 'Bring them back' }).click();
    await another.getByRole('link', { name: GROUP }).waitFor();
    await another.goto(`${instance.url}/s/${id}/sign`);
    await unlock(another);
    await another.getByRole('button', { name: 'Seal my name and sign' }).click();
    await another.getByText('You have signed this statement before.').waitFor();
    await deleteWallet(another);
    // The issuer has attested another name since, and this backup knows that one alone.
    const renamed = { name: 'renamed.json', mimeType: 'application/json', buffer: renameBackup(backup, words, 'Ada Later') };
    await another.goto(`${instance.url}/s/${id}/withdraw`);
    await another.getByLabel('Backup file, if you have one').setInputFiles(renamed);
    await bringBackWallet(another, words);
    await another.getByText('does not hold you as “Ada Later”').waitFor();
    await look(another);
    await findInRoll(another, NAMES[0] as string);
    await another.getByText('So far no checkpoint has met it.').waitFor();
    expect(await another.locator('div:has(> :checked)').innerText()).toContain(`as ${NAMES[0]}`);
    await look(another);
    await deleteWallet(another);
    await withdrawByWords(another, id, NAMES[0] as string);
    await another.close();
    const refused = watch.faults.splice(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const fault of refused) expect(fault).toContain('409');
  });

  it('members prove that they belong and nothing more: each counts once, and anybody can check it', { timeout: LONG }, async () => {
    const { page: asker, context } = await openBrowser(browser, instance.url, watch);
    const wish = { purpose: 'Do you want a second tug?\nWe print how many say so.', group: GROUP, name: 'Harbour Gazette' };
    const { link, keyFile } = await askMembers(asker, instance.url, wish);
    await look(asker);
    const [first, second] = members as [Page, Page];
    await openQuestion(first, link);
    for (const text of ['Proves membership only.', 'Anybody can write this name.', 'A link made for you alone makes your answer a name'])
      await first.getByText(text).waitFor();
    await look(first);
    await answerHere(first);
    await openQuestion(first, link);
    await answerHere(first); // a second time, which counts no more
    await openQuestion(second, link);
    await answerHere(second);
    const last = members[5] as Page;
    await openQuestion(last, link);
    await last.getByRole('button', { name: 'Make a file to send myself' }).click();
    const byMessenger = await saveBy(last, 'Save the answer as a file');

    await asker.goto(`${link.split('#')[0]}/answers`);
    await asker.getByLabel('Your key file').setInputFiles(keyFile);
    await asker.getByLabel('Answers that members sent you as files').setInputFiles([byMessenger, keyFile]); // the key file opens this place
    await asker.getByText('One file brought no answer:').waitFor();
    await asker.getByText('1 brought so far.').waitFor();
    await asker.getByRole('button', { name: 'Fetch and count' }).click();
    await asker.getByText(`3 members of “${GROUP}” have answered.`).waitFor();
    await asker.getByText('1 came again from members who are counted already').waitFor();
    await look(asker);
    const tally = await saveBy(asker, 'Save the file that proves it');
    for (const name of NAMES) expect(readFileSync(tally, 'utf8')).not.toContain(name);

    await asker.goto(`${instance.url}/check`);
    await asker.locator('input[type=file]').setInputFiles(tally);
    await asker.getByRole('heading', { name: `3 members of “${GROUP}” have answered.` }).waitFor();
    await look(asker);
    const changed = readFileSync(tally, 'utf8').replace('Do you want a second tug?', 'Do you want no second tug?');
    await asker.goto(`${instance.url}/check`);
    const file = { name: 'changed.json', mimeType: 'application/json', buffer: Buffer.from(changed) };
    await asker.locator('input[type=file]').setInputFiles(file);
    await asker.getByRole('heading', { name: 'These answers do not hold.' }).waitFor();
    await context.close();
  });

  it('with one trustee gone, the fifth signature that stands turns the open page into the names, without the one taken back', {
    timeout: LONG,
  }, async () => {
    await instance.trustees[2]?.stop();
    for (const i of [4, 5]) await sign(members[i] as Page, instance.url, id, NAMES[i] as string);
    await author
      .getByText(/people signed together/)
      .first()
      .waitFor();
    const html = await author.content();
    for (const name of NAMES.slice(1, 6)) expect(html).toContain(name);
    for (const name of NAMES.toSpliced(1, 5)) expect(html).not.toContain(name);
    await author.getByText(`Of “${GROUP}” too few are left for further names to come out.`).waitFor();
    await look(author);
    await author.setViewportSize({ width: 390, height: 844 });
    await look(author);
    await author.setViewportSize({ width: 1280, height: 900 });
  });

  it('a stranger checks the whole record in the page, and a changed one is caught', { timeout: LONG }, async () => {
    const { page: stranger, context } = await openBrowser(browser, instance.url, watch);
    await stranger.goto(`${instance.url}/s/${id}/check`);
    await stranger.getByRole('button', { name: 'Check the whole record' }).click();
    await stranger.getByRole('heading', { name: 'Everything in this record holds' }).waitFor();
    await look(stranger);
    const record = await recordOf(id);
    expect(record.match(/"type":"mix"/g)).toHaveLength(2);
    const changed = record.replace(/"nullifier":"(\d)/, (_, digit: string) => `"nullifier":"${digit === '1' ? 2 : 1}`);
    expect(changed).not.toBe(record);
    await stranger.goto(`${instance.url}/check`);
    await stranger
      .locator('input[type=file]')
      .setInputFiles({ name: 'changed.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from(changed) });
    await stranger.getByRole('heading', { name: /checks? failed/ }).waitFor();
    await context.close();
  });

  it('T17: a seized disk shows no name and no secret, and that its owner saw the statement, not that they signed it', {
    timeout: LONG,
  }, async () => {
    const visit = async (act: (page: Page) => Promise<void>) => {
      const { page, context } = await openProfile(profile, instance.url, watch);
      await act(page);
      await context.close();
    };
    expect(searchProfile(profile, needles)).toEqual([]);
    const { statement } = (await (await fetch(`${instance.url}/api/anonymous/statements/${id}`)).json()) as { statement: Statement };
    await visit(async (page) => {
      await page.goto(`${instance.url}/s/${id}/sign`);
      await unlock(page);
      await page.getByRole('button', { name: 'Seal my name and sign' }).waitFor();
    });
    const roomsOf = (found: readonly string[]) => [...new Set(found.map((line) => line.split('/').slice(0, 2).join('/')))].sort();
    const seen = roomsOf(searchProfile(profile, { statement: id }));
    needles.nullifier = nullifierUnder(needles, statement);

    await visit(async (page) => {
      await sign(page, instance.url, id, NAMES[PROFILED] as string);
      await page.getByLabel('Keep the receipt in this browser as well').check();
      await page.getByText('It is kept in this browser.').waitFor();
      await page.goto(`${instance.url}/wallet`);
      await unlock(page);
      await page.getByText('1, because you asked to keep them.').waitFor();
    });
    expect(searchProfile(profile, needles)).toEqual([]);
    expect(roomsOf(searchProfile(profile, { statement: id }))).toEqual(seen);

    await visit(async (page) => {
      await page.goto(`${instance.url}/wallet`); // locked, and deleted all the same
      await page.getByRole('button', { name: 'Delete everything here' }).click();
      await page.getByRole('button', { name: 'Delete everything', exact: true }).click();
      await page.getByText('This browser keeps no membership.').waitFor();
      await page.evaluate(`localStorage.setItem('planted', ${JSON.stringify(`here ${NAMES[PROFILED]}`)})`);
    });
    // What was planted in the clear is found, and nothing else.
    expect(searchProfile(profile, needles)).toEqual([expect.stringMatching(/Local Storage.*: name$/)]);
  });

  it('the statement that too few signed is destroyed at its end, and its record holds salted hashes alone', { timeout: LONG }, async () => {
    await author.goto(`${instance.url}/s/${short}`);
    await author
      .getByText('Destroyed', { exact: true })
      .first()
      .waitFor({ timeout: Math.max(0, shortEndsMs - Date.now()) + 300_000 });
    await look(author);
    await author.getByRole('heading', { name: 'What can be shown of the end' }).waitFor();
    await author.getByText(/trustees have signed that they did, as many as it takes/).waitFor();
    const record = await recordOf(short);
    expect(record).toContain('"listed":["');
    expect(record).not.toMatch(/"type":"entry"|nullifier/);
  });

  it('in a browser that lacks something, that is told, and what helps', { timeout: LONG }, async () => {
    const { page } = await openBrowser(browser, instance.url, watch, 390);
    await page.addInitScript('delete globalThis.WebAssembly; delete AbortSignal.any;');
    for (const place of ['/wallet', '/join', '/check', '/new', '/ask', `/s/${id}/sign`, '/issuer']) {
      await page.goto(`${instance.url}${place}`);
      await page.getByText('This browser does not run WebAssembly').waitFor();
      await page.getByText('it lacks AbortSignal.any').waitFor();
      const offered = await page
        .locator('input[value^="npm run sign"]')
        .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
      const statement = place.endsWith('/sign') ? `${instance.url}/s/${id}#${id}` : 'LINK';
      if (/wallet|join|sign/.test(place)) expect(offered).toEqual([expect.stringContaining(`--statement ${statement}`)]);
      else expect(offered).toEqual([]);
    }
    await look(page);
    await page.close();
  });

  it('asks no third party for anything, sends no cookie to anonymous routes, and breaks no policy', () => {
    expect(watch).toEqual({ foreign: [], faults: [], cookies: [] });
  });

  it('has no serious barrier on any of these pages', () => {
    expect(barriers).toEqual([]);
  });
});
