import type { Browser, Page } from 'playwright-core';
import { bundlePage } from '../support/bundle-page.ts';
import { fetchFrom, loadRoutes, ORIGIN } from '../support/routes.ts';

/** The page of the platform to which invitations lead, as a phone sees it: its own code, and the platform's own routes, in a browser of its own. @param posted filled with what it sends */
export async function openPhone(browser: Browser, posted: string[] = []): Promise<Page> {
  const { script, style } = await bundlePage(`
    import { createRoot } from 'react-dom/client';
    import { JoinInvitation } from './app/join/join-invitation.tsx';
    createRoot(document.querySelector('main')).render(<JoinInvitation />);`);
  const html = `<!doctype html><html lang="en"><title>Join</title><link rel="stylesheet" href="/style.css">
    <main id="content" tabindex="-1"></main><script src="/script.js"></script></html>`;
  const files: Record<string, [string, string]> = {
    '/join': ['text/html', html],
    '/script.js': ['text/javascript', script],
    '/style.css': ['text/css', style],
  };
  const routes = await loadRoutes();
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const asked = route.request();
    const { pathname } = new URL(asked.url());
    const [contentType, body] = files[pathname] ?? [];
    if (body !== undefined) return route.fulfill({ contentType, body });
    if (asked.method() !== 'GET') posted.push(`${asked.method()} ${pathname}`);
    const sent = asked.postDataBuffer();
    const init = { method: asked.method(), headers: asked.headers(), ...(sent ? { body: new Uint8Array(sent) } : {}) };
    const answer = await fetchFrom(routes).fetch(asked.url(), init);
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  });
  return page;
}
