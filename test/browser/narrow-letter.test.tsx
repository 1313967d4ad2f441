import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Markdown } from '#app/ui/markdown.tsx';
import { launch } from '../support/browser.ts';

const css = ['app/globals.css', 'app/ui/markdown.module.css'].map((file) => readFileSync(file, 'utf8')).join('\n');
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

type Seen = { letters: number; cut: string; reach: number; overflow: number };

/** How the letters of a body lie in a window: how many have a place, which of them lie beyond the edges, and what can be scrolled to. */
async function look(body: string, width: number, size: string): Promise<Seen> {
  const html = renderToStaticMarkup(<Markdown text={body} lang="en" />).replace(/class="_([A-Za-z]+)_[^"]*"/g, 'class="$1"');
  const page = await browser.newPage({ viewport: { width, height: 640 } });
  await page.setContent(`<!doctype html><style>${css} html { font-size: ${size} }</style><main style="padding: 16px">${html}</main>`);
  const seen = (await page.evaluate(`(() => {
    const letter = document.querySelector('.letter');
    const edge = letter.getBoundingClientRect();
    const texts = document.createTreeWalker(letter, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    let [letters, cut] = [0, ''];
    for (let text = texts.nextNode(); text; text = texts.nextNode())
      for (let at = 0; at < text.data.length; at++) {
        if (text.data[at].trim() === '') continue; // hangs at the end of its line
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const places = [...range.getClientRects()];
        letters += 1;
        if (places.some(({ left, right }) => left < edge.left - 1 || right > edge.right + 1)) cut += text.data[at];
      }
    const overflow = letter.scrollWidth - letter.clientWidth;
    letter.scrollLeft = overflow;
    return { letters, cut, overflow, reach: getComputedStyle(letter).overflowX === 'auto' ? letter.scrollLeft : 0 };
  })()`)) as Seen;
  await page.close();
  return seen;
}

const WORDS = 'unprecedentedly unfair words that are signed';

describe.each([
  [320, '16px'],
  [320, '32px'],
  [390, '16px'],
])('a letter in a window of %i, its letters of %s', (width, size) => {
  it.each([
    ['numbers', '999999999) '.repeat(6)],
    ['short numbers', '1. '.repeat(6)],
    ['bullets', '- '.repeat(6)],
    ['quotations', '> '.repeat(6)],
    ['quotations, numbers and bullets', '> 123456789. - '.repeat(2)],
  ])('T68: shows every word within all levels of %s', async (_what, marks) => {
    const seen = await look(`${marks}${WORDS}\n`, width, size);
    expect(seen).toMatchObject({ cut: '', overflow: 0 });
    expect(seen.letters).toBeGreaterThanOrEqual(WORDS.replaceAll(' ', '').length);
  });

  it.each([
    ['pictures that are joined', Array(60).fill('👍').join('\u200d')],
    ['letters that are chained', 'क्'.repeat(200)],
    ['syllables without an end', '\u1100'.repeat(200)],
  ])('T68: can be scrolled to the end of %s, which no line breaks', async (_what, endless) => {
    const { overflow, reach } = await look(`so ${endless} no`, width, size);
    expect(overflow).toBeGreaterThan(0);
    expect(Math.abs(reach - overflow)).toBeLessThan(2);
  });
});
