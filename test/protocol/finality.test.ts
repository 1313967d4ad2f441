import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findForkers, lastFinal, signCosignature } from '#lib/protocol/board/cosignature.ts';
import { isUntimely, mayCosign } from '#lib/protocol/board/timeliness.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { lastCosignTime, quorumOf } from '#lib/protocol/statement/statement.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const { context, committee } = createScene('finality', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
const { statement } = context;
const hash = (i: number) => i.toString(16).padStart(64, '0');
const LENGTH = 6;
const hashes = Array.from({ length: LENGTH }, (_, i) => hash(i + 1));
const withCommittee = (n: number, k: number) => ({
  committee: { threshold: k, trustees: new Array(n).fill(statement.committee.trustees[0]) as typeof statement.committee.trustees },
});
const committees = fc.integer({ min: 2, max: 6 }).chain((k) => fc.tuple(fc.integer({ min: 3 * k - 2, max: 16 }), fc.constant(k)));
const vote = (trustee: number, number: number, checkpoint = hash(number)) => ({ trustee, number, checkpoint });
const votes = fc.array(fc.tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: LENGTH }), fc.boolean()), { maxLength: 60 });

describe('finality', () => {
  it('T57: is reached by a quorum that stands at different heads of one chain', () => {
    expect(lastFinal(statement, hashes, [vote(1, 6), vote(2, 4), vote(3, 5)])).toBe(4);
    expect(lastFinal(statement, hashes, [vote(1, 6), vote(2, 4)])).toBe(0);
    expect(lastFinal(statement, hashes, [vote(1, 6), vote(1, 5), vote(1, 4), vote(2, 4)])).toBe(0);
  });

  it('is the last number that a quorum of different trustees has cosigned, or anything after it', () => {
    fc.assert(
      fc.property(committees, votes, ([n, k], cast) => {
        const all = cast
          .filter(([trustee]) => trustee <= n)
          .map(([trustee, number, isForked]) => vote(trustee, number, isForked ? hash(66) : hash(number)));
        const countFrom = (number: number) =>
          new Set(all.filter((one) => one.number >= number && one.checkpoint === hash(one.number)).map((one) => one.trustee)).size;
        const finals = hashes.map((_, i) => i + 1).filter((number) => countFrom(number) >= quorumOf(withCommittee(n, k)));
        expect(lastFinal(withCommittee(n, k), hashes, all)).toBe(Math.max(0, ...finals));
      }),
    );
  });

  it('T39: is never of two different boards, while fewer than k trustees cosign more than one', () => {
    fc.assert(
      fc.property(
        committees,
        votes,
        fc.array(fc.integer({ min: 1, max: 16 }), { maxLength: 5 }),
        fc.nat(LENGTH - 1),
        ([n, k], cast, named, shared) => {
          const rogues = named.slice(0, k - 1);
          // Two boards that are one up to `shared`; an honest trustee stays on the board on which it first cosigned beyond that.
          const fork = hashes.map((one, i) => (i < shared ? one : hash(100 + i)));
          const side = new Map<number, boolean>();
          const all = cast
            .filter(([trustee]) => trustee <= n)
            .map(([trustee, number, isForked]) => {
              const where = rogues.includes(trustee) || number <= shared ? isForked : (side.get(trustee) ?? isForked);
              if (number > shared) side.set(trustee, where);
              return vote(trustee, number, (where ? fork : hashes)[number - 1]);
            });
          const both = [hashes, fork].map((board) => lastFinal(withCommittee(n, k), board, all));
          expect(Math.min(...both)).toBeLessThanOrEqual(shared);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('T30: never goes back when more is cosigned', () => {
    fc.assert(
      fc.property(committees, votes, ([n, k], cast) => {
        const all = cast.filter(([trustee]) => trustee <= n).map(([trustee, number]) => vote(trustee, number));
        const finals = all.map((_, i) => lastFinal(withCommittee(n, k), hashes, all.slice(0, i + 1)));
        expect(finals).toEqual([...finals].sort((a, b) => a - b));
      }),
    );
  });

  it('T23: a trustee that cosigned two boards is named by its own messages', () => {
    const seed = committee.seeds[1] as Uint8Array;
    const two = [hash(66), hash(67)].map((checkpoint) => signCosignature({ context, trustee: 2, seed }, { number: 4, hash: checkpoint }));
    for (const message of two) expect(checkTrusteeMessage(context, message).ok).toBe(true);
    expect(findForkers(hashes, two)).toEqual([2]);
    expect(findForkers(hashes, [vote(2, 4, hash(66)), vote(2, 5)])).toEqual([2]);
    expect(findForkers(hashes, [vote(1, 4), vote(1, 4), vote(3, 5, hash(66)), vote(3, 4)])).toEqual([]);
    expect(findForkers(hashes, [vote(3, 99, hash(66)), vote(3, 6)])).toEqual([]);
  });
});

describe('a trustee that is asked to cosign', () => {
  const { clockSkew } = statement;
  const time = statement.deadline - 5000;
  const sighting = (change: object) => ({ time, firstSeen: time + 10, lastMissed: null, ...change });

  it('T51: waits with a checkpoint of the future', () => {
    expect(mayCosign(statement, sighting({}), time - clockSkew, 0)).toBe(true);
    expect(mayCosign(statement, sighting({}), time - clockSkew - 1, 4)).toBe(false);
  });

  it('T51: cosigns one that was missing 600 s after its date only after k others, and T56: then does', () => {
    const missed = (lastMissed: number) => sighting({ lastMissed, firstSeen: lastMissed + 10 });
    const limit = time + clockSkew + 600;
    expect(isUntimely(statement, missed(limit))).toBe(false);
    expect(isUntimely(statement, missed(limit + 1))).toBe(true);
    expect(mayCosign(statement, missed(limit), limit + 60, 0)).toBe(true);
    for (const [others, may] of [
      [0, false],
      [1, false],
      [2, true],
    ] as const)
      expect(mayCosign(statement, missed(limit + 1), limit + 60, others)).toBe(may);
  });

  it('T56: takes no checkpoint for untimely only because it was away itself', () => {
    expect(isUntimely(statement, sighting({ firstSeen: time + 4000 }))).toBe(false);
  });

  it('T51: takes what it first sees after the last moment for untimely', () => {
    expect(isUntimely(statement, sighting({ firstSeen: lastCosignTime(statement) }))).toBe(false);
    expect(isUntimely(statement, sighting({ firstSeen: lastCosignTime(statement) + 1 }))).toBe(true);
  });
});
