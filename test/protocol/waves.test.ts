import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createIdentity, nullifierOf } from '#lib/protocol/member/credential.ts';
import { formatField, toField } from '#lib/protocol/numbers/field.ts';
import { admitEntry, closeCheckpoint, compareNullifiers, createWaveTally, liveCounts, type WaveGroup } from '#lib/protocol/reveal/waves.ts';
import { isTriggerMet, type Trigger } from '#lib/protocol/statement/trigger.ts';
import { seeded } from '../circuits/signer.ts';

const GROUPS = ['a0'.repeat(32), 'b1'.repeat(32)] as const;
type Line = { nullifier: string; hash: string; action: 'sign' | 'withdraw'; group: string; minimum: number };
type Board = readonly (readonly Line[])[];
type Rule = { trigger: Trigger; together: number };

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
const rule: fc.Arbitrary<Rule> = fc.record({ trigger, together: fc.integer({ min: 1, max: 4 }) });

/** What happens, one thing after the other: somebody signs, withdraws, or a checkpoint is closed. */
const board: fc.Arbitrary<Board> = fc
  .array(
    fc.tuple(fc.nat(7), fc.constantFrom('sign', 'sign', 'sign', 'withdraw', 'close', 'close'), fc.nat(1), fc.integer({ min: 1, max: 7 })),
    { maxLength: 30 },
  )
  .map((events) => {
    const [signed, withdrawn] = [new Map<number, Line>(), new Set<number>()];
    const checkpoints: Line[][] = [[]];
    for (const [who, what, group, minimum] of events) {
      const last = checkpoints.at(-1) as Line[];
      if (what === 'close') checkpoints.push([]);
      else if (what === 'sign' && !signed.has(who)) {
        const line: Line = { nullifier: String(100 - 13 * who), hash: `s${who}`, action: 'sign', group: GROUPS[group] as string, minimum };
        signed.set(who, line);
        last.push(line);
      } else if (what === 'withdraw' && signed.has(who) && !withdrawn.has(who)) {
        withdrawn.add(who);
        last.push({ ...(signed.get(who) as Line), hash: `w${who}`, action: 'withdraw' });
      }
    }
    return checkpoints;
  });

const toEntry = ({ nullifier, action, group, minimum }: Line) => ({
  nullifier,
  said: { action, group, ...(action === 'sign' && minimum > 1 ? { minimum } : {}) },
});

function run(one: Rule, checkpoints: Board): (WaveGroup[] | null)[] {
  const tally = createWaveTally();
  return checkpoints.map((lines) => {
    for (const line of lines) if (!admitEntry(tally, toEntry(line), line.hash).ok) throw new Error('not admitted');
    return closeCheckpoint(one, tally);
  });
}

const countByGroup = (lines: readonly Line[]) =>
  new Map(GROUPS.map((group) => [group, lines.filter((line) => line.group === group).length]));

/** The definition of SPEC §10.1, word for word: among all subsets that keep both rules, the largest. */
function runByDefinition({ trigger: one, together }: Rule, checkpoints: Board): { wave: WaveGroup[] | null; largest: number }[] {
  const seen: Line[] = [];
  const opened = new Set<string>();
  return checkpoints.map((lines) => {
    seen.push(...lines);
    const withdrawn = new Set(seen.filter((line) => line.action === 'withdraw').map((line) => line.nullifier));
    const signatures = seen.filter((line) => line.action === 'sign');
    const free = signatures.filter((line) => !opened.has(line.nullifier) && !withdrawn.has(line.nullifier));
    const fixed = signatures.filter((line) => opened.has(line.nullifier));
    const subsets = Array.from({ length: 2 ** free.length }, (_, bits) => free.filter((_, i) => (bits >> i) & 1));
    const allowed = subsets.filter(
      (some) =>
        some.every((line) => line.minimum <= some.length + fixed.length) &&
        [...countByGroup(some).values()].every((count) => count === 0 || count >= together),
    );
    const most = Math.max(...allowed.map((some) => some.length));
    const largest = allowed.filter((some) => some.length === most);
    const wave = largest[0] as Line[];
    if (wave.length === 0 || !isTriggerMet(one, countByGroup([...fixed, ...wave]))) return { wave: null, largest: largest.length };
    for (const { nullifier } of wave) opened.add(nullifier);
    const groups = GROUPS.map((group) => ({
      group,
      entries: wave
        .filter((line) => line.group === group)
        .sort((a, b) => Number(a.nullifier) - Number(b.nullifier))
        .map((line) => line.hash),
    })).filter(({ entries }) => entries.length > 0);
    return { wave: groups, largest: largest.length };
  });
}

const hashesOf = (wave: WaveGroup[] | null) => wave?.flatMap(({ entries }) => entries) ?? [];

