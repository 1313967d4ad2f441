// SPEC §9: the board
import {
  type BoardHead,
  type Checkpoint,
  checkCheckpoint,
  checkNextCheckpoint,
  checkReceipt,
  emptyBoard,
  findEquivocations,
  headOf,
  lastFinal,
  signCheckpoint,
  signCosignature,
  signReceipt,
} from '#lib/protocol/board/board.ts';
import { hiddenRoot, merkleRoot } from '#lib/protocol/board/merkle.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { PLATFORM_SEED } from '#test/support/world.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';
import { createScene, PLAIN_SETUP } from './scene.ts';

const plan = { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5, 9], trigger: { count: 3 } };
const scene = createScene('board', plan);
const hidden = createScene('board', { ...plan, change: { count: 'hidden' } });
const { context } = scene;

const hash = (i: number) => i.toString(16).padStart(2, '0').repeat(32);
const empty = emptyBoard(hash(9));
const hashes = [1, 2, 3].map(hash);
const checkpoint = signCheckpoint(context, empty, hashes, 1_800_002_000, PLATFORM_SEED);
const secondCheckpoint = signCheckpoint(context, headOf(checkpoint), [], 1_800_002_000, PLATFORM_SEED);
const hiddenCheckpoint = signCheckpoint(hidden.context, empty, hashes, 1_800_002_000, PLATFORM_SEED);
const resign = (change: object, from: Checkpoint = checkpoint, seed: Uint8Array = PLATFORM_SEED) => {
  const { signature: _, ...body } = { ...from, ...change };
  return signMessage('checkpoint', body, seed) as Checkpoint;
};
const end = context.statement.deadline + context.statement.mergeDelay;
const follow = (name: string, expect: string, value: object, entries: readonly string[] = hashes, head: BoardHead = empty): Case => ({
  name,
  input: { head, checkpoint: value, entries } as unknown as Json,
  expect,
});
const next = (of: typeof context, { head, checkpoint, entries }: { head: BoardHead; checkpoint: unknown; entries: string[] }) => {
  const checked = checkCheckpoint(of, checkpoint);
  return judged(checked.ok ? checkNextCheckpoint(of, head, checked.value, entries) : checked);
};
const nextOutput = (of: typeof context) => (input: { head: BoardHead; checkpoint: Checkpoint; entries: string[] }) => {
  const outcome = next(of, input);
  return outcome.expect === 'ok' ? { ...outcome, output: headOf(input.checkpoint) } : outcome;
};
const receipt = signReceipt(context.statement, { statement: context.id, entry: hash(1), action: 'sign' }, 1_800_002_000, PLATFORM_SEED);
const receive = (name: string, expect: string, value: object): Case => ({
  name,
  input: { entry: hash(1), receipt: value } as unknown as Json,
  expect,
});
const cosigned = (trustee: number, number: number, checkpoint: string) =>
  signCosignature(context, trustee, { number, hash: checkpoint, time: 0 }, scene.committee.seeds[trustee - 1] as Uint8Array);
const final = (name: string, cosignatures: readonly object[], committee: { threshold: number; trustees: number }): Case => ({
  name,
  input: { committee, hashes, cosignatures } as unknown as Json,
  expect: 'ok',
});
const of3 = { threshold: 2, trustees: 3 };

