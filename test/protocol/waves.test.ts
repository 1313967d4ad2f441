import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '#lib/protocol/board/signature.ts';
import { createIdentity, nullifierOf } from '#lib/protocol/member/credential.ts';
import { formatField, toField } from '#lib/protocol/numbers/field.ts';
import { admitEntry, closeCheckpoint, createTally, liveCounts, sortNullifiers } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { isTriggerMet, type Trigger } from '#lib/protocol/statement/trigger.ts';
import { seeded } from '../circuits/signer.ts';

const GROUPS = ['a0'.repeat(32), 'b1'.repeat(32)] as const;
type Line = { nullifier: string; hash: string; action: 'sign' | 'withdraw'; group: string; minimum: number };

const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  fc.record({ count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ group: fc.constantFrom(...GROUPS), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    all: fc.tuple(
      fc.record({ count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ group: fc.constantFrom(...GROUPS), count: fc.constantFrom(1, 2) }),
    ),
  }) as fc.Arbitrary<Trigger>,
);

/** What happens, one thing after the other: somebody signs, withdraws, or a checkpoint is closed. */
const events = fc
  .array(
    fc.tuple(fc.nat(7), fc.constantFrom('sign', 'sign', 'sign', 'withdraw', 'close', 'close'), fc.nat(1), fc.integer({ min: 1, max: 7 })),
    { maxLength: 30 },
  )
  .map((all) => {
    const [signed, withdrawn] = [new Map<number, Line>(), new Set<number>()];
    const checkpoints: Line[][] = [[]];
    for (const [who, what, group, minimum] of all) {
      const last = checkpoints.at(-1) as Line[];
      if (what === 'close') checkpoints.push([]);
      else if (what === 'sign' && !signed.has(who)) {
        const line: Line = { nullifier: String(100 + who), hash: `s${who}`, action: 'sign', group: GROUPS[group] as string, minimum };
        signed.set(who, line);
        last.push(line);
      } else if (what === 'withdraw' && signed.has(who) && !withdrawn.has(who)) {
        withdrawn.add(who);
        last.push({ ...(signed.get(who) as Line), hash: `w${who}`, action: 'withdraw' });
      }
    }
    return checkpoints;
  });

const toEntry = (line: Line): Entry =>
  ({
    nullifier: line.nullifier,
    said:
      line.action === 'sign'
        ? { action: 'sign', group: line.group, ...(line.minimum > 1 ? { minimum: line.minimum } : {}) }
        : { action: 'withdraw', group: line.group, withdraws: line.hash.replace('w', 's') },
  }) as Entry;

function run(one: Trigger, checkpoints: readonly (readonly Line[])[]): (string[] | null)[] {
  const tally = createTally();
  const context = { statement: { trigger: one } } as StatementContext;
  return checkpoints.map((lines) => {
    for (const line of lines) if (!admitEntry(tally, toEntry(line), line.hash).ok) throw new Error('not admitted');
    return closeCheckpoint(context, tally);
  });
}

/** The definition of SPEC §10.1, word for word: the largest of all subsets. */
function runByDefinition(one: Trigger, checkpoints: readonly (readonly Line[])[]): (string[] | null)[] {
  const seen: Line[] = [];
  const opened = new Set<string>();
  return checkpoints.map((lines) => {
    seen.push(...lines);
    const withdrawn = new Set(seen.filter((line) => line.action === 'withdraw').map((line) => line.nullifier));
    const signatures = seen.filter((line) => line.action === 'sign');
    const free = signatures.filter((line) => !opened.has(line.nullifier) && !withdrawn.has(line.nullifier));
    const fixed = signatures.filter((line) => opened.has(line.nullifier));
    const subsets = Array.from({ length: 2 ** free.length }, (_, bits) => free.filter((_, i) => (bits >> i) & 1));
    const allowed = subsets.filter((some) => some.every((line) => line.minimum <= some.length + fixed.length));
    const largest = allowed.reduce((best, some) => (some.length > best.length ? some : best), [] as Line[]);
    const counts = new Map<string, number>();
    for (const { group } of [...fixed, ...largest]) counts.set(group, (counts.get(group) ?? 0) + 1);
    if (largest.length === 0 || !isTriggerMet(one, counts)) return null;
    for (const { nullifier } of largest) opened.add(nullifier);
    return sortNullifiers(largest.map((line) => line.nullifier));
  });
}

