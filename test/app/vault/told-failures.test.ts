import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch } from '#test/support/browser.ts';
import { showBundle } from '#test/support/bundle-page.ts';

// What each press of a vault says where the browser does not do it: parts of the real pages, in a page that may store nothing.
const PARTS = `
  import { createRoot } from 'react-dom/client';
  import { EmptiedVault } from '#app/vault/emptied-vault.tsx';
  import { PassphraseLock } from '#app/vault/passphrase-lock.tsx';
  import { RestoreCopy } from '#app/vault/restore-copy.tsx';
  import { UnlockForm } from '#app/vault/unlock-form.tsx';
  import { UnreadableVault } from '#app/vault/unreadable-vault.tsx';
  import { EraseWallet } from '#app/wallet/erase-wallet.tsx';
  import { LearnWords } from '#app/wallet/learn-words.tsx';
  import { RestoreBackup } from '#app/wallet/restore-backup.tsx';
  import { StorageUnavailable } from '#lib/browser/database.ts';
  import { formatBackup, sealBackup } from '#lib/protocol/member/backup.ts';
  import { wordsOfRoot } from '#lib/protocol/member/recovery.ts';
  import { createWallet } from '#lib/signing/wallet.ts';
  const random = (length) => crypto.getRandomValues(new Uint8Array(length));
  const wallet = createWallet(random);
  window.words = wordsOfRoot(wallet.root);
  window.backup = formatBackup(sealBackup(wallet.root, wallet, random));
  const full = async () => { throw new StorageUnavailable('This device has no room left.', 'Make room on the device, then try again.'); };
  const small = async () => { throw new RangeError('Array buffer allocation failed'); };
  const vault = { unlock: small, setPassphrase: full, readFile: async () => ({ ok: true, value: 1 }), onLock: () => () => {}, lock() {}, putBack: full };
  createRoot(document.querySelector('main')).render(<>
    <section id="emptied"><EmptiedVault vault={vault} what="your memberships" /></section>
    <section id="unlock"><UnlockForm vault={vault} label="Passphrase" /></section>
    <section id="lock"><PassphraseLock vault={vault} /></section>
    <section id="copy"><RestoreCopy vault={vault} label="File" wrongFile="No." onRead={full} /></section>
    <section id="backup"><RestoreBackup wallet={wallet} scanned={null} /></section>
    <section id="words"><LearnWords wallet={wallet} /></section>
    <section id="erase"><EraseWallet /></section>
    <section id="unreadable"><UnreadableVault vault={vault} stored="{}" fileName="f.json" /></section>
  </>);
`;

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launch();
  page = await browser.newPage();
  page.setDefaultTimeout(5_000);
  await showBundle(page, PARTS);
});
afterAll(() => browser?.close());

const part = (id: string) => page.locator(`#${id}`);
const told = (id: string) => part(id).getByRole('alert').innerText();
const drop = (id: string, text: string) =>
  part(id)
    .locator('input[type=file]')
    .setInputFiles({ name: 'kept.json', mimeType: 'application/json', buffer: Buffer.from(text) });

it('says so where a passphrase opens nothing for want of memory, and can be tried again', async () => {
  await part('unlock').getByLabel('Passphrase').fill('any');
  await part('unlock').getByRole('button', { name: 'Unlock' }).click();
  expect(await told('unlock')).toMatch(/too little memory[\s\S]*Nothing was changed[\s\S]*Close other pages/);
  expect(await part('unlock').getByRole('button').innerText()).toBe('Unlock');
});

it('says what is left where the browser has deleted it, and where that cannot be put back', async () => {
  expect(await told('emptied')).toMatch(/deleted your memberships[\s\S]*still has all of it[\s\S]*load it again/);
  await part('emptied').getByRole('button', { name: 'Put it back' }).click();
  expect(await part('emptied').getByText('no room left').innerText()).toMatch(/Make room/);
});

it('says so where a passphrase was not changed, and does not say that it was', async () => {
  await part('lock').getByLabel('Another passphrase').fill('four other words here');
  await part('lock').getByLabel('The same passphrase again').fill('four other words here');
  await part('lock').getByRole('button', { name: 'Change the passphrase' }).click();
  expect(await told('lock')).toMatch(/no room left[\s\S]*Make room/);
  expect(await part('lock').innerText()).not.toContain('From now on');
});

it('says so where what a copy or a backup holds was not stored', async () => {
  await drop('copy', '{}');
  await part('copy').getByLabel('Passphrase of the file').fill('any');
  await part('copy').getByRole('button', { name: 'Open the file' }).click();
  expect(await told('copy')).toMatch(/no room left/);
  await drop('backup', (await page.evaluate('window.backup')) as string);
  expect(await told('backup')).toMatch(/Nothing was changed/);
  expect(await part('backup').innerText()).not.toContain('is in this browser now');
});

it('says so where it could not be noted that the words are written down, and where nothing was deleted', async () => {
  const words = (await page.evaluate('window.words')) as string[];
  await part('words').getByRole('button', { name: 'I have written them down' }).click();
  for (const label of await part('words').locator('label').allInnerTexts())
    await part('words')
      .getByLabel(label, { exact: true })
      .fill(words[Number(label.slice(5)) - 1] as string);
  await part('words').getByRole('button', { name: 'These are the words' }).click();
  expect(await told('words')).toMatch(/Nothing was changed/);
  await part('erase').getByRole('button', { name: 'Delete everything here' }).click();
  await page.getByRole('button', { name: 'Delete everything', exact: true }).click();
  expect(await told('erase')).toMatch(/Nothing was changed/);
});

it('what cannot be read is not to be deleted before the page was loaded again, which may be older than it', async () => {
  const text = (await page.locator('#unreadable').textContent()) ?? '';
  expect(text).toMatch(/Load this page again first: it may be older[^.]*\. .*Then delete it here/);
});
