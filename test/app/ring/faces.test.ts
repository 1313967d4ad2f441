import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Face, loadFace, writeLine } from '#app/ring/faces.ts';
import { launch } from '#test/support/browser.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../node_modules/@fontsource-variable/source-serif-4/files');
// Latin comes last: it has marks from which a browser would compose what the others have whole.
const ALPHABETS = ['vietnamese', 'cyrillic', 'greek', 'latin-ext', 'latin'];
const LINES = ['Open the books “ß” 24 — ½', 'Žofie Nováková, Ștefan Yıldız', 'Γιώργος Νικολάου', 'Ольга Петрова', 'Đỗ Minh Anh'];

describe('type that is set without a browser', () => {
  let browser: Browser;
  let page: Page;
  const faces = new Map<string, Face>();

  beforeAll(async () => {
    browser = await launch();
    page = await browser.newPage();
    for (const style of ['normal', 'italic'] as const) {
      faces.set(style, await loadFace(style));
      const files = ALPHABETS.map((alphabet) =>
        readFileSync(path.join(FOLDER, `source-serif-4-${alphabet}-wght-${style}.woff2`), 'base64'),
      );
      await page.evaluate(
        async ({ files, style }) => {
          for (const [i, file] of files.entries())
            document.fonts.add(await new FontFace(`serif${i}`, `url(data:font/woff2;base64,${file})`, { style }).load());
        },
        { files, style },
      );
    }
  });
  afterAll(() => browser?.close());

  it.each(['normal', 'italic'] as const)('has the widths and the shapes that a browser gives it, in %s', async (style) => {
    const chars = [...new Set(LINES.join('').replaceAll(' ', ''))];
    const lines = chars.map((char) => writeLine(char, faces.get(style) as Face));
    const differences = await page.evaluate(
      ({ chars, lines, style, files }) => {
        const canvas = new OffscreenCanvas(400, 400);
        const pen = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
        pen.font = `${style} 400 200px ${Array.from({ length: files }, (_, i) => `serif${i}`).join(',')}`;
        const inkOf = (draw: () => void) => {
          pen.clearRect(0, 0, 400, 400);
          draw();
          return pen.getImageData(0, 0, 400, 400).data.filter((_, i) => i % 4 === 3);
        };
        return chars.map((char, c) => {
          const browsers = inkOf(() => pen.fillText(char, 100, 250));
          const ours = inkOf(() => {
            pen.save();
            pen.translate(100, 250);
            pen.scale(0.2, -0.2);
            pen.fill(new Path2D(lines[c]?.path));
            pen.restore();
          });
          let [ink, other] = [0, 0];
          for (const [i, alpha] of browsers.entries()) {
            ink += alpha;
            other += Math.abs(alpha - (ours[i] ?? 0));
          }
          return { char, width: Math.abs(pen.measureText(char).width / 200 - (lines[c]?.width ?? 0)), share: other / ink };
        });
      },
      { chars, lines, style, files: ALPHABETS.length },
    );
    expect(differences.length).toBeGreaterThan(50);
    expect(differences.filter(({ width, share }) => width > 0.01 || share > 0.05)).toEqual([]);
  });

  it('sets nothing rather than half of a line', () => {
    expect(writeLine('Wei 李小龙', faces.get('normal') as Face)).toBeNull();
    expect(writeLine('', faces.get('normal') as Face)).toEqual({ path: '', width: 0 });
  });
});
