import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BrowserLab, openBrowserLab } from './serve.ts';

let lab: BrowserLab;
beforeAll(async () => {
  lab = await openBrowserLab();
});
afterAll(() => lab?.close());

/** Runs a script in a page with the modules of the product at hand. */
function inPage<T>(where: Page, script: string): Promise<T> {
  return where.evaluate(`(async () => {
    const { walletVault, issuerVault } = await import('/lib/browser/vaults.ts');
    const { createWallet, acceptInvitation } = await import('/lib/signing/wallet.ts');
    const { secureRandom } = await import('/lib/browser/secure-random.ts');
    const { createIssuer } = await import('/lib/issuing/issuer-file.ts');
    const vault = walletVault();
    const everything = () => new Promise((resolve, reject) => {
      const opening = indexedDB.open('round-robin');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const all = opening.result.transaction('documents').objectStore('documents').getAll();
        all.onsuccess = () => { opening.result.close(); resolve(JSON.stringify(all.result)); };
      };
    });
    ${script}
  })()`) as Promise<T>;
}

const CREATE = `await vault.setPassphrase('bread and butter');
  const wallet = await vault.update((now) => now ?? createWallet(secureRandom));`;
const UNLOCK = "await vault.unlock('bread and butter');";
const LIMIT_MS = 10 * 60_000;

/** Moves the wall clock of a page, as a device does that has slept, and lets the page notice. */
async function sleep(where: Page, milliseconds: number): Promise<void> {
  await where.evaluate(`{ const { now } = Date; Date.now = () => now() + ${milliseconds}; }`);
  await where.evaluate("dispatchEvent(new Event('pointerdown'))");
}

