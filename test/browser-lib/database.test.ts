import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BrowserLab, openBrowserLab } from './serve.ts';

let lab: BrowserLab;
let page: Page;
beforeAll(async () => {
  lab = await openBrowserLab();
});
afterAll(() => lab?.close());
beforeEach(async () => {
  page = await lab.open();
});

/** Reads from the product's database in a page; what it throws, where it does. */
const read = (where: Page) =>
  where.evaluate(`(async () => {
    const { readValue } = await import('/lib/browser/database.ts');
    return readValue('documents', 'wallet').then(() => 'read', ({ name, message, todo }) => ({ name, message, todo }));
  })()`);
/** Opens it as a page of another version of the product does, one that does not close when it is told to. */
const openAs = (where: Page, version: number) =>
  where.evaluate(`new Promise((resolve, reject) => {
    const request = indexedDB.open('round-robin', ${version});
    request.onsuccess = () => { window.opened = request.result; resolve(); };
    request.onerror = () => reject(request.error);
  })`);
const close = (where: Page) => where.evaluate('window.opened.close()');

describe('what the browser keeps', () => {
  it('is not had while a tab holds an older form of it: the person is told to close it, and then it is had', async () => {
    await openAs(page, 1);
    const newer = await page.context().newPage();
    await newer.goto(page.url());
    expect(await read(newer)).toMatchObject({
      name: 'StorageUnavailable',
      message: expect.stringContaining('Another tab'),
      todo: 'Close the other tabs of this site, then load this page again.',
    });
    await close(page);
    expect(await read(newer)).toBe('read');
  });

  it('is waited for where the other tab closes in time', async () => {
    await openAs(page, 1);
    const newer = await page.context().newPage();
    await newer.goto(page.url());
    const reading = read(newer);
    await newer.waitForTimeout(500);
    await close(page);
    expect(await reading).toBe('read');
  });

  it('is not had by a page that is older than its form: the person is told to load it again', async () => {
    await openAs(page, 1_000);
    await close(page);
    expect(await read(page)).toMatchObject({ message: expect.stringContaining('renewed'), todo: 'Load this page again.' });
  });

  it('is not had where the browser refuses, and that is told in other words', async () => {
    await page.evaluate(`IDBFactory.prototype.open = () => {
      const request = { error: new DOMException('', 'InvalidStateError') };
      setTimeout(() => request.onerror());
      return request;
    }`);
    expect(await read(page)).toMatchObject({ message: expect.stringContaining('private windows'), todo: null });
  });
});
