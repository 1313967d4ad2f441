import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkCheckpoint,
  checkNextCheckpoint,
  checkReceipt,
  emptyBoard,
  findEquivocations,
  headOf,
  lastFinal,
  nextCheckpointTime,
  signCheckpoint,
  signCosignature,
  signReceipt,
} from '#lib/protocol/board/board.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { quorumOf, type Statement } from '#lib/protocol/statement/statement.ts';
import { PLATFORM_SEED } from '../support/world.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const { context, committee } = createScene('board test', {
  setup: PLAIN_SETUP,
  threshold: 2,
  size: 4,
  members: [5],
  trigger: { count: 3 },
});
const { statement } = context;
const hash = (i: number) => i.toString(16).padStart(64, '0');
const withCommittee = (n: number, k: number): Statement => ({
  ...statement,
  committee: { threshold: k, trustees: new Array(n).fill(statement.committee.trustees[0]) },
});
const cosigned = (trustee: number, number: number, checkpoint: string) =>
  ({ type: 'cosignature', statement: context.id, trustee, number, checkpoint, signature: '' }) as const;

describe('a receipt', () => {
  const receipt = signReceipt(statement, { statement: context.id, entry: hash(1), action: 'sign' }, 1_800_000_001, PLATFORM_SEED);

  it('T9: is for one entry, which covers the nullifier: two signers cannot be given one receipt', () => {
    expect(checkReceipt(context, hash(1), receipt).ok).toBe(true);
    expect(checkReceipt(context, hash(2), receipt)).toMatchObject({ ok: false, code: 'BAD_RECEIPT' });
  });

  it('T13: promises a time that tells no more of the signing than the schedule of checkpoints, or that it was before the deadline', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_800_000_000, max: 1_800_100_000 }), fc.constantFrom(0, 30, 600, 3600), (now, cadence) => {
        const schedule = { ...statement, cadence, mergeDelay: 7200 };
        const step = Math.max(cadence, 60);
        const accepted = signReceipt(schedule, receipt, now, PLATFORM_SEED).publishBy - 7200;
        expect(accepted % step === 0 || accepted === statement.deadline).toBe(true);
        expect([accepted >= now, accepted < now + step]).toEqual([true, true]);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a board', () => {
  it('T13: is published at whole multiples of its cadence, which tell nothing finer', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(604_800), (now, cadence) => {
        const next = nextCheckpointTime({ ...statement, cadence }, now);
        if (cadence === 0) expect(next).toBe(now);
        else expect([next % cadence, next >= now, next - now < cadence]).toEqual([0, true, true]);
      }),
    );
  });

  it('T13: refuses a checkpoint between two times of the schedule', () => {
    const hourly = { ...context, statement: { ...statement, cadence: 3600, mergeDelay: 7200 } };
    const head = emptyBoard(hash(99));
    const at = (time: number) => checkNextCheckpoint(hourly, head, signCheckpoint(hourly, head, [hash(1)], time, PLATFORM_SEED), [hash(1)]);
    expect(at(1_800_003_600).ok).toBe(true);
    expect(at(1_800_003_601)).toMatchObject({ ok: false, code: 'CHECKPOINT_TIME' });
  });

  it('T9: grows by checkpoints that name the one before: nothing can be dropped, added or exchanged behind them', () => {
    let head = emptyBoard(hash(99));
    const lists = [[hash(1)], [], [hash(2), hash(3)]];
    const checkpoints = lists.map((entries, i) => {
      const checkpoint = signCheckpoint(context, head, entries, 1_800_002_000 + i, PLATFORM_SEED);
      head = headOf(checkpoint);
      return checkpoint;
    });
    let at = emptyBoard(hash(99));
    for (const [i, checkpoint] of checkpoints.entries()) {
      const entries = lists[i] as string[];
      expect(checkNextCheckpoint(context, at, checkpoint, [...entries, hash(7)]).ok).toBe(false);
      if (entries.length > 0) expect(checkNextCheckpoint(context, at, checkpoint, entries.slice(1)).ok).toBe(false);
      for (const other of checkpoints) expect(checkNextCheckpoint(context, at, other, entries).ok).toBe(other === checkpoint);
      at = headOf(checkpoint);
      expect(checkCheckpoint(context, checkpoint).ok).toBe(true);
    }
    expect(checkNextCheckpoint(context, emptyBoard(hash(98)), checkpoints[0] as (typeof checkpoints)[0], [hash(1)])).toMatchObject({
      code: 'CHECKPOINT_CHAIN',
    });
  });
});

describe('finality', () => {
  const votes = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 5 }), fc.boolean()), {
    maxLength: 40,
    selector: ([trustee, number]) => `${trustee}/${number}`,
  });
  const committees = fc.integer({ min: 2, max: 16 }).chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 2, max: n })));
  const hashes = [1, 2, 3, 4, 5].map(hash);

  it('T30: of two different checkpoints of one number at most one is final, unless a trustee signed both and is named', () => {
    fc.assert(
      fc.property(committees, votes, ([n, k], cast) => {
        const all = cast
          .filter(([trustee]) => trustee <= n)
          .map(([trustee, number, isForked]) => cosigned(trustee, number, isForked ? hash(66) : hash(number)));
        const fork = hashes.map(() => hash(66));
        const [here, there] = [lastFinal(withCommittee(n, k), hashes, all), lastFinal(withCommittee(n, k), fork, all)];
        const quorum = quorumOf(withCommittee(n, k));
        const count = (number: number, isForked: boolean) =>
          all.filter((one) => one.number === number && (one.checkpoint === hash(66)) === isForked).length;
        expect(findEquivocations(all)).toEqual([]);
        for (const number of [1, 2, 3, 4, 5]) expect(count(number, true) >= quorum && count(number, false) >= quorum).toBe(false);
        expect(here).toBe(Math.max(0, ...[1, 2, 3, 4, 5].filter((number) => count(number, false) >= quorum)));
        expect(there).toBe(Math.max(0, ...[1, 2, 3, 4, 5].filter((number) => count(number, true) >= quorum)));
      }),
    );
  });

  it('T30: never goes back when more is cosigned', () => {
    fc.assert(
      fc.property(committees, votes, ([n, k], cast) => {
        const all = cast.filter(([trustee]) => trustee <= n).map(([trustee, number]) => cosigned(trustee, number, hash(number)));
        const finals = all.map((_, i) => lastFinal(withCommittee(n, k), hashes, all.slice(0, i + 1)));
        expect(finals).toEqual([...finals].sort((a, b) => a - b));
      }),
    );
  });

  it('T23: a trustee that cosigned two checkpoints of one number is named by its own two messages', () => {
    const seed = committee.seeds[1] as Uint8Array;
    const two = [hash(1), hash(2)].map((checkpoint) => signCosignature(context, 2, { number: 4, hash: checkpoint, time: 0 }, seed));
    for (const message of two) expect(checkTrusteeMessage(context, message).ok).toBe(true);
    expect(findEquivocations(two)).toEqual([2]);
    expect(findEquivocations([two[0], two[0], cosigned(1, 4, hash(2)), cosigned(2, 5, hash(2))] as typeof two)).toEqual([]);
  });
});
