import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignSeats, orderByMix, shareOut, thinSeals } from '#app/ui/ring-seats.ts';

const nullifiers = fc.uniqueArray(fc.bigInt({ min: 0n, max: 1n << 253n }).map(String), { minLength: 1, maxLength: 60 });

describe('the seat of a seal', () => {
  it('does not depend on the order in which the signatures came', () => {
    fc.assert(
      fc.property(nullifiers, fc.nat(20), fc.func(fc.integer()), (list, room, shuffleKey) => {
        const shuffled = [...list].sort((a, b) => shuffleKey(a) - shuffleKey(b));
        expect(assignSeats(shuffled, list.length + room)).toEqual(assignSeats(list, list.length + room));
      }),
    );
  });

  it('stays filled when one more arrives: exactly one more seat is taken, none is emptied', () => {
    fc.assert(
      fc.property(nullifiers, fc.nat(20), (list, room) => {
        const before = assignSeats(list.slice(1), list.length + room);
        const after = assignSeats(list, list.length + room);
        expect(after.filter((seat) => seat !== null).length).toBe(list.length);
        before.forEach((seat, i) => {
          if (seat !== null) expect(after[i]).not.toBeNull();
        });
      }),
    );
  });

  it('gives every nullifier one seat', () => {
    fc.assert(
      fc.property(nullifiers, (list) => {
        expect([...assignSeats(list, list.length)].sort()).toEqual([...list].sort());
      }),
    );
  });

  it('throws where there are more seals than seats', () => {
    expect(() => assignSeats(['1', '2'], 1)).toThrow(RangeError);
  });

  it('spreads neighbouring nullifiers over the ring', () => {
    const taken = assignSeats(
      Array.from({ length: 10 }, (_, i) => String(i)),
      100,
    ).flatMap((seat, i) => (seat === null ? [] : [i]));
    expect(taken.at(-1)! - taken[0]!).toBeGreaterThan(50);
  });

  it('orders by nullifier alone', () => {
    const seals = [{ nullifier: '3' }, { nullifier: '1' }, { nullifier: '2' }];
    expect(orderByMix(seals)).toEqual(orderByMix([...seals].reverse()));
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
  const seals = (count: number) => Array.from({ length: count }, (_, i) => ({ nullifier: String(i) }));

  it('looks full at the trigger and not one signature earlier', () => {
    expect(thinSeals(seals(10_000), 10_000, 14)).toHaveLength(Math.ceil(10_000 / 14));
    expect(thinSeals(seals(9_999), 10_000, 14)).toHaveLength(Math.ceil(10_000 / 14) - 1);
  });

  it('shows the first signature, and nothing before it', () => {
    expect(thinSeals(seals(1), 10_000, 14)).toHaveLength(1);
    expect(thinSeals([], 10_000, 14)).toHaveLength(0);
  });
});
