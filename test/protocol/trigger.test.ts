import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counts, checkTrigger, groupsOf, isTriggerMet, leastSignatures, type Trigger } from '#lib/protocol/statement/trigger.ts';

const GROUPS = ['a0', 'b1', 'c2'].map((byte) => byte.repeat(32));
const group = fc.constantFrom(...GROUPS);
const small = fc.integer({ min: 1, max: 6 });
const trigger = fc.letrec<{ any: Trigger }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({ count: small }),
    fc.record({ group, count: small }),
    fc.record({ weights: fc.dictionary(group, small, { minKeys: 1, maxKeys: 3 }), total: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ all: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ atLeast: fc.integer({ min: 1, max: 3 }), of: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
  ),
})).any;
const counts = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)).map((all): Counts => new Map(GROUPS.map((id, i) => [id, all[i] as number])));

describe('a trigger', () => {
  it('T19: is never un-met by one more signature', () => {
    fc.assert(
      fc.property(trigger, counts, group, (one, before, where) => {
        const after = new Map(before).set(where, (before.get(where) ?? 0) + 1);
        expect(isTriggerMet(one, after) || !isTriggerMet(one, before)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('T19: that is accepted is not met by nobody, is met by everybody, and so is each part of it', () => {
    fc.assert(
      fc.property(trigger, counts, (one, sizes) => {
        if (!checkTrigger(one, sizes, 1).ok) return;
        expect(isTriggerMet(one, new Map())).toBe(false);
        expect(isTriggerMet(one, sizes)).toBe(true);
        expect(groupsOf(one).every((id) => sizes.has(id))).toBe(true);
        const parts = 'all' in one ? one.all : 'any' in one ? one.any : 'of' in one ? one.of : [];
        for (const part of parts) expect(checkTrigger(part, sizes, 1).ok).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('T1: over several groups is not met by one of them, however many its issuer admits', () => {
    const [a, b, c] = GROUPS as [string, string, string];
    const one = (of: string, count: number) => ({ group: of, count });
    const over: [Trigger, members: Counts][] = [
      [
        { all: [one(a, 2), one(b, 2)] },
        new Map([
          [a, 2],
          [b, 2],
        ]),
      ],
      [
        { atLeast: 2, of: [one(a, 1), one(b, 1), one(c, 1)] },
        new Map([
          [a, 1],
          [c, 1],
        ]),
      ],
      [
        { all: [{ count: 4 }, one(b, 1)] },
        new Map([
          [a, 3],
          [b, 1],
        ]),
      ],
    ];
    for (const [trigger, enough] of over) {
      expect(isTriggerMet(trigger, enough), JSON.stringify(trigger)).toBe(true);
      expect(isTriggerMet(trigger, new Map([[a, 65_536]])), JSON.stringify(trigger)).toBe(false);
    }
  });

  it('T40: that is accepted is met without any group too small to open together', () => {
    fc.assert(
      fc.property(trigger, counts, small, (one, sizes, together) => {
        fc.pre(checkTrigger(one, sizes, together).ok);
        expect(isTriggerMet(one, new Map([...sizes].filter(([, size]) => size >= together)))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is met with no fewer signatures than the least that is shown', () => {
    fc.assert(
      fc.property(trigger, counts, (one, sizes) => {
        fc.pre(checkTrigger(one, sizes, 1).ok);
        expect(leastByTrying(one, sizes)).toBeGreaterThanOrEqual(leastSignatures(one, sizes));
      }),
      { numRuns: 300 },
    );
  });

  it('of parts that share no group is met with exactly the least that is shown: two of three chambers, each with so many', () => {
    const chamber = (id: string, count: number): Trigger => ({ group: id, count });
    const [a, b, c] = GROUPS as [string, string, string];
    const sizes: Counts = new Map(GROUPS.map((id) => [id, 6]));
    const exact: [Trigger, number][] = [
      [{ atLeast: 2, of: [chamber(a, 3), chamber(b, 5), chamber(c, 4)] }, 7],
      [{ all: [{ any: [chamber(a, 3), chamber(b, 2)] }, chamber(c, 4)] }, 6],
      [{ all: [{ weights: { [a]: 2, [b]: 1 }, total: 5 }, chamber(c, 1)] }, 4],
    ];
    for (const [one, least] of exact) expect([leastSignatures(one, sizes), leastByTrying(one, sizes)]).toEqual([least, least]);
    expect(leastSignatures({ atLeast: 2, of: [chamber(a, 3), { count: 4 }] }, sizes)).toBe(4);
  });

  it('of one operator is met with exactly the least that is shown', () => {
    const simple = fc.oneof(
      fc.record({ count: small }),
      fc.record({ group, count: small }),
      fc.record({ weights: fc.dictionary(group, small, { minKeys: 1 }), total: small }),
    );
    fc.assert(
      fc.property(fc.oneof(simple, fc.record({ any: fc.array(simple, { minLength: 1, maxLength: 3 }) })), counts, (one, sizes) => {
        fc.pre(checkTrigger(one, sizes, 1).ok);
        expect(leastByTrying(one, sizes)).toBe(leastSignatures(one, sizes));
      }),
      { numRuns: 300 },
    );
  });

  it('is judged, whatever it is, without throwing or taking long', () => {
    const sizes: Counts = new Map([[GROUPS[0] as string, 10]]);
    fc.assert(fc.property(fc.anything(), (value) => checkTrigger(value, sizes, 1).ok === true || true));
    let deep: unknown = { count: 1 };
    for (let i = 0; i < 5000; i++) deep = { all: [deep], any: [deep], of: [deep], atLeast: 1 };
    expect(checkTrigger(deep, sizes, 1)).toMatchObject({ ok: false, code: 'BAD_TRIGGER' });
    expect(checkTrigger({ any: new Array(100_000).fill({ count: 1 }) }, sizes, 1)).toMatchObject({ ok: false });
  });
});

/** Tries all ways to sign. */
function leastByTrying(one: Trigger, sizes: Counts): number {
  const [a, b, c] = GROUPS.map((id) => sizes.get(id) ?? 0) as [number, number, number];
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= a; i++)
    for (let j = 0; j <= b; j++)
      for (let k = 0; k <= c; k++)
        if (isTriggerMet(one, new Map(GROUPS.map((id, g) => [id, [i, j, k][g] as number])))) least = Math.min(least, i + j + k);
  return least;
}
