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

const CREATE = 'const wallet = await vault.update((now) => now ?? createWallet(secureRandom));';

describe('the wallet in the browser', () => {
  it('is empty at first, and still there after the page was left', async () => {
    expect(await inPage(page, 'return [await vault.state(), await vault.read()];')).toEqual(['empty', null]);
    const wallet = await inPage(page, `${CREATE} return wallet;`);
    await page.reload();
    expect(await inPage(page, 'return [await vault.state(), await vault.read()];')).toEqual(['open', wallet]);
  });

  it('loses no change when two pages write at once', async () => {
    await inPage(page, CREATE);
    const other = await page.context().newPage();
    await other.goto(page.url());
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

  it('tells the other pages of a change', async () => {
    await inPage(page, CREATE);
    const other = await page.context().newPage();
    await other.goto(page.url());
    const told = inPage(other, 'return new Promise((resolve) => { vault.onChange(() => resolve(true)); document.title = "ready"; });');
    await other.waitForFunction(() => document.title === 'ready');
    await inPage(page, 'await vault.erase();');
    expect(await told).toBe(true);
  });

  it('leaves nothing readable behind once it has a passphrase, and opens with no other (T17)', async () => {
    const secret = await inPage<string>(page, `${CREATE} return wallet.secret;`);
    expect(await inPage(page, 'return everything();')).toContain(secret);
    await inPage(page, "await vault.setPassphrase('correct horse');");
    expect(await inPage(page, 'return everything();')).not.toContain(secret);
    expect(await inPage(page, 'return (await vault.read()).secret;')).toBe(secret);
    await page.reload();
    expect(await inPage(page, 'return [await vault.state(), await vault.read().catch((error) => error.name)];')).toEqual([
      'locked',
      'VaultLocked',
    ]);
    expect(await inPage(page, 'return vault.update((now) => now).catch((error) => error.name);')).toBe('VaultLocked');
    expect(await inPage(page, "return (await vault.unlock('wrong horse')).code;")).toBe('WRONG_PASSPHRASE');
    expect(await inPage(page, "await vault.unlock('correct horse'); return [await vault.state(), (await vault.read()).secret];")).toEqual([
      'open',
      secret,
    ]);
    expect(await inPage(page, 'vault.lock(); return vault.state();')).toBe('locked');
    expect(
      await inPage(page, "await vault.unlock('correct horse'); await vault.setPassphrase(null); vault.lock(); return vault.state();"),
    ).toBe('open');
  });

  it('goes into a file and back, locked or not', async () => {
    const [plain, locked, wallet] = await inPage<[string, string, unknown]>(
      page,
      `${CREATE} return [await vault.exportFile(null), await vault.exportFile('bread'), wallet];`,
    );
    expect(locked).not.toContain(JSON.parse(plain).secret);
    const read = (file: string, passphrase: string | null) =>
      inPage(page, `return vault.readFile(${JSON.stringify(file)}, ${JSON.stringify(passphrase)});`);
    expect(await read(plain, null)).toEqual({ ok: true, value: wallet });
    expect(await read(locked, 'bread')).toEqual({ ok: true, value: wallet });
    expect(await read(locked, null)).toMatchObject({ ok: false, code: 'PASSPHRASE_NEEDED' });
    expect(await read(locked, 'butter')).toMatchObject({ ok: false, code: 'WRONG_PASSPHRASE' });
    expect(await read('{}', null)).toMatchObject({ ok: false, code: 'BAD_WALLET' });
  });

  it('is erased, even locked, and so is the issuer’s keystore', async () => {
    await inPage(page, `${CREATE} await vault.setPassphrase('bread'); vault.lock();`);
    await inPage(page, 'await issuerVault().update(() => createIssuer(secureRandom));');
    expect(
      await inPage(
        page,
        'await vault.erase(); await issuerVault().erase(); return [await vault.state(), await issuerVault().state(), await everything()];',
      ),
    ).toEqual(['empty', 'empty', '[]']);
  });

  it('never stores more than it will read: what was there stays readable, locked or not, and so does every file', async () => {
    for (const passphrase of ['null', "'bread and butter'"]) {
      const [name, places, now, file] = await inPage<[string, number, unknown, string]>(
        page,
        `const wallet = await vault.update((now) => now ?? createWallet(secureRandom));
        await vault.setPassphrase(${passphrase});
        const membership = (i) => ({ group: { issuer: 'a'.repeat(64), name: 'Group ' + i }, name: 'Ann', platform: 'https://e.org' });
        const memberships = Array.from({ length: 1_001 }, (_, i) => membership(i));
        const fault = await vault.update((now) => ({ ...now, memberships })).catch(({ name }) => name);
        await vault.update((now) => ({ ...now, memberships: memberships.slice(1) }));
        const file = await vault.readFile(await vault.exportFile('a passphrase'), 'a passphrase');
        return [fault, (await vault.read()).memberships.length, (await vault.read()).secret === wallet.secret, file.ok];`,
      );
      expect([name, places, now, file]).toEqual(['NotStored', 1_000, true, true]);
    }
    const issuer = `const made = await issuerVault().update(() => createIssuer(secureRandom));
      const group = { name: 'G', trustees: [], members: [] };
      const fault = await issuerVault().update(() => ({ ...made, groups: Array(1_001).fill(group) })).catch(({ name }) => name);
      return [fault, JSON.stringify(await issuerVault().read()) === JSON.stringify(made)];`;
    expect(await inPage(page, issuer)).toEqual(['NotStored', true]);
  });

  it('gives out as it is what cannot be read any more, and makes room for a copy once that is deleted', async () => {
    const copy = await inPage<string>(page, `${CREATE} return vault.exportFile(null);`);
    const put = (stored: unknown) =>
      inPage(
        page,
        `const { writeValue } = await import('/lib/browser/database.ts');
        await writeValue('documents', 'wallet', ${JSON.stringify(stored)});
        return vault.read().catch(({ name, stored }) => [name, stored]);`,
      );
    expect(await put({ text: `${copy} more` })).toEqual(['VaultUnreadable', `${copy} more`]);
    const restore = `const { value } = await vault.readFile(${JSON.stringify(copy)}, null);
      const first = await vault.update((now) => now ?? value).catch(({ name }) => name);
      await vault.erase();
      await vault.update((now) => now ?? value);
      return [first, (await vault.read()).secret === value.secret];`;
    expect(await inPage(page, restore)).toEqual(['VaultUnreadable', true]);
  });

  it('stores nothing when a change fails', async () => {
    await inPage(page, CREATE);
    const before = await inPage(page, 'return everything();');
    const failed = 'return vault.update(async () => { throw new Error("no"); }).catch((error) => error.message);';
    expect(await inPage(page, failed)).toBe('no');
    expect(await inPage(page, 'return everything();')).toBe(before);
  });
});
