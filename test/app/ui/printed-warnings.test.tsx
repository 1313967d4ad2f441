import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InstanceBanners, ScriptsBanner } from '#app/ui/banner.tsx';
import { launch } from '../../support/browser.ts';

const css = ['app/globals.css', 'app/ui/site.module.css'].map((file) => readFileSync(file, 'utf8')).join('\n');

describe('the warnings of an instance', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('stand on paper too, where a letter of a trial looks like any other', async () => {
    const page = await browser.newPage({ viewport: { width: 794, height: 1123 } }); // A4
    const html = renderToStaticMarkup(
      <>
        <InstanceBanners trial developmentKeys />
        <ScriptsBanner />
      </>,
    ).replace(/class="_([A-Za-z]+)_[^"]*"/g, 'class="$1"');
    await page.setContent(`<!doctype html><style>${css}</style>${html}`);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('For trial only.').isVisible()).toBe(true);
    expect(await page.getByText('Development keys.').isVisible()).toBe(true);
    expect(await page.getByText('This browser runs no scripts.').isVisible()).toBe(false);
  });
});