describe('the wallet in the browser', () => {
  let page: Page;
  beforeEach(async () => {
    page = await lab.open();
  });

  it('is empty at first, stores nothing before it has a passphrase, and is locked once the page was left', async () => {
    expect(await inPage(page, 'return [await vault.state(), await vault.read()];')).toEqual(['empty', null]);
    const early = 'return vault.update((now) => now ?? createWallet(secureRandom)).catch(({ name }) => name);';
    expect(await inPage(page, `${early}`)).toBe('VaultLocked');
    expect(await inPage(page, 'return everything();')).toBe('[]');
    const wallet = await inPage(page, `${CREATE} return wallet;`);
    await page.reload();
    expect(await inPage(page, 'return [await vault.state(), await vault.read().catch(({ name }) => name)];')).toEqual([
      'locked',
      'VaultLocked',
    ]);
    expect(await inPage(page, `${UNLOCK} return [await vault.state(), await vault.read()];`)).toEqual(['open', wallet]);
  });

  it('tells the other pages of a change', async () => {
    await inPage(page, CREATE);
    const other = await page.context().newPage();
    await other.goto(page.url());
    const told = inPage(other, 'return new Promise((resolve) => { vault.onChange(() => resolve(true)); document.title = "ready"; });');
    await other.waitForFunction(() => document.title === 'ready');
    await inPage(page, 'await vault.erase();');
    expect(await told).toBe(true);
  });

  it('is put back where the browser deleted it under an open page, and never told as empty there', async () => {
    const wallet = await inPage(page, `${CREATE} return wallet;`);
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' });
    const tries = `let told = 0; vault.onChange(() => { told++; });
      const name = (work) => work.then((done) => done, ({ name }) => name);
      const changes = [vault.update((now) => now ?? createWallet(secureRandom)), vault.exportFile(), vault.setPassphrase('correct horse')];
      return [await name(vault.read()), ...(await Promise.all(changes.map(name))), told > 0];`;
    expect(await inPage(page, tries)).toEqual([...Array(4).fill('VaultEmptied'), true]);
    expect(await inPage(page, 'return everything();').catch(() => '[]')).toBe('[]');
    await inPage(page, 'await vault.putBack();');
    expect(await inPage(page, 'return vault.read();')).toEqual(wallet);
    await page.reload();
    expect(await inPage(page, `${UNLOCK} return vault.read();`)).toEqual(wallet);
    expect(await inPage(page, 'await vault.erase(); return vault.read();')).toBeNull();
    expect(await inPage(page, 'return vault.putBack().catch(({ name }) => name);')).toBe('VaultLocked');
  });

  it('keeps its passphrase where what it holds could not be stored under another', async () => {
    const wallet = await inPage(page, `${CREATE} return wallet;`);
    const changed = await inPage(
      page,
      `const { put } = IDBObjectStore.prototype;
       IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
       const name = await vault.setPassphrase('correct horse').catch(({ name }) => name);
       IDBObjectStore.prototype.put = put;
       return [name, await vault.state(), await vault.read()];`,
    );
    expect(changed).toEqual([expect.any(String), 'open', wallet]);
  });

  it('T17: never lies readable on the disk, and opens with no other passphrase', async () => {
    const root = await inPage<string>(page, `${CREATE} return wallet.root;`);
    const stored = await inPage<string>(page, 'return everything();');
    expect(stored).not.toContain(root);
    expect(JSON.parse(stored)).toMatchObject([{ type: 'round-robin-locked', scrypt: { N: 2 ** 17, r: 8, p: 1 } }]);
    await inPage(page, "await vault.setPassphrase('correct horse');");
    expect(await inPage(page, 'return everything();')).not.toContain(root);
    await page.reload();
    expect(await inPage(page, 'return vault.update((now) => now).catch((error) => error.name);')).toBe('VaultLocked');
    expect(await inPage(page, "return (await vault.unlock('bread and butter')).code;")).toBe('WRONG_PASSPHRASE');
    expect(await inPage(page, "await vault.unlock('correct horse'); return [await vault.state(), (await vault.read()).root];")).toEqual([
      'open',
      root,
    ]);
  });

  it('locks itself when nobody was at any page for ten minutes by the wall clock, even if the device slept', async () => {
    await inPage(page, CREATE);
    await sleep(page, LIMIT_MS - 60_000);
    expect(await inPage(page, 'return vault.state();')).toBe('open');
    await sleep(page, LIMIT_MS);
    expect(await inPage(page, 'return vault.state();')).toBe('locked');
  });

  it('never locks itself in the middle of a proof, and does so after it', async () => {
    await inPage(page, CREATE);
    const held = inPage(page, 'return vault.hold(() => new Promise((resolve) => { window.finish = resolve; }));');
    await page.waitForFunction('window.finish');
    await sleep(page, 3 * LIMIT_MS);
    expect(await inPage(page, 'return vault.state();')).toBe('open');
    await page.evaluate('window.finish()');
    await held;
    expect(await inPage(page, 'return vault.state();')).toBe('open');
    await sleep(page, LIMIT_MS);
    expect(await inPage(page, 'return vault.state();')).toBe('locked');
  });

  it('after it was deleted stores nothing under the passphrase of before, whose key another page still has or is just making', async () => {
    await inPage(page, CREATE);
    const other = await page.context().newPage();
    await other.addInitScript('BroadcastChannel.prototype.addEventListener = () => {};'); // as a page that the browser has frozen
    await other.goto(page.url());
    await inPage(other, UNLOCK);
    const again = 'return vault.update((now) => now ?? createWallet(secureRandom)).catch(({ name }) => name);';
    const unlocking = 'const unlocking = vault.unlock("bread and butter"); await vault.erase(); await unlocking;';
    expect(await inPage(page, `${unlocking} ${again}`)).toBe('VaultLocked');
    expect(await inPage(other, again)).toBe('VaultLocked');
    expect(await inPage(page, 'return everything();')).toBe('[]');
    expect(await inPage(other, `${CREATE} return vault.state();`)).toBe('open');
  });

  it('asks for what was typed to be forgotten, in all pages, when it is deleted, and when a page is left alone or hidden', async () => {
    const other = await page.context().newPage();
    await other.goto(page.url());
    const count = 'window.forgotten = 0; vault.onLock(() => window.forgotten++);';
    await Promise.all([page, other].map((where) => inPage(where, count)));
    await inPage(page, 'await vault.erase();');
    const forgotten = (where: Page) => where.evaluate<number>('window.forgotten');
    await expect.poll(() => forgotten(other)).toBe(1);
    await sleep(other, LIMIT_MS);
    expect([await forgotten(page), await forgotten(other)]).toEqual([1, 2]);
    await inPage(page, `${CREATE} dispatchEvent(new Event('pagehide'));`);
    expect([await forgotten(page), await inPage(page, 'return vault.state();')]).toEqual([2, 'locked']);
  });

  it('goes into a file and back, under the passphrase that it has', async () => {
    const [file, wallet] = await inPage<[string, { root: string }]>(page, `${CREATE} return [await vault.exportFile(), wallet];`);
    expect(file).not.toContain(wallet.root);
    const read = (text: string, passphrase: string) =>
      inPage(page, `return vault.readFile(${JSON.stringify(text)}, ${JSON.stringify(passphrase)});`);
    expect(await read(file, 'bread and butter')).toEqual({ ok: true, value: wallet });
    expect(await read(file, 'butter')).toMatchObject({ ok: false, code: 'WRONG_PASSPHRASE' });
    expect(await read('{}', 'bread and butter')).toMatchObject({ ok: false, code: 'NOT_LOCKED' });
    const restore = `await vault.erase();
      const { value } = await vault.readFile(${JSON.stringify(file)}, 'bread and butter');
      await vault.update((now) => now ?? value);
      vault.lock();
      ${UNLOCK}
      return (await vault.read()).root;`;
    expect(await inPage(page, restore)).toBe(wallet.root);
  });

  it('is erased, even locked, and so is the issuer’s keystore', async () => {
    await inPage(page, `${CREATE} vault.lock();`);
    await inPage(page, "await issuerVault().setPassphrase('bread'); await issuerVault().update(() => createIssuer(secureRandom));");
    const erase =
      'await vault.erase(); await issuerVault().erase(); return [await vault.state(), await issuerVault().state(), await everything()];';
    expect(await inPage(page, erase)).toEqual(['empty', 'empty', '[]']);
  });

  it('never stores more than it will read: what was there stays readable, and so does every file', async () => {
    const wallet = `${CREATE}
      const membership = (i) => ({ group: { issuer: 'a'.repeat(64), name: 'Group ' + i }, name: 'Ann', platform: 'https://e.org' });
      const memberships = Array.from({ length: 1_001 }, (_, i) => membership(i));
      const fault = await vault.update((now) => ({ ...now, memberships })).catch(({ name }) => name);
      await vault.update((now) => ({ ...now, memberships: memberships.slice(1) }));
      const file = await vault.readFile(await vault.exportFile(), 'bread and butter');
      return [fault, (await vault.read()).memberships.length, (await vault.read()).root === wallet.root, file.ok];`;
    expect(await inPage(page, wallet)).toEqual(['NotStored', 1_000, true, true]);
    const issuer = `await issuerVault().setPassphrase('bread');
      const made = await issuerVault().update(() => createIssuer(secureRandom));
      const group = { name: 'G', trustees: [], members: [] };
      const fault = await issuerVault().update(() => ({ ...made, groups: Array(1_001).fill(group) })).catch(({ name }) => name);
      return [fault, JSON.stringify(await issuerVault().read()) === JSON.stringify(made)];`;
    expect(await inPage(page, issuer)).toEqual(['NotStored', true]);
    // One of its own, of bare text: the browser takes what is locked of so much, and not of much more.
    const long = `const { Vault } = await import('/lib/browser/vault.ts');
      const { writeValue, deleteValue } = await import('/lib/browser/database.ts');
      const texts = new Vault('texts', (text) => ({ ok: true, value: text }), (text) => text);
      await texts.setPassphrase('bread');
      const fault = await texts.update(() => 'é'.repeat(31 * 2 ** 20 + 1)).catch(({ name }) => name);
      await writeValue('documents', 'texts', 'a'.repeat(2 * 62 * 2 ** 20 + 1000));
      await deleteValue('documents', 'texts');
      return fault;`;
    expect(await inPage(page, long)).toBe('NotStored');
  });

  it('gives out as it is what cannot be read any more, and makes room once that is deleted', async () => {
    const put = (stored: unknown) =>
      inPage(
        page,
        `const { writeValue } = await import('/lib/browser/database.ts');
        await writeValue('documents', 'wallet', ${JSON.stringify(stored)});
        return vault.read().catch(({ name, stored }) => [name, stored]);`,
      );
    const old = { text: 'a wallet of an older version, in the clear' };
    expect(await put(old)).toEqual(['VaultUnreadable', JSON.stringify(old)]);
    expect(await inPage(page, 'await vault.erase(); return vault.state();')).toBe('empty');
    expect(await inPage(page, `${CREATE} return vault.state();`)).toBe('open');
  });
});

