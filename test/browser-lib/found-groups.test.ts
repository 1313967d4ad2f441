import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch } from '../support/browser.ts';
import { showBundle } from '../support/bundle-page.ts';

/** A site with more groups than a page holds, of which it gives out three at a time, and one part of a form with which to choose. */
const PAGE = `
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { GroupChoice } from './app/new/group-choice.tsx';
const summary = (i) => ({ id: String(i).padStart(64, '0'), group: { issuer: 'ab'.repeat(32), name: 'Club ' + i }, size: 20, number: 1, time: 1 });
const all = Array.from({ length: 30 }, (_, i) => summary(i));
const page = (words, after) => {
  const found = all.filter(({ id, group }) => group.name.includes(words) && (!after || id > after));
  return { groups: found.slice(0, 3), ...(found.length > 3 ? { next: found[2].id } : {}) };
};
window.asked = [];
window.fetch = async (address) => {
  const { searchParams } = new URL(address, 'https://site.example');
  window.asked.push(searchParams.get('search'));
  return Response.json(page(searchParams.get('search') ?? '', searchParams.get('after')));
};
function Part() {
  const [chosen, setChosen] = useState([]);
  const change = (id, on) => setChosen((before) => (on ? [...before, id] : before.filter((one) => one !== id)));
  const groups = { ...page('', null), chosen: [] };
  const rolls = new Map(chosen.map((id) => [id, { status: 'here', header: all.find((one) => one.id === id), history: [] }]));
  return <form onSubmit={() => { window.sent = true; }}>
    <GroupChoice legend="Who" hint="Hint" guess="who signed" {...{ groups, chosen, rolls }} floor={1} onChange={change} />
  </form>;
}
createRoot(document.querySelector('main')).render(<Part />);
`;

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launch();
  page = await browser.newPage();
  await showBundle(page, PAGE);
});
afterAll(() => browser?.close());

const status = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();
const box = (name: string) => page.getByRole('checkbox', { name: new RegExp(`^${name} `) });

it('groups of a site that has too many for one page are found and chosen by keyboard, and what is chosen stays in sight', async () => {
  await status('3 groups by name, and there are more');
  const find = page.getByRole('searchbox', { name: 'Find a group' });
  await find.focus();
  await page.keyboard.type('Club 27');
  await status('1 group by name');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await box('Club 27').evaluate((node) => node === document.activeElement)).toBe(true);
  await page.keyboard.press('Space');
  expect(await box('Club 27').evaluate((node: HTMLInputElement) => [node.checked, node === document.activeElement])).toEqual([true, true]);

  await find.fill('Club 1');
  await status('3 groups by name, and there are more');
  expect(await box('Club 27').isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await box('Club 12').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('status');
  await box('Club 12').press('Space');
  await box('Club 27').press('Space');
  expect([await box('Club 27').isVisible(), await box('Club 27').isChecked(), await box('Club 12').isChecked()]).toEqual([
    true,
    false,
    true,
  ]);
  await find.fill('nothing like it');
  await status('No further group found');
  expect([await box('Club 12').isChecked(), await box('Club 27').count()]).toEqual([true, 0]);
  expect(await page.evaluate(() => (window as unknown as { sent?: boolean }).sent)).toBeUndefined();
});