describe('waves', () => {
  it('are what the definition says: the largest of all subsets in which every minimum is met', () => {
    fc.assert(
      fc.property(trigger, events, (one, checkpoints) => {
        expect(run(one, checkpoints)).toEqual(runByDefinition(one, checkpoints));
      }),
      { numRuns: 600 },
    );
  });

  it('T30: are irrevocable and disjoint, and a withdrawal after its wave changes none of them', () => {
    fc.assert(
      fc.property(trigger, events, (one, checkpoints) => {
        const waves = run(one, checkpoints);
        const opened = waves.flatMap((wave) => wave ?? []);
        expect(new Set(opened).size).toBe(opened.length);
        const place = (nullifier: string) => waves.findIndex((wave) => wave?.includes(nullifier));
        const withoutLate = checkpoints.map((lines, i) =>
          lines.filter((line) => line.action === 'sign' || place(line.nullifier) < 0 || place(line.nullifier) >= i),
        );
        expect(run(one, withoutLate)).toEqual(waves);
      }),
      { numRuns: 300 },
    );
  });

  it('T30: are the same for a trustee that reads the whole board at once and for one that was there from the start', () => {
    fc.assert(
      fc.property(trigger, events, fc.nat(20), (one, checkpoints, cut) => {
        const early = run(one, checkpoints.slice(0, cut));
        expect(run(one, checkpoints).slice(0, early.length)).toEqual(early);
      }),
      { numRuns: 200 },
    );
  });

  it('T10: never open a signature that is withdrawn before, below its minimum, or without the trigger', () => {
    fc.assert(
      fc.property(trigger, events, (one, checkpoints) => {
        const counts = new Map<string, number>();
        let total = 0;
        const lines = checkpoints.flat();
        run(one, checkpoints).forEach((wave, i) => {
          if (!wave) return;
          total += wave.length;
          const before = checkpoints.slice(0, i + 1).flat();
          for (const nullifier of wave) {
            const signed = lines.find((line) => line.nullifier === nullifier && line.action === 'sign') as Line;
            counts.set(signed.group, (counts.get(signed.group) ?? 0) + 1);
            expect(before).toContain(signed);
            expect(before.some((line) => line.nullifier === nullifier && line.action === 'withdraw')).toBe(false);
            expect(signed.minimum).toBeLessThanOrEqual(total);
          }
          expect(isTriggerMet(one, counts)).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('are counted as they come: what pages show is the number of live and opened signatures', () => {
    fc.assert(
      fc.property(events, (checkpoints) => {
        const tally = createTally();
        for (const line of checkpoints.flat()) admitEntry(tally, toEntry(line), line.hash);
        const withdrawn = checkpoints.flat().filter((line) => line.action === 'withdraw').length;
        const signed = checkpoints.flat().length - withdrawn;
        expect([...liveCounts(tally).values()].reduce((sum, count) => sum + count, 0)).toBe(signed - withdrawn);
      }),
    );
  });

  it('T7: take one signature for each nullifier and one withdrawal after it', () => {
    const tally = createTally();
    const line: Line = { nullifier: '7', hash: 's', action: 'sign', group: GROUPS[0], minimum: 1 };
    const withdrawal = toEntry({ ...line, hash: 'w', action: 'withdraw' });
    expect(admitEntry(tally, withdrawal, 'w')).toMatchObject({ code: 'NOTHING_TO_WITHDRAW' });
    expect(admitEntry(tally, toEntry(line), 's').ok).toBe(true);
    expect(admitEntry(tally, toEntry(line), 's')).toMatchObject({ code: 'ALREADY_SIGNED' });
    expect(admitEntry(tally, withdrawal, 'w').ok).toBe(true);
    expect(admitEntry(tally, withdrawal, 'w')).toMatchObject({ code: 'ALREADY_WITHDRAWN' });
    expect(admitEntry(tally, toEntry(line), 's2')).toMatchObject({ code: 'ALREADY_SIGNED' });
  });

  it('T4: count a person once who signs in two groups with one identity', () => {
    const identity = createIdentity(seeded('member of two groups'));
    const nullifier = formatField(nullifierOf(identity, toField(5n)));
    const sign = (group: string): Line => ({ nullifier, hash: group, action: 'sign', group, minimum: 1 });
    const tally = createTally();
    expect(admitEntry(tally, toEntry(sign(GROUPS[0])), 'a').ok).toBe(true);
    expect(admitEntry(tally, toEntry(sign(GROUPS[1])), 'b')).toMatchObject({ code: 'ALREADY_SIGNED' });
    expect([...liveCounts(tally)].filter(([, count]) => count > 0)).toEqual([[GROUPS[0], 1]]);
  });

  it('stand in the order of numbers, not of texts', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 254n })), (numbers) => {
        const sorted = [...numbers].sort((a, b) => (a < b ? -1 : Number(a > b)));
        expect(sortNullifiers(numbers.map(String))).toEqual(sorted.map(String));
      }),
    );
  });
});