/** One after the other in the same two pages: what opens a vault takes about a second. */
describe('a wallet that is open in two pages', () => {
  let page: Page;
  let other: Page;
  beforeAll(async () => {
    page = await lab.open();
    await inPage(page, CREATE);
    other = await page.context().newPage();
    await other.goto(page.url());
    await inPage(other, UNLOCK);
  });

  it('loses no change when two pages write at once', async () => {
    const add = (name: string, before = '') => `await vault.update(async (now) => {
      ${before}
      return { ...now, memberships: [...now.memberships, { group: { issuer: 'a'.repeat(64), name: '${name}' }, name: 'Ann', platform: 'https://e.org' }] };
    });`;
    // One page has read and not written yet when the other comes: that one has to wait.
    const left = inPage(page, add('left', 'await new Promise((resolve) => { window.goOn = resolve; });'));
    await page.waitForFunction('window.goOn');
    const right = inPage(other, `${add('right')} window.isDone = true;`);
    const hasTried = 'navigator.locks.query().then(({ pending }) => window.isDone === true || pending.length > 0)';
    await expect.poll(() => other.evaluate(hasTried), { timeout: 60_000 }).toBe(true);
    await page.evaluate('window.goOn()');
    await Promise.all([left, right]);
    const names = await inPage(page, 'return (await vault.read()).memberships.map(({ group }) => group.name);');
    expect(names).toEqual(['left', 'right']);
  });

  it('stores nothing when a change fails', async () => {
    const before = await inPage(page, 'return everything();');
    const failed = 'return vault.update(async () => { throw new Error("no"); }).catch((error) => error.message);';
    expect(await inPage(page, failed)).toBe('no');
    expect(await inPage(page, 'return everything();')).toBe(before);
  });

  it('does not lock itself while somebody is at another page', async () => {
    await page.evaluate(`{ const { now } = Date; Date.now = () => now() + ${LIMIT_MS - 60_000}; }`);
    await page.evaluate(`void (window.heard = new Promise((resolve) => {
      new BroadcastChannel('round-robin-vault-wallet').onmessage = ({ data }) => data === 'active' && resolve();
    }));`);
    await other.evaluate(`{ const { now } = Date; Date.now = () => now() + 30_000; dispatchEvent(new Event('keydown')); }`);
    await page.evaluate('window.heard');
    await page.evaluate('{ const { now } = Date; Date.now = () => now() + 120_000; }');
    expect(await inPage(page, 'return vault.state();')).toBe('open');
  });

  it('is locked by hand in all pages at once', async () => {
    expect(await inPage(other, 'return vault.state();')).toBe('open');
    expect(await inPage(page, 'vault.lock(); return vault.state();')).toBe('locked');
    await expect.poll(() => inPage(other, 'return vault.state();')).toBe('locked');
  });
});
