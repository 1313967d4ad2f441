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

  it('keeps no receipt that an older form kept in the clear', async () => {
    await page.evaluate(`new Promise((resolve, reject) => {
      const request = indexedDB.open('round-robin', 2);
      request.onupgradeneeded = () => {
        for (const store of ['documents', 'receipts', 'trees']) request.result.createObjectStore(store);
        request.transaction.objectStore('receipts').put('they signed', 'an entry');
      };
      request.onsuccess = () => { request.result.close(); resolve(); };
      request.onerror = () => reject(request.error);
    })`);
    expect(await read(page)).toBe('read');
    const stores =
      'indexedDB.databases().then(() => new Promise((resolve) => { const opening = indexedDB.open("round-robin"); opening.onsuccess = () => resolve([...opening.result.objectStoreNames]); }))';
    expect(await page.evaluate(stores)).toEqual(['documents', 'trees']);
  });

  it('is not had by a page that is older than its form: the person is told to load it again', async () => {
    await openAs(page, 1_000);
    await close(page);
    expect(await read(page)).toMatchObject({ message: expect.stringContaining('renewed'), todo: 'Load this page again.' });
  });

  it('is had again after the browser has ended the connection, and what was being written then is written', async () => {
    const write = (value: string) =>
      page.evaluate(`(async () => (await import('/lib/browser/database.ts')).writeValue('documents', 'wallet', '${value}'))()`);
    const stored = () => page.evaluate(`(async () => (await import('/lib/browser/database.ts')).readValue('documents', 'wallet'))()`);
    await write('one');
    // As on a phone in the background: no event tells the page.
    await page.evaluate(`{
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function (...given) {
        IDBDatabase.prototype.transaction = transaction;
        this.close();
        return transaction.apply(this, given);
      };
    }`);
    expect(await stored()).toBe('one');
    // In the middle of a change.
    await page.evaluate(`{
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (...given) {
        IDBObjectStore.prototype.put = put;
        const request = put.apply(this, given);
        this.transaction.db.dispatchEvent(new Event('close'));
        this.transaction.abort();
        return request;
      };
    }`);
    await write('two');
    expect(await stored()).toBe('two');
    // The same, told in the other order: the change ends first, and then the connection.
    await page.evaluate(`{
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (...given) {
        IDBObjectStore.prototype.put = put;
        const request = put.apply(this, given);
        const { transaction } = this;
        Object.defineProperty(transaction, 'error', { value: new DOMException('Connection to Indexed Database server lost', 'UnknownError') });
        transaction.addEventListener('abort', () => setTimeout(() => transaction.db.dispatchEvent(new Event('close'))));
        transaction.abort();
        return request;
      };
    }`);
    await write('two and a half');
    expect(await stored()).toBe('two and a half');
    // The person deletes the site's data elsewhere.
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' });
    expect(await stored()).toBeUndefined();
    await write('three');
    expect(await stored()).toBe('three');
  });

  it('is not changed, and the person is told, where the device is full', async () => {
    await page.evaluate(`IDBObjectStore.prototype.put = function () {
      setTimeout(() => this.transaction.abort());
      Object.defineProperty(this.transaction, 'error', { value: new DOMException('', 'QuotaExceededError') });
      return this.get('wallet');
    }`);
    const written = page.evaluate(`(async () => (await import('/lib/browser/database.ts')).writeValue('documents', 'wallet', 'x')
      .catch(({ name, todo }) => ({ name, todo })))()`);
    expect(await written).toMatchObject({ name: 'StorageUnavailable', todo: expect.stringContaining('Make room') });
  });

  it('is had where the browser could not open it at once; where it never can, that is told, and nothing of private windows', async () => {
    const failing = (times: number) =>
      page.evaluate(`{
        let left = ${times};
        const { open } = IDBFactory.prototype;
        IDBFactory.prototype.open = function (...given) {
          if (left-- <= 0) return open.apply(this, given);
          const request = { error: new DOMException('Internal error opening backing store for indexedDB.open.', 'UnknownError') };
          setTimeout(() => request.onerror());
          return request;
        };
      }`);
    await failing(1);
    expect(await read(page)).toBe('read');
    await page.reload();
    await failing(1_000);
    expect(await read(page)).toMatchObject({
      name: 'StorageUnavailable',
      message: expect.stringContaining('at the moment'),
      todo: expect.stringContaining('Close the browser'),
    });
  });

  it('is not had where the browser refuses, and that is told in other words', async () => {
    await page.evaluate(`IDBFactory.prototype.open = () => {
      const request = { error: new DOMException('', 'InvalidStateError') };
      setTimeout(() => request.onerror());
      return request;
    }`);
    expect(await read(page)).toMatchObject({ message: expect.stringContaining('private windows'), todo: null });
    await page.reload();
    await page.evaluate(`IDBFactory.prototype.open = () => { throw new DOMException('The operation is insecure.', 'SecurityError'); }`);
    expect(await read(page)).toMatchObject({ message: expect.stringContaining('private windows'), todo: null });
  });

  it('has little room where the browser says so, as in a private window or on a full device', async () => {
    const judge = (estimate: string) =>
      page.evaluate(`(async () => {
        const { isStorageScarce } = await import('/lib/browser/persistence.ts');
        navigator.storage.estimate = async () => ${estimate};
        return isStorageScarce();
      })()`);
    expect(await judge('({ quota: 1e9, usage: 1e6 })')).toBe(true);
    expect(await judge('({ quota: 60e9, usage: 59e9 })')).toBe(true);
    expect(await judge('({ quota: 60e9, usage: 1e6 })')).toBe(false);
    expect(await judge('({})')).toBe(false);
    expect(await judge('Promise.reject(new Error("no"))')).toBe(false);
  });
});
