import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counts, checkTrigger, isTriggerMet, type Trigger } from '#lib/protocol/statement/trigger.ts';
import { judgeParts, type PartNote, partsOf } from '#lib/signing/trigger-parts.ts';

const GROUPS = ['a0', 'b1', 'c2'].map((byte) => byte.repeat(32)) as [string, string, string];
const [A, B, C] = GROUPS;
const nameOf = (group: string) => ({ [A]: 'Staff', [B]: 'Team leads', [C]: 'Board' })[group] ?? 'nobody';
const sizes: Counts = new Map([
  [A, 120],
  [B, 12],
  [C, 4],
]);
const judge = (trigger: Trigger, together = 1) => judgeParts(trigger, { sizes, together, nameOf });
const say = (trigger: Trigger, together?: number) => judge(trigger, together).map(({ path, text }) => `${path.join('.')}: ${text}`);

const small = fc.integer({ min: 1, max: 4 });
const group = fc.constantFrom(...GROUPS);
const trigger = fc.letrec<{ any: Trigger }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({ count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ group, count: small }),
    fc.record({ weights: fc.dictionary(group, small, { minKeys: 1, maxKeys: 3 }), total: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ all: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ atLeast: fc.integer({ min: 1, max: 3 }), of: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
  ),
})).any;
const counts = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)).map((all): Counts => new Map(GROUPS.map((id, i) => [id, all[i] as number])));

describe('the parts of a condition', () => {
  it('are told to be out of reach exactly where the protocol refuses the condition', () => {
    fc.assert(
      fc.property(trigger, counts, small, (one, members, together) => {
        const never = judgeParts(one, { sizes: members, together, nameOf }).some(({ kind }) => kind === 'never');
        expect(never).toBe(!checkTrigger(one, members, together).ok);
      }),
      { numRuns: 2000 },
    );
  });

  it('that are told to add nothing can all be left out, and the condition holds for the same signatures', () => {
    fc.assert(
      fc.property(trigger, counts, (one, members) => {
        const notes = judgeParts(one, { sizes: members, together: 1, nameOf });
        fc.pre(notes.some(({ kind }) => kind === 'idle') && !notes.some(({ kind }) => kind === 'never'));
        const without = leaveOut(one, notes);
        for (const signed of listWithin(members)) expect(isTriggerMet(without, signed)).toBe(isTriggerMet(one, signed));
      }),
      { numRuns: 400 },
    );
  });

  it('T69: are compared once each, however many ways lead to the same two', () => {
    const groups = Array.from({ length: 48 }, (_, i) => i.toString(16).padStart(64, '0'));
    let compared = 0;
    class Counted extends Map<string, number> {
      override [Symbol.iterator]() {
        compared += 1;
        return super[Symbol.iterator]();
      }
    }
    const members = new Counted(groups.map((id) => [id, 100]));
    const nest = (depth: number, own: readonly string[]): Trigger =>
      depth === 0 ? { any: own.map((id) => ({ group: id, count: 5 })) } : { any: [nest(depth - 1, own)] };
    const condition = { all: [nest(5, groups.slice(0, 24)), nest(5, groups.slice(24))] };
    expect(checkTrigger(condition, members, 3).ok).toBe(true);
    judgeParts(condition, { sizes: members, together: 3, nameOf });
    expect(compared).toBeLessThan(20_000); // a million without what was found before
  });

  it('that ask for more than there are say how many there are', () => {
    expect(say({ any: [{ group: B, count: 13 }, { count: 137 }, { weights: { [A]: 1, [C]: 5 }, total: 141 }] })).toEqual([
      '0: “Team leads” has 12 members, so 13 of them can never sign.',
      '1: The groups you chose have 136 members in all, so 137 can never sign.',
      '2: If everybody signs, the signatures weigh 140, so 141 is never reached.',
    ]);
    expect(say({ group: 'd3'.repeat(32), count: 1 })).toEqual([': “nobody” is not one of the groups of this statement.']);
    expect(say({ weights: { [A]: 1, ['d3'.repeat(32)]: 1 }, total: 1 })).toEqual([
      ': “nobody” is not one of the groups of this statement.',
    ]);
    expect(
      say({
        atLeast: 3,
        of: [
          { group: A, count: 1 },
          { group: B, count: 1 },
        ],
      }),
    ).toEqual([': There are 2 parts here, so 3 of them can never hold.']);
  });

  it('that only names which never open could meet are told, and so is a number below what opens at a time', () => {
    expect(
      say(
        {
          all: [
            { group: A, count: 2 },
            { group: C, count: 1 },
          ],
        },
        5,
      ),
    ).toEqual([
      '0: Names of a group open 5 or more at a time, so it takes 5 of “Staff” and not 2.',
      '1: “Board” has 4 members, and names of a group open 5 or more at a time: none of its names can ever open.',
    ]);
    expect(say({ count: 133 }, 5)).toEqual([expect.stringMatching(/have 132 members: that is not enough/)]);
  });

  it('that others ask for already add nothing, once and not twice where two are the same', () => {
    const idle = (trigger: Trigger) => judge(trigger).map(({ kind, path }) => `${kind} ${path.join('.')}`);
    expect(idle({ all: [{ group: A, count: 10 }, { count: 5 }] })).toEqual(['idle 1']);
    expect(idle({ any: [{ group: A, count: 10 }, { count: 5 }] })).toEqual(['idle 0']);
    expect(idle({ any: [{ count: 5 }, { count: 5 }] })).toEqual(['idle 1']);
    expect(
      idle({
        all: [
          { count: 60 },
          {
            any: [
              { group: A, count: 100 },
              { group: B, count: 10 },
            ],
          },
        ],
      }),
    ).toEqual([]);
    // All but 16 people are staff.
    expect(idle({ all: [{ count: 30 }, { group: A, count: 14 }] })).toEqual(['idle 1']);
  });

  it('of the three examples everybody gives are all sound', () => {
    const of = (count: number) => GROUPS.map((id) => ({ group: id, count }));
    expect(judge({ all: of(4) })).toEqual([]);
    expect(
      judge({
        any: [
          { group: A, count: 100 },
          { group: B, count: 10 },
        ],
      }),
    ).toEqual([]);
    expect(judge({ atLeast: 2, of: of(4) })).toEqual([]);
  });
});

/** The same without the parts that add nothing. */
function leaveOut(trigger: Trigger, notes: readonly PartNote[], path: readonly number[] = []): Trigger {
  const idle = notes.filter(({ kind }) => kind === 'idle').map((note) => note.path.join('.'));
  const parts = partsOf(trigger).flatMap((part, i) => (idle.includes([...path, i].join('.')) ? [] : [leaveOut(part, notes, [...path, i])]));
  if ('all' in trigger) return { all: parts };
  if ('any' in trigger) return { any: parts };
  if (!('of' in trigger)) return trigger;
  return trigger.atLeast === 1 ? { any: parts } : { atLeast: Math.min(trigger.atLeast, parts.length), of: parts };
}

function listWithin(members: Counts): Counts[] {
  return GROUPS.reduce<Counts[]>(
    (list, id) => list.flatMap((some) => Array.from({ length: (members.get(id) ?? 0) + 1 }, (_, n) => new Map(some).set(id, n))),
    [new Map()],
  );
}
