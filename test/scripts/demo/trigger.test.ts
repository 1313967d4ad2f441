import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTriggerMet, type Trigger, totalOf } from '#lib/protocol/statement/trigger.ts';
import { allotSigners, shuffle } from '#scripts/demo/choose-signers.ts';
import { fillTrigger, sizesOf } from '#scripts/demo/fill-trigger.ts';

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
const groups = [
  { id: A, name: 'Upper house', size: 10 },
  { id: B, name: 'Lower "people’s" house', size: 20 },
  { id: C, name: 'Clerks', size: 9 },
];

describe('a trigger on the command line', () => {
  it('takes names of groups in angle brackets, as values and as keys', () => {
    const triggerOf = (...given: Parameters<typeof fillTrigger>) => fillTrigger(...given).trigger;
    expect(triggerOf('{"group":"<Upper house>","count":3}', groups)).toEqual({ group: A, count: 3 });
    expect(triggerOf('{"weights":{"<Clerks>":2,"<Lower \\"people’s\\" house>":1},"total":9}', groups)).toEqual({
      weights: { [C]: 2, [B]: 1 },
      total: 9,
    });
    expect(triggerOf(`{"group":"${B}","count":1}`, groups)).toEqual({ group: B, count: 1 });
    expect(triggerOf('{"group":"<group>","count":8}', groups.slice(0, 1))).toEqual({ group: A, count: 8 });
  });

  it('opens five of a group at a time where it asks for as many of each, else three, or as many as it is told', () => {
    expect(fillTrigger('{"group":"<Upper house>","count":5}', groups).together).toBe(5);
    expect(fillTrigger('{"group":"<Upper house>","count":4}', groups).together).toBe(3);
    expect(fillTrigger('{"count":9}', groups).together).toBe(3);
    expect(fillTrigger('{"count":9}', groups.slice(0, 1)).together).toBe(5);
    expect(fillTrigger('{"weights":{"<Clerks>":2},"total":9}', groups).together).toBe(3);
    expect(fillTrigger('{"all":[{"group":"<Upper house>","count":5},{"count":20}]}', groups).together).toBe(3);
    expect(fillTrigger('{"count":9}', groups, 2).together).toBe(2);
    expect(() => fillTrigger('{"group":"<Clerks>","count":5}', groups, 10)).toThrow('with 10 names at a time');
  });

  it('is refused with the reason when it is no trigger, names a stranger or asks too much', () => {
    expect(() => fillTrigger('{"group":"<House>","count":3}', groups)).toThrow('“House”. The roster has: Upper house');
    expect(() => fillTrigger('{"group":"<group>","count":3}', groups)).toThrow('“group”');
    expect(() => fillTrigger('{count:3}', groups)).toThrow('not JSON');
    expect(() => fillTrigger('{"count":40}', groups)).toThrow('more signatures than can be revealed');
  });
});

const leaf: fc.Arbitrary<Trigger> = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map((count) => ({ count })),
  fc.tuple(fc.constantFrom(A, B, C), fc.integer({ min: 1, max: 9 })).map(([group, count]) => ({ group, count })),
  fc.integer({ min: 1, max: 20 }).map((total) => ({ weights: { [A]: 3, [B]: 1 }, total })),
);
const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  leaf,
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
  fc.array(leaf, { minLength: 2, maxLength: 3 }).map((of) => ({ atLeast: 2, of })),
);

describe('choosing who signs', () => {
  const sizes = sizesOf(groups);

  it('finds signers that meet the trigger whenever everybody’s signature would', () => {
    fc.assert(
      fc.property(trigger, (given) => {
        const everybody = totalOf(sizes);
        fc.pre(isTriggerMet(given, sizes));
        const allotted = allotSigners({ trigger: given, together: 3 }, sizes, everybody);
        expect(allotted && totalOf(allotted)).toBe(everybody);
      }),
    );
  });

  it('gives exactly the number asked for, within the groups, or says that it cannot', () => {
    fc.assert(
      fc.property(trigger, fc.integer({ min: 1, max: 39 }), fc.integer({ min: 1, max: 6 }), (given, signers, together) => {
        const allotted = allotSigners({ trigger: given, together }, sizes, signers);
        if (!allotted) return;
        expect(totalOf(allotted)).toBe(signers);
        expect(isTriggerMet(given, allotted)).toBe(true);
        for (const [group, count] of allotted) {
          expect(count).toBeLessThanOrEqual(sizes.get(group) as number);
          if (count > 0) expect(count).toBeGreaterThanOrEqual(together);
        }
      }),
    );
  });

  it('finds the only way where there is just one', () => {
    const exact: Trigger = {
      all: [
        { group: A, count: 7 },
        { group: B, count: 2 },
        { group: C, count: 1 },
      ],
    };
    expect(allotSigners({ trigger: exact, together: 1 }, sizes, 10)).toEqual(
      new Map([
        [A, 7],
        [B, 2],
        [C, 1],
      ]),
    );
    expect(allotSigners({ trigger: exact, together: 1 }, sizes, 9)).toBeNull();
    expect(allotSigners({ trigger: { count: 1 }, together: 1 }, sizes, 40)).toBeNull();
  });

  it('asks for as many of a group as open at a time, and finds the groups in which so few fit', () => {
    const few: Trigger = { all: [{ group: A, count: 2 }, { group: C, count: 1 }] }; // biome-ignore format: one line reads better
    expect(allotSigners({ trigger: few, together: 3 }, sizes, 5)).toBeNull();
    const six = allotSigners({ trigger: few, together: 3 }, sizes, 6);
    expect([six?.get(A), six?.get(B), six?.get(C)]).toEqual([3, 0, 3]);
    const uneven = new Map([[A, 4], [B, 20]]); // biome-ignore format: one line reads better
    for (let i = 0; i < 20; i++) expect(allotSigners({ trigger: { count: 5 }, together: 3 }, uneven, 5)?.get(B)).toBe(5);
  });

  it('draws lots and loses nobody', () => {
    const people = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = shuffle(people);
    expect(shuffled).not.toEqual(people);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(people);
  });
});
