import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkName } from '#lib/protocol/member/name.ts';
import { isNormal, toNormal } from '#lib/protocol/messages/normal-form.ts';
import { statementShape } from '#lib/protocol/statement/statement.ts';

/** Marks above and below in turn: ordering them takes the square of their number, hours for these. */
const UNORDERED = `x${'\u0301\u0323'.repeat(1_000_000)}`;
/** What composes, what is out of order, what stands outside the basic plane, and what is no mark at all. */
const PARTS = [
  '\u0301',
  '\u0323',
  '\u0300',
  '\u0345',
  '\u05b0',
  '\u3099',
  '\u{1d165}',
  '\u{1d16e}',
  '\u1100',
  '\u1161',
  'e',
  'é',
  '가',
  '\u2126',
];

describe('the normal form of a text', () => {
  it('is judged as Unicode does, however many marks stand in a row and wherever they do', () => {
    const part = fc.oneof(
      fc.constantFrom(...PARTS),
      fc.constantFrom(...PARTS.slice(0, 3)).map((mark) => mark.repeat(90)),
    );
    const run = fc.tuple(part, fc.nat(600)).map(([mark, length]) => mark.repeat(Math.ceil(length / mark.length)));
    const text = fc
      .array(fc.oneof({ weight: 5, arbitrary: part }, { weight: 1, arbitrary: run }), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.boolean(), (given, isMade) => {
        const judged = isMade ? given.normalize('NFC') : given;
        expect(isNormal(judged)).toBe(judged === judged.normalize('NFC'));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is judged of a megabyte of marks out of order, in names, titles and bodies, without putting them in order', () => {
    expect(isNormal(UNORDERED)).toBe(false);
    expect(checkName(UNORDERED)).toMatchObject({ ok: false, detail: 'the name is not in Unicode normal form C' });
    const { text } = statementShape.shape;
    for (const one of [
      { title: UNORDERED, body: 'x' },
      { title: 'x', body: UNORDERED },
    ])
      expect(text.safeParse([{ language: 'en', ...one }]).success).toBe(false);
  });

  it('is made of spellings, and not of such runs', () => {
    expect(toNormal('Jose\u0301')).toBe('José');
    expect(toNormal('José', 'NFD')).toBe('Jose\u0301');
    expect(toNormal(UNORDERED)).toBe(UNORDERED);
  });
});
