// SPEC §10.1: waves
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { admitEntry, closeCheckpoint, createWaveTally, liveCounts, type WaveRule } from '#lib/protocol/reveal/waves.ts';
import type { Case, Chapter, Outcome } from './chapter.ts';

const [A, B] = ['a0'.repeat(32), 'b1'.repeat(32)] as [Hex32, Hex32];

/** As much of an entry as the count looks at: `hash` stands for the entry hash. */
type Line = { hash: Hex32; nullifier: string; said: { action: 'sign' | 'withdraw'; group: Hex32; minimum?: number } };
const hash = (i: number) => i.toString(16).padStart(2, '0').repeat(32);
const sign = (nullifier: number, group = A, minimum?: number): Line => ({
  hash: hash(nullifier),
  nullifier: String(nullifier),
  said: { action: 'sign', group, ...(minimum ? { minimum } : {}) },
});
const withdraw = (nullifier: number, group = A): Line => ({
  hash: hash(nullifier + 128),
  nullifier: String(nullifier),
  said: { action: 'withdraw', group },
});

function count(rule: WaveRule, checkpoints: Line[][]): Outcome {
  const tally = createWaveTally();
  const output: Json[] = [];
  for (const lines of checkpoints) {
    for (const line of lines) {
      const admitted = admitEntry(tally, line, line.hash);
      if (!admitted.ok) return { expect: admitted.code };
    }
    const live = [A, B].map((group) => liveCounts(tally).get(group) ?? 0);
    output.push({ live, wave: closeCheckpoint(rule, tally) ?? [] });
  }
  return { expect: 'ok', output };
}

const three: WaveRule = { trigger: { count: 3 }, together: 1 };
const threeTogether: WaveRule = { trigger: { count: 3 }, together: 3 };
const counted = (name: string, expect: string, rule: WaveRule, checkpoints: Line[][]): Case => ({
  name,
  input: { rule, checkpoints } as unknown as Json,
  expect,
});

export const waves: Chapter = {
  file: 'waves.json',
  section: '10.1',
  operations: {
    waves: {
      about:
        'the entries of input.checkpoints are taken as they stand there; §9.3, 10 wants signatures first, and this operation does not sort. Output is, for each checkpoint, the live counts of the two groups and what opens there by group, or the failure of an entry. hash stands for the entry hash',
      replay: ({ rule, checkpoints }) => count(rule, checkpoints),
      cases: [
        counted('nothing', 'ok', three, [[], []]),
        counted('below the trigger', 'ok', three, [[sign(1), sign(2)]]),
        counted('at the trigger, in one checkpoint', 'ok', three, [[sign(1), sign(2), sign(3)]]),
        counted('ascending as numbers', 'ok', three, [[sign(9), sign(10), sign(100)]]),
        counted('over two checkpoints, and later ones open at once', 'ok', three, [[sign(1), sign(2)], [sign(3)], [], [sign(4)]]),
        counted('a withdrawal before the trigger', 'ok', three, [[sign(1), sign(2)], [withdraw(1), sign(3)], [sign(4)]]),
        counted('a withdrawal in the same checkpoint', 'ok', three, [[sign(1), sign(2), sign(3), withdraw(1)], [sign(4)]]),
        counted('T30: a withdrawal after the wave changes nothing', 'ok', three, [[sign(1), sign(2), sign(3)], [withdraw(1)], [sign(4)]]),
        counted('a minimum that is met', 'ok', three, [[sign(1, A, 3), sign(2), sign(3)]]),
        counted('a minimum that is not met yet', 'ok', three, [[sign(1, A, 5), sign(2), sign(3), sign(4)], [sign(5)]]),
        counted('minima that meet each other', 'ok', three, [[sign(1, A, 4), sign(2, A, 4), sign(3, A, 4)], [sign(4, A, 4)]]),
        counted('a minimum that falls takes others with it', 'ok', three, [[sign(1), sign(2), sign(3, A, 4), sign(4, A, 5)], [sign(5)]]),
        counted('the trigger is met only with a minimum', 'ok', three, [[sign(1), sign(2), sign(3, A, 4)], [sign(4, A, 4)]]),
        counted('what is open counts for a minimum', 'ok', three, [
          [sign(1), sign(2), sign(3), sign(4, A, 5)],
          [sign(5, A, 5), withdraw(1)],
        ]),
        counted('a live one that withdraws no longer counts for a minimum', 'ok', three, [
          [sign(1), sign(2), sign(3, A, 4)],
          [sign(4), withdraw(2)],
        ]),
        counted(
          'groups',
          'ok',
          {
            trigger: {
              all: [
                { group: A, count: 1 },
                { group: B, count: 2 },
              ],
            },
            together: 1,
          },
          [[sign(1), sign(2, B)], [sign(3, B)], [sign(4)]],
        ),
        counted('a minimum counts over all groups', 'ok', { trigger: { group: A, count: 1 }, together: 1 }, [
          [sign(1, A, 2)],
          [sign(2, B)],
        ]),
        counted('T40: later ones wait until there are enough of them', 'ok', threeTogether, [
          [sign(1), sign(2), sign(3)],
          [sign(4)],
          [sign(5)],
          [sign(6)],
        ]),
        counted('T40: a group with too few waits while another opens', 'ok', threeTogether, [
          [sign(1), sign(2), sign(3), sign(4, B), sign(5, B)],
          [sign(6, B)],
        ]),
        counted('T40: a group with too few does not count for the trigger', 'ok', { trigger: { count: 4 }, together: 3 }, [
          [sign(1), sign(2), sign(3), sign(4, B)],
          [sign(5, B), sign(6, B)],
        ]),
        counted('T41: a minimum that is not met takes its group below, and this the minimum of another', 'ok', threeTogether, [
          [sign(1), sign(2), sign(3, A, 7), sign(4, B, 6), sign(5, B), sign(6, B)],
          [sign(7, B)],
        ]),
        counted('T41: a withdrawal takes a group below', 'ok', threeTogether, [[sign(1), sign(2), sign(3), withdraw(3)], [sign(4)]]),
        counted('T41: what is open does not fill a group up', 'ok', { trigger: { count: 2 }, together: 2 }, [
          [sign(1), sign(2)],
          [sign(3)],
        ]),
        counted('a second signature', 'ALREADY_SIGNED', three, [[sign(1)], [{ ...sign(1, B), hash: hash(77) }]]),
        counted('T2: a signature after a withdrawal', 'ALREADY_SIGNED', three, [
          [sign(1)],
          [withdraw(1)],
          [{ ...sign(1), hash: hash(77) }],
        ]),
        counted('a second withdrawal', 'ALREADY_WITHDRAWN', three, [[sign(1)], [withdraw(1)], [withdraw(1)]]),
        counted('a second withdrawal of an opened one', 'ALREADY_WITHDRAWN', three, [
          [sign(1), sign(2), sign(3)],
          [withdraw(1)],
          [withdraw(1)],
        ]),
        counted('a withdrawal of nothing', 'NOTHING_TO_WITHDRAW', three, [[withdraw(1)]]),
        counted('a withdrawal before its signature', 'NOTHING_TO_WITHDRAW', three, [[withdraw(1), sign(1)]]),
        counted('a withdrawal in another group', 'NOTHING_TO_WITHDRAW', three, [[sign(1)], [withdraw(1, B)]]),
      ],
    },
  },
};
