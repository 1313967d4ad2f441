import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createViteServer } from 'vitest/node';
import { launch } from '../support/browser.ts';

const root = path.resolve(import.meta.dirname, '../..');

export type BrowserLab = {
  /** A page of a fresh profile in which modules can be imported by their path from the root, as `/lib/browser/vaults.ts`. */
  open(): Promise<Page>;
  /** Lets a test hand out other artifacts than those on the disk. */
  artifacts: { change: ((path: string, bytes: Buffer) => Buffer) | null };
  close(): Promise<void>;
};

/** Serves the sources of lib/ as modules to a real Chromium, with the artifacts beside them. No other part of the site is there. */
export async function openBrowserLab(): Promise<BrowserLab> {
  const cacheDir = mkdtempSync(path.join(tmpdir(), 'browser-lab-'));
  const artifacts: BrowserLab['artifacts'] = { change: null };
  const server = await createViteServer({
    root,
    cacheDir,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    resolve: { alias: { 'client-only': path.join(root, 'test/support/empty.ts') } },
    optimizeDeps: { entries: ['lib/browser/*.ts'] },
    worker: { format: 'es' },
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    plugins: [
      {
        name: 'site',
        configureServer: ({ middlewares }) => {
          middlewares.use('/artifacts', (request, response) => {
            const place = (request.url ?? '').slice(1);
            const bytes = readFileSync(path.join(root, 'circuits/artifacts', place));
            response.end(artifacts.change ? artifacts.change(place, bytes) : bytes);
          });
          middlewares.use('/blank', (_request, response) => {
            response.setHeader('Content-Type', 'text/html');
            response.end('<!doctype html><title>Lab</title>');
          });
        },
      },
    ],
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (!address || typeof address === 'string') throw new Error('the lab has no port');
  const browser: Browser = await launch();
  return {
    artifacts,
    open: async () => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`http://localhost:${address.port}/blank`.replace('localhost', '127.0.0.1'));
      return page;
    },
    close: async () => {
      await browser.close();
      await server.close();
      rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}
