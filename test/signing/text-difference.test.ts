import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTexts, type Stretch } from '#lib/signing/text-difference.ts';

const side = (stretches: readonly Stretch[], without: Stretch['kind']) =>
  stretches
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('');
const words = fc
  .array(fc.constantFrom('we', 'ask', 'for', 'a', 'fair', 'count', ' ', '\n\n', '  '), { maxLength: 40 })
  .map((all) => all.join(''));

describe('the difference between two texts', () => {
  it('holds both texts, whatever they are, in stretches of which no two of a kind follow each other', () => {
    fc.assert(
      fc.property(fc.oneof(words, fc.string()), fc.oneof(words, fc.string()), (older, newer) => {
        const stretches = compareTexts(older, newer);
        expect([side(stretches, 'new'), side(stretches, 'old')]).toEqual([older, newer]);
        expect(stretches.every(({ kind, text }, i) => text !== '' && kind !== stretches[i - 1]?.kind)).toBe(true);
      }),
    );
  });

  it('is small where little has changed, and nothing where nothing has', () => {
    expect(compareTexts('We ask for a fair count of votes.', 'We ask for a quick, fair count of votes.')).toEqual([
      { kind: 'both', text: 'We ask for a ' },
      { kind: 'new', text: 'quick, ' },
      { kind: 'both', text: 'fair count of votes.' },
    ]);
    expect(compareTexts('the same', 'the same')).toEqual([{ kind: 'both', text: 'the same' }]);
    expect(compareTexts('', 'new')).toEqual([{ kind: 'new', text: 'new' }]);
  });

  it('shows what lies between whole where comparing it word for word would cost too much', () => {
    const many = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word}${i}`).join(' ');
    const stretches = compareTexts(`Dear all, ${many('a')} Yours`, `Dear all, ${many('b')} Yours`);
    expect(stretches.map(({ kind }) => kind)).toEqual(['both', 'old', 'new', 'both']);
    const turned = (shares: number) =>
      compareTexts('a b c d e f', 'a b d c e f', shares)
        .map(({ kind }) => kind)
        .join(' ');
    expect([turned(1), turned(1_000_000)]).toEqual([turned(16), 'both old new both']);
    expect(turned(1)).not.toBe(turned(1_000_000));
  });
});
