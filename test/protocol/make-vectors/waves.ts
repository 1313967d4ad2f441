// SPEC §10.1: waves

import type { Entry, Said } from '#lib/protocol/board/signature.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { admitEntry, closeCheckpoint, createTally } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Case, Chapter, Outcome } from './chapter.ts';
import { createScene, PLAIN_SETUP } from './scene.ts';

const scene = createScene('reveal', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5, 9], trigger: { count: 3 } });
const { context } = scene;
const [A, B] = scene.groups.map((group) => group.id) as [string, string];

/** As much of an entry as the count looks at: `hash` stands for the entry hash. */
type Line = { hash: string; nullifier: string; said: Said };
const hash = (i: number) => i.toString(16).padStart(2, '0').repeat(32);
const sign = (nullifier: number, group = A, minimum?: number): Line => ({
  hash: hash(nullifier),
  nullifier: String(nullifier),
  said: { action: 'sign', group, ...(minimum ? { minimum } : {}) },
});
const withdraw = (nullifier: number, group = A, withdraws = hash(nullifier)): Line => ({
  hash: hash(nullifier + 128),
  nullifier: String(nullifier),
  said: { action: 'withdraw', group, withdraws },
});

function count(trigger: Json, checkpoints: Line[][]): Outcome {
  const tally = createTally();
  const statement = { ...context.statement, trigger } as StatementContext['statement'];
  const waves: Json[] = [];
  for (const lines of checkpoints) {
    for (const line of lines) {
      const admitted = admitEntry(tally, line as unknown as Entry, line.hash);
      if (!admitted.ok) return { expect: admitted.code };
    }
    waves.push(closeCheckpoint({ ...context, statement }, tally) ?? []);
  }
  return { expect: 'ok', output: waves };
}

const three = { count: 3 };
const counted = (name: string, expect: string, trigger: Json, checkpoints: Line[][]): Case => ({
  name,
  input: { trigger, checkpoints } as unknown as Json,
  expect,
});

export const waves: Chapter = {
  file: 'waves.json',
  section: '10.1',
  operations: {
    waves: {
      about:
        'the entries of input.checkpoints are taken in order; output is, for each checkpoint, the nullifiers of the wave that opens there, or the failure of an entry. hash stands for the entry hash',
      replay: ({ trigger, checkpoints }) => count(trigger, checkpoints),
      cases: [
        counted('nothing', 'ok', three, [[], []]),
        counted('below the trigger', 'ok', three, [[sign(1), sign(2)]]),
        counted('at the trigger, in one checkpoint', 'ok', three, [[sign(1), sign(2), sign(3)]]),
        counted('ascending as numbers', 'ok', three, [[sign(9), sign(10), sign(100)]]),
        counted('over two checkpoints, and later ones open at once', 'ok', three, [[sign(1), sign(2)], [sign(3)], [], [sign(4)]]),
        counted('a withdrawal before the trigger', 'ok', three, [[sign(1), sign(2)], [withdraw(1), sign(3)], [sign(4)]]),
        counted('a withdrawal in the same checkpoint', 'ok', three, [[sign(1), withdraw(1), sign(2), sign(3)], [sign(4)]]),
        counted('T30: a withdrawal after the wave changes nothing', 'ok', three, [[sign(1), sign(2), sign(3)], [withdraw(1)], [sign(4)]]),
        counted('a minimum that is met', 'ok', three, [[sign(1, A, 3), sign(2), sign(3)]]),
        counted('a minimum that is not met yet', 'ok', three, [[sign(1, A, 5), sign(2), sign(3), sign(4)], [sign(5)]]),
        counted('minima that meet each other', 'ok', three, [[sign(1, A, 4), sign(2, A, 4), sign(3, A, 4)], [sign(4, A, 4)]]),
        counted('a minimum that falls takes others with it', 'ok', three, [[sign(1), sign(2), sign(3, A, 4), sign(4, A, 5)], [sign(5)]]),
        counted('the trigger is met only with a minimum', 'ok', three, [[sign(1), sign(2), sign(3, A, 4)], [sign(4, A, 4)]]),
        counted('what is open counts for a minimum', 'ok', three, [
          [sign(1), sign(2), sign(3), sign(4, A, 5)],
          [withdraw(1), sign(5, A, 5)],
        ]),
        counted('a live one that withdraws no longer counts for a minimum', 'ok', three, [
          [sign(1), sign(2), sign(3, A, 4)],
          [withdraw(2), sign(4)],
        ]),
        counted(
          'groups',
          'ok',
          {
            all: [
              { group: A, count: 1 },
              { group: B, count: 2 },
            ],
          },
          [[sign(1), sign(2, B)], [sign(3, B)], [sign(4)]],
        ),
        counted('a minimum counts over all groups', 'ok', { group: A, count: 1 }, [[sign(1, A, 2)], [sign(2, B)]]),
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
        counted('a withdrawal that names another entry', 'NOTHING_TO_WITHDRAW', three, [[sign(1), sign(2)], [withdraw(1, A, hash(2))]]),
        counted('a withdrawal in another group', 'NOTHING_TO_WITHDRAW', three, [[sign(1)], [withdraw(1, B)]]),
      ],
    },
  },
};
