import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from '#test/browser/people.ts';
import { launch } from '#test/support/browser.ts';
import { showBundle } from '#test/support/bundle-page.ts';

const PEOPLE = 10_000;

/** A page on which the result of a check is shown at the press of a button, as when the check has just ended. */
const ENTRY = `
import { createRoot } from 'react-dom/client';
import { CheckResult } from './app/check/check-result.tsx';
import { TallyResult } from './app/check/tally-result.tsx';
import { noneOfEach, STEPS } from './lib/protocol/record/report.ts';
const names = Array.from({ length: ${PEOPLE} }, (_, i) => ({ token: [String(i), '1'], group: 'a', wave: 1, name: 'Zoë Member ' + (i + 1) }));
const failures = Array.from({ length: ${PEOPLE} }, (_, i) => ({ line: i + 1, step: 'proofs', code: 'BAD_PROOF', detail: '' }));
const report = {
  ok: true, failures: [], failed: noneOfEach(), checked: Object.fromEntries(STEPS.map((step) => [step, 1])), lines: 9, statement: null, id: null, groups: [],
  state: 'revealed', writtenAt: 4_000_000_000, hash: 'd'.repeat(64), signatures: ${PEOPLE}, names, openedBy: [], destroyedBy: [], culprits: [], equalNames: [], equalTokens: 0, unopened: [], head: null,
};
const page = createRoot(document.querySelector('main'));
window.laidOut = 0;
const count = (nodes) => {
  for (const node of nodes) window.laidOut += 1 + (node.querySelectorAll?.('*').length ?? 0);
};
new MutationObserver((changes) => {
  for (const { addedNodes, removedNodes } of changes) count([...addedNodes, ...removedNodes]);
}).observe(document.querySelector('main'), { childList: true, subtree: true });
const tally = { ok: false, id: null, challenge: null, groups: [], members: 0, failures: failures.map(({ line, code }) => ({ code, detail: 'answer ' + line + ': its proof does not hold' })) };
window.show = (kind) => page.render(kind === 'tally' ? <TallyResult report={tally} /> : kind === 'names' ? <CheckResult key="n" report={report} /> : <CheckResult key="f" report={{ ...report, ok: false, failures, failed: { ...noneOfEach(), proofs: 54321 }, names: [] }} />);
`;

describe('the result of a check with ten thousand names', () => {
  let browser: Browser;
  let page: Page;
  const items = () => page.locator('ul[aria-label="The names"] > li');

  beforeAll(async () => {
    browser = await launch();
    page = await browser.newPage();
    await showBundle(page, ENTRY);
    await page.evaluate('show("names")');
    await items().first().waitFor();
  });
  afterAll(() => browser?.close());

  it('lays out one page of them, and never more for a moment', async () => {
    expect(await items().count()).toBe(200);
    await page.getByText('1 to 200 of 10,000 names').waitFor();
    // Whatever was put on the page or taken off it since it was empty: the rest of it takes some three hundred elements.
    const laidOut = await page.evaluate('laidOut');
    expect(laidOut).toBeGreaterThan(200);
    expect(laidOut).toBeLessThan(2_000);
  });

  it('turns to any page by keyboard, and brings the reader to its beginning', async () => {
    await page.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    expect(await items().first().innerText()).toBe('Zoë Member 201');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('201 to 400 of 10,000 names');
    await page.getByLabel('Page', { exact: true }).selectOption('50');
    expect(await items().last().innerText()).toBe(`Zoë Member ${PEOPLE}`);
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
  });

  it('finds a name among all of them, and says how many there are to those who do not see', async () => {
    await page.getByLabel('Find a name').fill('zoe 9999');
    await expect.poll(() => items().allInnerTexts()).toEqual(['Zoë Member 9999']);
    expect(await page.locator('[role=status]', { hasText: 'found' }).innerText()).toBe('1 name found');
    await page.getByLabel('Find a name').fill('nobody of this name');
    await page.getByText('No name found').waitFor();
    await page.getByLabel('Find a name').fill('');
    await expect.poll(() => items().count()).toBe(200);
  });

  it('goes to paper whole', async () => {
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await items().count()).toBe(PEOPLE);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    await expect.poll(() => items().count()).toBe(200);
  });

  it('says that it was sealed in the future, where the clock of the reader says so', async () => {
    await page.getByText('This record was sealed in the future.').waitFor();
    await page.getByText(/sealed at 2096-10-02 07:06:40 UTC; by the clock of this device it is only 20/).waitFor();
  });

  it('has no serious barrier', async () => {
    expect(await findBarriers(page)).toEqual([]);
  });

  it('shows as many failures in the same way', async () => {
    await page.evaluate('show("failures")');
    await page.getByText('1 to 200 of 10,000 failures').waitFor();
    await page.getByText('These are 10000 of 54321 failures').first().waitFor();
    await page.getByLabel('Find a failure').fill('line 9876');
    await expect.poll(() => page.getByText('Line 9876: A signature is not proven').count()).toBe(1);
  });

  it('shows as many failures of a tally in the same way, and leaves none out', async () => {
    await page.evaluate('show("tally")');
    await page.getByRole('heading', { name: 'These answers do not hold.' }).waitFor();
    await page.getByText('1 to 200 of 10,000 failures').waitFor();
    await page.getByLabel('Find a failure').fill('answer 9876:');
    await expect.poll(() => page.getByText('answer 9876: its proof does not hold').count()).toBe(1);
  });
});
