import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admitEntry, closeCheckpoint, createWaveTally, liveCounts, type WaveRule, type WaveTally } from '#lib/protocol/reveal/waves.ts';
import { canOpenMore, describeLate, findLateGroups, type LateGroup } from '#lib/signing/late-names.ts';

const [A, B] = ['a0'.repeat(32), 'b1'.repeat(32)] as const;
const SIZES = new Map<string, number>([
  [A, 30],
  [B, 12],
]);
const wish = fc.record({ group: fc.constantFrom<string>(A, B), minimum: fc.constantFrom(1, 1, 1, 4, 9) });

/** A board after its first wave, and nothing due: whoever signed, in which order. */
function openFirst(rule: WaveRule, wishes: readonly { group: string; minimum: number }[]): WaveTally {
  const tally = createWaveTally();
  for (const one of wishes) signMore(tally, one.group, 1, one.minimum);
  closeCheckpoint(rule, tally);
  return tally;
}

function signMore(tally: WaveTally, group: string, count: number, minimum = 1): void {
  for (let i = 0; i < count; i++) {
    const nullifier = String(tally.signatures.size);
    admitEntry(tally, { nullifier, said: { action: 'sign', group, minimum } }, nullifier);
  }
}

const find = (tally: WaveTally, { together }: WaveRule, group: string) =>
  findLateGroups(SIZES, liveCounts(tally), tally.opened, together).find((one) => one.group === group) as LateGroup;
const rule = fc.record({ trigger: fc.constant({ count: 3 }), together: fc.integer({ min: 1, max: 5 }) });

describe('names that come out after the first', () => {
  it('never come out of a group before as many more have signed as is said, whatever minima wait', () => {
    fc.assert(
      fc.property(rule, fc.array(wish, { maxLength: 14 }), fc.constantFrom<string>(A, B), (one, wishes, group) => {
        const tally = openFirst(one, wishes);
        fc.pre(tally.opened.size > 0);
        const { more } = find(tally, one, group);
        signMore(tally, group, more - 1);
        expect(closeCheckpoint(one, tally)?.some((wave) => wave.group === group) ?? false).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('come out with exactly so many where nobody is sealed and nobody asks for more', () => {
    fc.assert(
      fc.property(rule, fc.integer({ min: 5, max: 9 }), fc.constantFrom<string>(A, B), (one, first, group) => {
        const tally = openFirst(
          one,
          Array.from({ length: first }, () => ({ group: A, minimum: 1 })),
        );
        const { more, sealed } = find(tally, one, group);
        expect([sealed, more]).toEqual([0, one.together]);
        signMore(tally, group, more);
        expect(closeCheckpoint(one, tally)?.map((wave) => wave.entries.length)).toEqual([more]);
      }),
    );
  });

  it('are told in a sentence, which says “at least” where somebody waits', () => {
    const say = (change: Partial<LateGroup>, together = 3, anybodyLeft = 9) =>
      describeLate({ group: A, sealed: 0, left: 9, more: 3, ...change }, together, { nameOf: () => 'Staff', anybodyLeft });
    expect(say({})).toBe('3 more of “Staff” have to sign before further names of it come out, 3 or more together.');
    expect(say({ sealed: 2, more: 1 })).toMatch(/^At least 1 more of “Staff” has to sign .*: 2 are sealed and waiting\.$/);
    expect(say({ sealed: 4, more: 1, left: 0 })).toMatch(/^4 of “Staff” are sealed and wait for more people: at least 1 more/);
    expect(say({ sealed: 4, more: 1, left: 0 }, 3, 0)).toMatch(/nobody is left to sign/);
    expect(say({ left: 2 })).toMatch(/too few are left/);
    expect(say({ more: 1 }, 1)).toMatch(/comes out by itself/);
    const isOpen = (change: Partial<LateGroup>, anybodyLeft = 9) =>
      canOpenMore({ group: A, sealed: 0, left: 9, more: 3, ...change }, 3, anybodyLeft);
    expect([isOpen({}), isOpen({ left: 2 }), isOpen({ sealed: 4, left: 0 }), isOpen({ sealed: 4, left: 0 }, 0)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(findLateGroups(new Map([[A, 2]]), new Map(), new Map(), 3)).toEqual([]);
  });
});
