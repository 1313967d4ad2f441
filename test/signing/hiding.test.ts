import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTogether, isTriggerMet, type Trigger } from '#lib/protocol/statement/trigger.ts';
import { branchesOf, describeFew, hidingOf } from '#lib/signing/hiding.ts';

const [A, B, C] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)] as [string, string, string];
const sizes = new Map([
  [A, 40],
  [B, 20],
  [C, 9],
]);
const numbers = (trigger: Trigger, group: string, together = 3) =>
  hidingOf({ statement: { trigger, together }, sizes }, group).map(({ own, all }) => [own, all]);

describe('whom a signer hides among', () => {
  it('is told for each way in which the names can open, however deep the alternatives lie', () => {
    const parts: Trigger[] = [{ count: 9 }, { group: A, count: 4 }, { all: [{ group: A, count: 2 }, { any: [{ count: 30 }] }] }];
    expect(branchesOf({ any: [parts[0]!, { atLeast: 1, of: [parts[1]!, { any: [parts[2]!] }] }] })).toEqual(parts);
    expect(branchesOf({ atLeast: 2, of: parts })).toEqual([{ atLeast: 2, of: parts }]);
  });

  it('counts the own group’s names alone: as many as that way asks of it, and never fewer than open at a time', () => {
    const either: Trigger = {
      any: [
        { group: A, count: 12 },
        { group: B, count: 5 },
      ],
    };
    expect(numbers(either, A)).toEqual([
      [12, 12],
      [3, 5], // what B does alone asks nothing of A
    ]);
    expect(numbers({ count: 65 }, A)).toEqual([[36, 65]]); // all 29 others, and 36 more
    expect(numbers({ weights: { [A]: 3, [B]: 1 }, total: 50 }, A)).toEqual([[10, 17]]); // 20 of B weigh 20
    expect(
      numbers(
        {
          all: [
            { group: A, count: 4 },
            { group: C, count: 9 },
          ],
        },
        C,
        9,
      ),
    ).toEqual([[9, 13]]);
  });

  it('says of a group smaller than what opens at a time that none of its names ever opens', () => {
    expect(numbers({ count: 5 }, C, 10)).toEqual([[null, 5]]);
  });

  it('gives the least number with which that way is met: one signature fewer of the group never is', () => {
    const part = fc.oneof(
      fc.record({ count: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ group: fc.constantFrom(A, B, C), count: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ weights: fc.constant({ [A]: 2, [C]: 5 }), total: fc.integer({ min: 1, max: 100 }) }),
    );
    const trigger = fc.oneof(
      part,
      fc.record({ all: fc.array(part, { minLength: 1, maxLength: 3 }) }),
      fc.record({ atLeast: fc.constant(2), of: fc.array(part, { minLength: 2, maxLength: 3 }) }),
    );
    const wishes = fc.record({ trigger, together: fc.integer({ min: 1, max: 9 }), group: fc.constantFrom(A, B, C) });
    fc.assert(
      fc.property(wishes, ({ trigger: wish, together, group }) => {
        const [hiding] = hidingOf({ statement: { trigger: wish, together }, sizes }, group);
        const { own, branch } = hiding as { own: number; branch: Trigger };
        const isMet = (number: number) => isTriggerMet(branch, countTogether(new Map(sizes).set(group, number), together));
        expect(isMet(own)).toBe(true);
        expect(own > together && isMet(own - 1)).toBe(false);
      }),
    );
  });

  it('is worked out without asking every way of every group for every number', () => {
    const groups = Array.from({ length: 64 }, (_, i) => i.toString(16).padStart(64, '0'));
    let asked = 0;
    const part = (group: string): Trigger => ({
      group,
      get count() {
        asked++;
        return 100;
      },
    });
    const conditions = {
      statement: { trigger: { any: groups.map(part) }, together: 5 },
      sizes: new Map(groups.map((group) => [group, 4096])),
    };
    const all = groups.flatMap((group) => hidingOf(conditions, group));
    expect(all.filter(({ own }) => own === 100)).toHaveLength(64);
    expect(all.filter(({ own }) => own === 5)).toHaveLength(64 * 63);
    expect(asked).toBeLessThan(4 * 64 * 64);
  });

  it('says in plain words what a small number means, and nothing of a large one', () => {
    expect([1, 2, 4, 5, null].map(describeFew)).toEqual([
      'a name may open with nobody beside it.',
      'each of the two knows when the other signed.',
      'few enough to be asked one by one.',
      '',
      'None of these names ever opens.',
    ]);
  });
});
