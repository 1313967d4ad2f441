import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countMarks, shareOut, takeSeats } from '#app/ring/ring-seats.ts';
import { orderBySeat } from '#lib/protocol/reveal/names.ts';

const STATEMENT = 'ab'.repeat(32);
const filled = (seats: readonly boolean[]) => seats.filter(Boolean).length;

describe('the seat of a seal', () => {
  it('follows from statement, group and counts alone, so everybody sees the same and nobody is in it', () => {
    expect(takeSeats(STATEMENT, 'a', 24, 9)).toEqual(takeSeats(STATEMENT, 'a', 24, 9));
    expect(takeSeats(STATEMENT, 'a', 24, 9)).not.toEqual(takeSeats(STATEMENT, 'b', 24, 9));
    expect(takeSeats('cd'.repeat(32), 'a', 24, 9)).not.toEqual(takeSeats(STATEMENT, 'a', 24, 9));
  });

  it('stays filled when one more arrives: exactly one more seat is taken, none is emptied', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(20), (live, room) => {
        const before = takeSeats(STATEMENT, '', live + room, live - 1);
        const after = takeSeats(STATEMENT, '', live + room, live);
        expect([filled(before), filled(after)]).toEqual([live - 1, live]);
        before.forEach((isTaken, i) => {
          if (isTaken) expect(after[i]).toBe(true);
        });
      }),
    );
  });

  it('throws where there are more seals than seats', () => {
    expect(() => takeSeats(STATEMENT, '', 1, 2)).toThrow(RangeError);
  });

  it('is found all around the ring', () => {
    const taken = takeSeats(STATEMENT, '', 100, 10).flatMap((isTaken, i) => (isTaken ? [i] : []));
    expect((taken.at(-1) as number) - (taken[0] as number)).toBeGreaterThan(50);
  });

  it('has nothing to do with the place of a name, which follows from the seat', () => {
    const names = [{ seat: '3' }, { seat: '1' }, { seat: '2' }];
    expect(orderBySeat(names)).toEqual(orderBySeat([...names].reverse()));
  });
});

describe('sharing out', () => {
  it('adds up, and each part is within one of its exact share', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 12 }), (total, weights) => {
        const parts = shareOut(total, weights);
        const sum = weights.reduce((a, b) => a + b, 0);
        expect(parts.reduce((a, b) => a + b, 0)).toBe(total);
        parts.forEach((part, i) => {
          expect(Math.abs(part - (total * weights[i]!) / sum)).toBeLessThan(1);
        });
      }),
    );
  });
});

describe('one mark for many signatures', () => {
  it('looks full at the trigger and not one signature earlier', () => {
    expect(countMarks(10_000, 10_000, 14)).toBe(Math.ceil(10_000 / 14));
    expect(countMarks(9_999, 10_000, 14)).toBe(Math.ceil(10_000 / 14) - 1);
  });

  it('shows the first signature, and nothing before it', () => {
    expect([countMarks(1, 10_000, 14), countMarks(0, 10_000, 14)]).toEqual([1, 0]);
  });
});