export const boards: Chapter = {
  file: 'board.json',
  section: '9',
  given: {
    statement: context.statement,
    headers: scene.groups.map((group) => group.header),
    platformSecret: '07'.repeat(32),
  } as unknown as Json,
  operations: {
    receipt: {
      about: 'whether input.receipt is the platform’s promise for the entry of hash input.entry',
      replay: ({ entry, receipt }) => judged(checkReceipt(context, entry, receipt)),
      cases: [
        receive('a receipt, its time rounded up to the minute', 'ok', receipt),
        receive('T9: for another entry', 'BAD_RECEIPT', { ...receipt, entry: hash(2) }),
        receive('a later time', 'BAD_RECEIPT', { ...receipt, publishBy: receipt.publishBy + 60 }),
        receive('for another statement', 'BAD_RECEIPT', { ...receipt, statement: hash(0) }),
        receive('a member too many', 'BAD_RECEIPT', { ...receipt, note: 1 }),
        receive(
          'signed by somebody else',
          'BAD_RECEIPT',
          signMessage('receipt', { ...receipt, signature: undefined }, scene.committee.seeds[0] as Uint8Array),
        ),
      ],
    },
    'next-checkpoint': {
      about:
        'whether input.checkpoint continues the board that ends at input.head and commits to input.entries; output is the new head. Before the first checkpoint the head is number 0, the transcript hash and time 0',
      replay: nextOutput(context),
      cases: [
        follow('the first', 'ok', checkpoint),
        follow('an empty one at the same time', 'ok', secondCheckpoint, [], headOf(checkpoint)),
        follow('at the last moment', 'ok', resign({ time: end })),
        follow('a second too late', 'CHECKPOINT_TIME', resign({ time: end + 1 })),
        follow('earlier than the one before', 'CHECKPOINT_TIME', resign({ time: 1_800_001_999 }, secondCheckpoint), [], headOf(checkpoint)),
        follow('a number skipped', 'CHECKPOINT_NUMBER', resign({ number: 2 })),
        follow('another one before it', 'CHECKPOINT_CHAIN', resign({ previous: hash(0) })),
        follow('an entry less', 'CHECKPOINT_ROOT', checkpoint, hashes.slice(1)),
        follow('two entries exchanged', 'CHECKPOINT_ROOT', checkpoint, [hash(2), hash(1), hash(3)]),
        follow('another size', 'CHECKPOINT_ROOT', resign({ size: 4 })),
        follow('no size', 'CHECKPOINT_ROOT', resign({ size: undefined })),
        follow('changed', 'CHECKPOINT_SIGNATURE', { ...checkpoint, time: checkpoint.time + 1 }),
        follow('signed by a trustee', 'CHECKPOINT_SIGNATURE', resign({}, checkpoint, scene.committee.seeds[0])),
        follow('of another statement', 'OTHER_STATEMENT', resign({ statement: hash(0) })),
        follow('a member too many', 'BAD_SHAPE', { ...checkpoint, note: 1 }),
      ],
    },
    'next-checkpoint-hidden': {
      about: 'the same where the statement hides its count: given.statement with count "hidden"',
      replay: nextOutput(hidden.context),
      cases: [
        follow('the first', 'ok', hiddenCheckpoint),
        follow('with a size', 'CHECKPOINT_ROOT', resign({ size: 3 }, hiddenCheckpoint)),
        follow('an entry less', 'CHECKPOINT_ROOT', hiddenCheckpoint, hashes.slice(1)),
      ],
    },
    'merkle-root': {
      about: 'output is the root of input.hashes where the count is public',
      replay: ({ hashes }) => computed(merkleRoot(hashes)),
      cases: [0, 1, 2, 3, 4, 5, 7, 8, 9].map((n) => ({
        name: `${n} entries`,
        input: { hashes: Array.from({ length: n }, (_, i) => hash(i)) },
        expect: 'ok',
      })),
    },
    'hidden-root': {
      about: 'output is the root of input.hashes where the count is hidden',
      replay: ({ hashes }) => computed(hiddenRoot(hashes)),
      cases: [0, 1, 2, 3].map((n) => ({
        name: `${n} entries`,
        input: { hashes: Array.from({ length: n }, (_, i) => hash(i)) },
        expect: 'ok',
      })),
    },
    finality: {
      about:
        'for a committee of input.committee and checkpoints of input.hashes: the number of the last final one, and the trustees that forked',
      replay: ({ committee, hashes, cosignatures }) => {
        const trustees = new Array(committee.trustees).fill(context.statement.committee.trustees[0]);
        const statement = { ...context.statement, committee: { threshold: committee.threshold, trustees } } as Statement;
        return computed({ final: lastFinal(statement, hashes, cosignatures), forked: findEquivocations(cosignatures) });
      },
      cases: [
        final('nobody', [], of3),
        final('one of three', [cosigned(1, 1, hash(1))], of3),
        final('two of three', [cosigned(1, 1, hash(1)), cosigned(2, 1, hash(1))], of3),
        final('two on the second: the first is final with it', [cosigned(1, 2, hash(2)), cosigned(2, 2, hash(2))], of3),
        final('two on different ones', [cosigned(1, 1, hash(1)), cosigned(2, 2, hash(2))], of3),
        final('one trustee twice', [cosigned(1, 1, hash(1)), cosigned(1, 1, hash(1))], of3),
        final('two on one that is not on the board', [cosigned(1, 3, hash(9)), cosigned(2, 3, hash(9))], of3),
        final(
          'T30: one that forked counts, and is named',
          [cosigned(1, 3, hash(3)), cosigned(1, 3, hash(9)), cosigned(2, 3, hash(3))],
          of3,
        ),
        final('a fork beyond the end of the board', [cosigned(3, 99, hash(8)), cosigned(3, 99, hash(9))], of3),
        final('a threshold above the majority: three of three', [cosigned(1, 1, hash(1)), cosigned(2, 1, hash(1))], {
          threshold: 3,
          trustees: 3,
        }),
        final('a majority above the threshold: two of five do not do', [cosigned(1, 1, hash(1)), cosigned(2, 1, hash(1))], {
          threshold: 2,
          trustees: 5,
        }),
        final(
          'three of five',
          [1, 2, 3].map((i) => cosigned(i, 1, hash(1))),
          { threshold: 2, trustees: 5 },
        ),
        final(
          'two of four do not do',
          [1, 2].map((i) => cosigned(i, 1, hash(1))),
          { threshold: 2, trustees: 4 },
        ),
      ],
    },
  },
};
