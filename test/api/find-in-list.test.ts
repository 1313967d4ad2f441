import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInList, foldText, PAGE_ITEMS, pageOf } from '#lib/api/find-in-list.ts';

describe('finding in a long list', () => {
  const names = ['Zoë Müller', 'Søren Ødegård', '李小龙', 'Ann Lee', 'Lee Ann'];
  const namesFor = (looked: string) => findInList(names.map(foldText), looked).map((i) => names[i]);

  it('takes any part of a text, in any case and without accents, and every word in any order', () => {
    expect(namesFor('zoe mull')).toEqual(['Zoë Müller']);
    expect(namesFor('MULLER zoë')).toEqual(['Zoë Müller']);
    expect(namesFor('小')).toEqual(['李小龙']);
    expect(namesFor('ann lee')).toEqual(['Ann Lee', 'Lee Ann']);
    expect(namesFor('zoe nobody')).toEqual([]);
  });

  it('looks for short words in names and not in keys, and for long ones in both', () => {
    const key = '31757a4a1d7d07f827d68bd02e57ee8df38773a4013cc9d88cf583516c1c57ef';
    const groups = ['Ward 6', 'Ward 7', 'Bee keepers'].map((name) => foldText(`${name} ${key}`));
    expect(findInList(groups, 'ward 6')).toEqual([0]);
    expect(findInList(groups, 'bee')).toEqual([2]);
    expect(findInList(groups, '1D7D')).toEqual([0, 1, 2]);
    expect(findInList(groups, '7 3175')).toEqual([1]);
    expect(findInList(groups, key)).toEqual([0, 1, 2]);
  });

  it('finds everything where nothing is looked for', () => {
    expect(namesFor('  ')).toEqual(names);
  });
});

describe('the pages of a long list', () => {
  it('hold every item once, in order', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.integer({ min: 1, max: 300 }), (count, size) => {
        const { pages } = pageOf(count, 0, size);
        const seen = Array.from({ length: pages }, (_, page) => pageOf(count, page, size)).flatMap(({ start, end }) =>
          Array.from({ length: end - start }, (_, i) => start + i),
        );
        expect(seen).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  it('stay within the list when it gets shorter while somebody reads on', () => {
    expect(pageOf(10_000, 49)).toMatchObject({ page: 49, start: 9_800, end: 10_000 });
    expect(pageOf(3, 49)).toEqual({ page: 0, pages: 1, start: 0, end: 3 });
    expect(pageOf(0, 2)).toEqual({ page: 0, pages: 1, start: 0, end: 0 });
    expect(pageOf(PAGE_ITEMS + 1, 1)).toMatchObject({ pages: 2, start: PAGE_ITEMS });
  });
});
