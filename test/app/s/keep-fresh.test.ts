import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch } from '#test/support/browser.ts';
import { showBundle } from '#test/support/bundle-page.ts';

/** A page that makes itself again ten times a second, with a router that only counts how often. */
const ENTRY = `
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime.js';
import { createRoot } from 'react-dom/client';
import { KeepFresh } from './app/s/[id]/keep-fresh.tsx';
window.refreshed = 0;
const router = { refresh: () => { window.refreshed += 1; } };
createRoot(document.querySelector('main')).render(
  <AppRouterContext.Provider value={router}>
    <KeepFresh seconds={0.1} />
  </AppRouterContext.Provider>,
);
`;

describe('a page that makes itself again', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it.each<[string, (route: Route) => Promise<void>]>([
    ['cannot be reached', (route) => route.abort('connectionrefused')],
    ['has no database', (route) => route.fulfill({ status: 503, body: '{}' })],
  ])('stands as it is while the site %s, and goes on afterwards', async (_what, fail) => {
    const page = await browser.newPage();
    let isThere = false;
    let asked = 0;
    await page.route('http://site.example/**', async (route) => {
      if (new URL(route.request().url()).pathname !== '/api/health') return route.fulfill({ body: '', contentType: 'text/html' });
      asked += 1;
      return isThere ? route.fulfill({ body: '{}' }) : fail(route);
    });
    await page.goto('http://site.example/s/1');
    await showBundle(page, ENTRY);
    await expect.poll(() => asked, { timeout: 30_000 }).toBeGreaterThan(2); // asks again and again
    expect(await page.evaluate('refreshed')).toBe(0);
    isThere = true;
    await page.waitForFunction('refreshed > 1');
    await page.close();
  });
});
