import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckpointFacts } from '#lib/protocol/board/reader.ts';
import { admitEntry, closeCheckpoint, createWaveTally, liveCounts, type WaveRule } from '#lib/protocol/reveal/waves.ts';
import { isInTime } from '#lib/signing/check-receipt.ts';
import { findCovering, type Listing } from '#lib/signing/read-board.ts';

const [A, B] = ['a0'.repeat(32), 'b1'.repeat(32)] as const;
/** Who does what; `close` publishes a checkpoint with what came since the one before. */
type Act = { who: number; group: string; minimum: number; does: 'sign' | 'withdraw' } | 'close';

/** What became of a board: where each withdrawal stands, who was opened in which checkpoint, and the first checkpoint with enough. */
type Outcome = { withdrawn: Map<number, Listing>; opened: Map<number, number>; covering: Listing | null; refused: number };

function play(rule: WaveRule, acts: readonly Act[]): Outcome {
  const tally = createWaveTally();
  const outcome: Outcome = { withdrawn: new Map(), opened: new Map(), covering: null, refused: 0 };
  let [number, batch]: [number, Exclude<Act, 'close'>[]] = [0, []];
  for (const act of acts) {
    if (act !== 'close') {
      batch.push(act);
      continue;
    }
    number++;
    // In one checkpoint signatures come before withdrawals. SPEC §9.3.10
    for (const { who, group, minimum, does } of [...batch].sort((a, b) => Number(a.does === 'withdraw') - Number(b.does === 'withdraw'))) {
      const said = does === 'sign' ? { action: does, group, minimum } : { action: does, group };
      if (!admitEntry(tally, { nullifier: String(who), said }, `${who}`).ok) outcome.refused++;
      else if (does === 'withdraw') outcome.withdrawn.set(who, { checkpoint: number, time: number });
    }
    batch = [];
    for (const hash of closeCheckpoint(rule, tally)?.flatMap(({ entries }) => entries) ?? []) outcome.opened.set(Number(hash), number);
    const live = [...liveCounts(tally)].map(([group, count]) => ({ group, count }));
    const facts = { checkpoint: { number, time: number, live } } as unknown as CheckpointFacts;
    outcome.covering = findCovering({ statement: rule } as unknown as Parameters<typeof findCovering>[0], facts, outcome.covering);
  }
  return outcome;
}

function* ordersOf<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) for (const rest of ordersOf(items.toSpliced(i, 1))) yield [item, ...rest];
}

const RULES: readonly WaveRule[] = [
  { trigger: { count: 2 }, together: 1 },
  { trigger: { count: 2 }, together: 2 },
  {
    trigger: {
      any: [
        { group: A, count: 2 },
        { group: B, count: 1 },
      ],
    },
    together: 1,
  },
  {
    trigger: {
      all: [
        { group: A, count: 1 },
        { group: B, count: 1 },
      ],
    },
    together: 1,
  },
];
const sign = (who: number, group: string, minimum = 1): Act => ({ who, group, minimum, does: 'sign' });
const withdraw = (who: number, group: string): Act => ({ who, group, minimum: 1, does: 'withdraw' });

describe('taking a signature back', () => {
  it('T30: in every order of signing, withdrawing, checkpoints, trigger and wave, a name opens or its withdrawal counts, never both', () => {
    let orders = 0;
    for (const acts of ordersOf([sign(1, A), sign(2, A), sign(3, B), withdraw(1, A), 'close', 'close', 'close'] as Act[]))
      for (const rule of RULES) {
        const { withdrawn, opened, covering } = play(rule, acts);
        orders++;
        const [listing, wave] = [withdrawn.get(1), opened.get(1)];
        // It opened: then the withdrawal, if there is one, stands in a later checkpoint than the wave, and was not promised to be in time.
        if (wave !== undefined && listing !== undefined) {
          expect(listing.checkpoint).toBeGreaterThan(wave);
          expect(isInTime(listing, covering)).toBe(false);
        }
        // It was taken back in time: then it never opens, whatever comes after.
        if (listing !== undefined && isInTime(listing, covering)) expect(wave).toBeUndefined();
        if (covering === null) expect(opened.size).toBe(0);
      }
    expect(orders).toBe(5040 * RULES.length);
  });

  it('T30: is final in every order: nobody signs again, nobody takes back twice, nor what was never signed', () => {
    for (const acts of ordersOf([sign(1, A), withdraw(1, A), sign(1, A), withdraw(1, A), 'close', 'close'] as Act[])) {
      const { withdrawn, refused } = play({ trigger: { count: 9 }, together: 1 }, [...acts, 'close']);
      // Of four, the first signature counts and then the first withdrawal after it, if one comes after it.
      expect(refused).toBe(withdrawn.has(1) ? 2 : 3);
      expect(acts.filter((act) => act !== 'close')).toHaveLength(4);
    }
  });

  it('is promised to be in time only where no wave of an earlier checkpoint can hold the name, whoever else waits for more', () => {
    const act = fc.oneof(
      fc.constant<Act>('close'),
      fc.record({
        who: fc.nat(5),
        group: fc.constantFrom<string>(A, B),
        minimum: fc.integer({ min: 1, max: 5 }),
        does: fc.constantFrom<'sign' | 'withdraw'>('sign', 'sign', 'withdraw'),
      }),
    );
    const rule = fc.tuple(fc.constantFrom(...RULES), fc.integer({ min: 1, max: 3 })).map(([one, together]) => ({ ...one, together }));
    fc.assert(
      fc.property(rule, fc.array(act, { maxLength: 24 }), (one, acts) => {
        const { withdrawn, opened, covering } = play(one, [...acts, 'close']);
        for (const [who, listing] of withdrawn) if (isInTime(listing, covering)) expect(opened.has(who)).toBe(false);
        for (const wave of opened.values()) expect(wave).toBeGreaterThanOrEqual(covering?.checkpoint ?? Number.POSITIVE_INFINITY);
      }),
      { numRuns: 2000 },
    );
  });
});
