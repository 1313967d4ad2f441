import { describe, expect, it } from 'vitest';
import { countOf, groupDigits } from '#lib/protocol/messages/count-of.ts';

describe('a number in a sentence', () => {
  it('has commas between thousands, the same on every machine', () => {
    expect([0, 999, 1_000, 65_536, 10_000_000].map(groupDigits)).toEqual(['0', '999', '1,000', '65,536', '10,000,000']);
  });

  it('has its noun in the right form, also for one and for none', () => {
    expect([0, 1, 2, 65_536].map((n) => countOf(n, 'person', 'people'))).toEqual(['0 people', '1 person', '2 people', '65,536 people']);
  });
});