describe('waves', () => {
  it('T41: are what the definition says, and the largest of all allowed subsets is the only one of its size', () => {
    fc.assert(
      fc.property(rule, board, (one, checkpoints) => {
        const defined = runByDefinition(one, checkpoints);
        expect(run(one, checkpoints)).toEqual(defined.map(({ wave }) => wave));
        expect(defined.every(({ largest }) => largest === 1)).toBe(true);
      }),
      { numRuns: 4_000 },
    );
  });

  it('T40: open of each group nobody or at least `together`, whatever is delayed, withdrawn or asked for', () => {
    fc.assert(
      fc.property(rule, board, (one, checkpoints) => {
        for (const wave of run(one, checkpoints))
          for (const { entries } of wave ?? []) expect(entries.length).toBeGreaterThanOrEqual(one.together);
      }),
      { numRuns: 2_000 },
    );
  });

  it('T30: are irrevocable and disjoint, and a withdrawal after its wave changes none of them', () => {
    fc.assert(
      fc.property(rule, board, (one, checkpoints) => {
        const waves = run(one, checkpoints);
        const opened = waves.flatMap(hashesOf);
        expect(new Set(opened).size).toBe(opened.length);
        const place = (line: Line) => waves.findIndex((wave) => hashesOf(wave).includes(line.hash.replace('w', 's')));
        const withoutLate = checkpoints.map((lines, i) =>
          lines.filter((line) => line.action === 'sign' || place(line) < 0 || place(line) >= i),
        );
        expect(run(one, withoutLate)).toEqual(waves);
      }),
      { numRuns: 300 },
    );
  });

  it('T30: are the same for a trustee that reads the whole board at once and for one that was there from the start', () => {
    fc.assert(
      fc.property(rule, board, fc.nat(20), (one, checkpoints, cut) => {
        const early = run(one, checkpoints.slice(0, cut));
        expect(run(one, checkpoints).slice(0, early.length)).toEqual(early);
      }),
      { numRuns: 200 },
    );
  });

  it('T10: never open a signature that is withdrawn before, below its minimum, or without the trigger', () => {
    fc.assert(
      fc.property(rule, board, (one, checkpoints) => {
        const opened: Line[] = [];
        run(one, checkpoints).forEach((wave, i) => {
          if (!wave) return;
          const before = checkpoints.slice(0, i + 1).flat();
          const lines = hashesOf(wave).map((hash) => before.find((line) => line.hash === hash) as Line);
          opened.push(...lines);
          for (const line of lines) {
            expect(before.some(({ nullifier, action }) => nullifier === line.nullifier && action === 'withdraw')).toBe(false);
            expect(line.minimum).toBeLessThanOrEqual(opened.length);
          }
          expect(isTriggerMet(one.trigger, countByGroup(opened))).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('are counted as they come: what pages show is the number of live and opened signatures', () => {
    fc.assert(
      fc.property(board, (checkpoints) => {
        const tally = createWaveTally();
        for (const line of checkpoints.flat()) admitEntry(tally, toEntry(line), line.hash);
        const withdrawn = checkpoints.flat().filter((line) => line.action === 'withdraw').length;
        const signed = checkpoints.flat().length - withdrawn;
        expect([...liveCounts(tally).values()].reduce((sum, count) => sum + count, 0)).toBe(signed - withdrawn);
      }),
    );
  });

  it('T66: are found without sorting or counting anew what waits, however many checkpoints, waves and different minima there are', () => {
    const signers = 400;
    const original = Array.prototype.sort;
    for (const minimumAt of [() => 1, (i: number) => i + 2, (i: number) => 10_000 + i]) {
      let sorted = 0;
      const sort = vi.spyOn(Array.prototype, 'sort').mockImplementation(function (this: unknown[], by) {
        sorted += this.length;
        return original.call(this, by);
      });
      const waves = run(
        { trigger: { count: 2 }, together: 1 },
        Array.from({ length: signers }, (_, i) => [
          { nullifier: String(i), hash: `s${i}`, action: 'sign', group: GROUPS[0], minimum: minimumAt(i) },
        ]),
      );
      sort.mockRestore();
      const opened = waves.flatMap(hashesOf);
      expect(opened).toHaveLength(minimumAt(0) === 1 ? signers : 0);
      expect(sorted).toBeLessThanOrEqual(2 * opened.length);
    }
  });

  it('T7: take one signature for each nullifier and one withdrawal after it, in its group', () => {
    const tally = createWaveTally();
    const line: Line = { nullifier: '7', hash: 's', action: 'sign', group: GROUPS[0], minimum: 1 };
    const withdrawal = toEntry({ ...line, action: 'withdraw' });
    expect(admitEntry(tally, withdrawal, 'w')).toMatchObject({ code: 'NOTHING_TO_WITHDRAW' });
    expect(admitEntry(tally, toEntry(line), 's').ok).toBe(true);
    expect(admitEntry(tally, toEntry(line), 's')).toMatchObject({ code: 'ALREADY_SIGNED' });
    expect(admitEntry(tally, toEntry({ ...line, action: 'withdraw', group: GROUPS[1] }), 'w')).toMatchObject({
      code: 'NOTHING_TO_WITHDRAW',
    });
    expect(admitEntry(tally, withdrawal, 'w').ok).toBe(true);
    expect(admitEntry(tally, withdrawal, 'w')).toMatchObject({ code: 'ALREADY_WITHDRAWN' });
    expect(admitEntry(tally, toEntry(line), 's2')).toMatchObject({ code: 'ALREADY_SIGNED' });
  });

  it('T4: count a person once who signs in two groups with one identity', () => {
    const identity = createIdentity(seeded('member of two groups'));
    const nullifier = formatField(nullifierOf(identity, toField(5n)));
    const sign = (group: string): Line => ({ nullifier, hash: group, action: 'sign', group, minimum: 1 });
    const tally = createWaveTally();
    expect(admitEntry(tally, toEntry(sign(GROUPS[0])), 'a').ok).toBe(true);
    expect(admitEntry(tally, toEntry(sign(GROUPS[1])), 'b')).toMatchObject({ code: 'ALREADY_SIGNED' });
    expect([...liveCounts(tally)].filter(([, count]) => count > 0)).toEqual([[GROUPS[0], 1]]);
  });

  it('stand in the order of numbers, not of texts', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 254n })), (numbers) => {
        const sorted = [...numbers].sort((a, b) => (a < b ? -1 : Number(a > b)));
        expect(numbers.map(String).sort(compareNullifiers)).toEqual(sorted.map(String));
      }),
    );
  });
});
