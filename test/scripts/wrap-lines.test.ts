import { describe, expect, it } from 'vitest';
import { measureColumns, wrapLines } from '#scripts/signing/wrap-lines.ts';

const wrap = (text: string, columns: number) => wrapLines(text, columns, '│ ', '┊ ').split('\n');

describe('a long line of a statement in a terminal', () => {
  it.each([
    ['words', 'We ask for a second tug in the harbour, and for the pay of its crew. '.repeat(3)],
    ['no space', 'x'.repeat(300)],
    ['wide letters', '海港的引航员要求增加一艘拖船'.repeat(9)],
    ['wide letters between narrow ones', 'a海'.repeat(90)],
    ['marks over letters', 'e\u0301\u0302'.repeat(200)],
    ['pictures', '👩‍👩‍👧 🏴‍☠️ ✍️'.repeat(30)],
    ['Hangul in parts', '\u1112\u1161\u11ab'.repeat(60)],
    ['tabs', 'a\tb\t'.repeat(30)],
    ['spaces', `pay${' '.repeat(200)}Deadline   never`],
    ['a space before a word that is too long', ` ${'海'.repeat(60)}`],
  ])('is broken so that a bar stands before each part of it: %s', (_, text) => {
    for (const columns of [20, 37, 80]) {
      const lines = wrap(text, columns);
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.map((line) => line.slice(0, 2))).toEqual(['│ ', ...Array(lines.length - 1).fill('┊ ')]);
      for (const line of lines) expect(measureColumns(line), JSON.stringify(line)).toBeLessThanOrEqual(columns);
      expect(lines.map((line) => line.slice(2)).join('')).toBe(text); // nothing is left out
      for (const line of lines.slice(1)) expect(line.slice(2)).not.toMatch(/^(?:\p{M}|\u200d)/u);
    }
  });

  it('is as it was written where it goes into a file, and where there is room', () => {
    expect(wrapLines('one\n\ntwo', undefined, '│ ', '┊ ')).toBe('│ one\n│ \n│ two');
    expect(wrap('one\ntwo', 80)).toEqual(['│ one', '│ two']);
    expect(wrap('We ask for a second tug.', 20)).toEqual(['│ We ask for a ', '┊ second tug.']);
  });

  it('goes on in a terminal with hardly any columns, with one letter at least in each line', () => {
    expect(
      wrap('海港', 3)
        .map((line) => line.slice(2))
        .join(''),
    ).toBe('海港');
  });
});
