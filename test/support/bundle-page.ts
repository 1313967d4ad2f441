import path from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';

const root = path.resolve(import.meta.dirname, '../..');

/** Script and style of parts of the site's pages, for a page of a test. @param entry a module in the root, as TSX */
export async function bundlePage(entry: string): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents: entry, resolveDir: root, loader: 'tsx' },
    bundle: true,
    write: false,
    outdir: 'out',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' },
    alias: { 'client-only': path.join(root, 'test/support/empty.ts') },
    external: ['*.woff2'],
    logLevel: 'error',
  });
  const textOf = (end: string) => outputFiles.find((file) => file.path.endsWith(end))?.text ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}

/** Shows such parts in a page that has nothing else. */
export async function showBundle(page: Page, entry: string): Promise<void> {
  const { script, style } = await bundlePage(entry);
  await page.setContent('<!doctype html><html lang="en"><title>Parts</title><main></main></html>');
  if (style !== '') await page.addStyleTag({ content: style });
  await page.addScriptTag({ content: script });
}
