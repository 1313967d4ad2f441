import { beforeAll, describe, expect, it } from 'vitest';
import { drawPicture } from '#app/ring/draw-picture.ts';
import type { Faces } from '#app/ring/draw-ring.ts';
import { type Face, loadFace, writeLine } from '#app/ring/faces.ts';
import type { RingPictureProps } from '#app/ring/ring-picture.tsx';
import { WAX_OUTLINES } from '#app/ring/ring-shapes.ts';

let faces: Faces;
beforeAll(async () => {
  faces = { upright: await loadFace('normal'), italic: await loadFace('italic') };
});

const names = (...list: string[]) => list.map((name) => ({ seat: name, name }));
const draw = (ring: Partial<RingPictureProps>, title = 'A letter') =>
  drawPicture(
    { title, kicker: 'Kicker', foot: 'Foot' },
    { state: 'open', needed: 8, statement: 'ab'.repeat(32), live: 0, title, ...ring },
    faces,
  );
const has = (svg: string, text: string, style: keyof Faces) => svg.includes(`d="${writeLine(text, faces[style])?.path}"`);

describe('the picture beside a link', () => {
  it('has title, standing and count as outlines, and not a letter of text', () => {
    const svg = draw({ live: 5 }, '<b>Title</b>');
    for (const words of ['Kicker', 'Foot', '<b>Title</b>', '5', 'of 8 sealed']) expect(has(svg, words, 'upright')).toBe(true);
    expect(svg).not.toMatch(/<text|<b>|Title|Kicker/);
    expect(svg.split('stroke-dasharray').length - 1).toBe(3); // free seats
    expect(WAX_OUTLINES.reduce((sum, outline) => sum + svg.split(outline).length - 1, 0)).toBe(5);
  });

  it('shows no seal once the key is destroyed', () => {
    const svg = draw({ state: 'destroyed', live: 5, when: '1 March 2027' });
    expect(WAX_OUTLINES.some((outline) => svg.includes(outline))).toBe(false);
    expect(has(svg, '1 March 2027', 'upright')).toBe(true);
  });

  it('names everybody around the circle, or nobody where one name cannot be set', () => {
    const all = draw({ state: 'revealed', names: names('Ruth Abrahams', 'Ольга Петрова') });
    expect([has(all, 'Ruth Abrahams', 'italic'), has(all, 'Ольга Петрова', 'italic')]).toEqual([true, true]);
    const none = draw({ state: 'revealed', names: names('Ruth Abrahams', 'נעמה ברק') });
    expect(has(none, 'Ruth Abrahams', 'italic')).toBe(false);
    expect(has(none, 'signed together', 'upright')).toBe(true);
  });

  it('breaks a long title, and cuts one that is longer still', () => {
    const long = draw({}, 'One two three four five six seven eight nine ten');
    expect(has(long, 'One two three four five six seven eight nine ten', 'upright')).toBe(false);
    expect(['One two three', 'One two three four'].some((line) => has(long, line, 'upright'))).toBe(true);
    expect(draw({}, 'x'.repeat(200))).toBe(draw({}, `${'x'.repeat(199)}y`)); // its end is cut off
    expect(draw({}, 'x'.repeat(20))).not.toBe(draw({}, `${'x'.repeat(19)}y`));
  });

  it('sets each letter of a title once to measure it, whatever the title is', () => {
    let set = 0;
    const upright = faces.upright.map((font) => ({
      unitsPerEm: font.unitsPerEm,
      hasGlyphForCodePoint: (code: number) => font.hasGlyphForCodePoint(code),
      layout: (text: string) => {
        set += text.length;
        return font.layout(text);
      },
    }));
    for (const title of ['W'.repeat(200), 'a '.repeat(100), `a${'\u0301'.repeat(199)}`, `${'\u202e'.repeat(199)}a`, 'ab c'.repeat(50)]) {
      set = 0;
      const words = { title, kicker: 'Kicker', foot: 'Foot' };
      drawPicture(
        words,
        { state: 'open', needed: 8, statement: 'ab'.repeat(32), live: 0, title },
        { ...faces, upright: upright as unknown as Face },
      );
      expect(set, title).toBeLessThan(1_000); // five lines of it and the other words among them
    }
  });

  it('does without a title in a script that its face lacks', () => {
    expect(has(draw({ live: 1 }, '公开港口账簿'), 'of 8 sealed', 'upright')).toBe(true);
  });
});
