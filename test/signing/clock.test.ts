import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clockAhead, isNotable } from '#lib/signing/clock.ts';

it('takes two clocks that agree to differ by nothing, however long the answer took', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e9, max: 2e9, noNaN: true }),
      fc.integer({ min: 0, max: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (asked, took, share) => {
        expect(Math.abs(clockAhead(asked, asked + took, Math.floor(asked + took * share)))).toBe(0);
      },
    ),
  );
});

it('tells a clock that is ahead from one that is behind, and never one that was set meanwhile', () => {
  expect(clockAhead(10_000.5, 10_002.5, 2_800)).toBe(7_200);
  expect(clockAhead(10_000.5, 10_002.5, 17_203)).toBe(-7_200);
  expect(clockAhead(10_000.5, 9_000, 17_203)).toBe(0);
  expect([-61, -60, 0, 60, 61].map(isNotable)).toEqual([true, false, false, false, true]);
});
