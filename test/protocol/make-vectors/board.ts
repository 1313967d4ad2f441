// SPEC §9: the board
import {
  type BoardHead,
  checkCheckpoint,
  emptyBoard,
  headOf,
  type ListedCheckpoint,
  signCheckpoint,
} from '#lib/protocol/board/checkpoint.ts';
import { type CommitteeWish, checkCommitteeRequest, signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { findForkers, lastFinal, signCosignature } from '#lib/protocol/board/cosignature.ts';
import { listedHash } from '#lib/protocol/board/listed.ts';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import { createBoard, extendBoard, readCheckpoint } from '#lib/protocol/board/reader.ts';
import { checkMessageReceipt, checkReceipt, signMessageReceipt, signReceipt } from '#lib/protocol/board/receipt.ts';
import type { Said } from '#lib/protocol/board/signature.ts';
import { mayCosign } from '#lib/protocol/board/timeliness.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { BASE } from '#lib/protocol/numbers/point.ts';
import { liveCounts } from '#lib/protocol/reveal/waves.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import { inListedOrder, unprovenBody } from '#test/support/unproven-entries.ts';
import { PLATFORM_SEED } from '#test/support/world.ts';
import { type Case, type Chapter, computed, holds, judged } from './chapter.ts';
import { createScene, PLAIN_SETUP } from './scene.ts';

const plan = { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5, 9], trigger: { count: 3 } };
const scene = createScene('board', plan);
const { context, committee } = scene;
const hourly: StatementContext = { ...context, statement: { ...context.statement, cadence: 3600, mergeDelay: 7200 } };
const [A, B] = context.statement.rolls.map(({ group }) => group) as [string, string];

const hash = (i: number) => i.toString(16).padStart(2, '0').repeat(32);
const TIME = 1_800_003_600;
const empty = emptyBoard(hash(9));
const live = (a: number, b: number) =>
  new Map([
    [A, a],
    [B, b],
  ]);
const hashes = [1, 2, 3].map(hash);
const sign = (head: BoardHead, listed: readonly string[], counts: [number, number], time: number) =>
  signCheckpoint(context, head, { listed, live: live(...counts), time }, PLATFORM_SEED);
const first = sign(empty, hashes, [2, 1], TIME);
const second = sign(headOf(first), [hash(4)], [2, 0], TIME + 1);
const resign = (change: object, { listed, ...from }: ListedCheckpoint = first, seed: Uint8Array = PLATFORM_SEED) => {
  const { signature: _, ...body } = { ...from, ...change };
  return { ...signMessage('checkpoint', body, seed), listed };
};
const end = context.statement.deadline + context.statement.mergeDelay;
const follow = (name: string, expect: string, checkpoint: object, head: BoardHead = empty, listed: readonly string[] = []): Case => ({
  name,
  input: { head, checkpoint, listed } as unknown as Json,
  expect,
});
type Followed = { head: BoardHead; checkpoint: unknown; listed: string[] };
const next =
  (of: StatementContext) =>
  ({ head, checkpoint, listed }: Followed) =>
    judged(
      checkCheckpoint(of, head, checkpoint, (one) => listed.includes(one)),
      (good) => headOf(good) as unknown as Json,
    );
/** A checkpoint of the hourly board after one at `before`. */
const dated = (name: string, expect: string, before: number, time: number): Case => {
  const head = { ...empty, time: before };
  return follow(name, expect, signCheckpoint(hourly, head, { listed: [], live: live(0, 0), time }, PLATFORM_SEED), head);
};

const of = { entry: hash(1), listed: hash(2), action: 'sign' as const };
const receipt = signReceipt(context, of, TIME + 1, PLATFORM_SEED);
const receive = (name: string, expect: string, value: object, now = TIME + 1): Case => ({
  name,
  input: { of, receipt: value, now } as unknown as Json,
  expect,
});
const messageReceipt = signMessageReceipt(context, hash(1), TIME, PLATFORM_SEED);
const seedOf = (trustee: number) => committee.seeds[trustee - 1] as Uint8Array;
const ask = (name: string, expect: string, wish: CommitteeWish, change: object = {}, now = TIME): Case => ({
  name,
  input: { request: { ...signCommitteeRequest({ context, trustee: 2, seed: seedOf(2) }, wish, TIME), ...change }, now } as unknown as Json,
  expect,
});

const vote = (trustee: number, number: number, checkpoint: string) =>
  signCosignature({ context, trustee, seed: seedOf(trustee) }, { number, hash: checkpoint });
const final = (name: string, cosignatures: readonly object[], sizes = { threshold: 2, trustees: 4 }): Case => ({
  name,
  input: { committee: sizes, hashes, cosignatures } as unknown as Json,
  expect: 'ok',
});

const said = (action: Said['action'], group: string, minimum?: number) => ({ action, group, ...(minimum ? { minimum } : {}) }) as Said;
const body = (nullifier: number, what: Said) => unprovenBody(context.id, nullifier, what);
type Step = { bodies: ReturnType<typeof body>[]; live: [number, number] };
/** A board of these steps, a second apart: each with its bodies in listed order. */
const board = (name: string, expect: string, steps: readonly Step[], change: (shown: Json[]) => unknown = (shown) => shown): Case => {
  let head = empty;
  const shown = steps.map(({ bodies, live: counts }, i) => {
    const checkpoint = sign(
      head,
      bodies.map(({ listed }) => listed),
      counts,
      TIME + i,
    );
    head = headOf(checkpoint);
    return { checkpoint, bodies: inListedOrder(bodies) } as unknown as Json;
  });
  return { name, input: { shown: change(shown) } as Json, expect };
};
const [ada, ben, cem, dee] = [1, 2, 3, 4].map((i) => body(i, said('sign', i < 3 ? A : B))) as [Body, Body, Body, Body];
type Body = ReturnType<typeof body>;
const [adaOut, benOut] = [1, 2].map((i) => body(i, said('withdraw', A))) as [Body, Body];
const sighting = (
  name: string,
  expect: string,
  input: { time: number; firstSeen: number; lastMissed?: number; now: number; others: number },
) => ({ name, input, expect }) as Case;
const { clockSkew } = context.statement;

export const boards: Chapter = {
  file: 'board.json',
  section: '9',
  given: {
    statement: context.statement,
    headers: scene.groups.map((group) => group.header),
    platformSecret: '07'.repeat(32),
  } as unknown as Json,
  operations: {
    'listed-hash': {
      about: 'output is the hash under which the entry of hash input.entry is listed with input.salt',
      replay: ({ entry, salt }) => computed(listedHash(entry, salt)),
      cases: [{ name: 'an entry', input: { entry: hash(1), salt: hash(2) }, expect: 'ok' }],
    },
    receipt: {
      about: 'whether input.receipt, come at input.now, is the platform’s promise for input.of: hash, listed hash and action of an entry',
      replay: ({ of, receipt, now }) => judged(checkReceipt(context, of, receipt, now)),
      cases: [
        receive('a receipt, its time rounded up to the minute', 'ok', receipt),
        receive('by a clock behind by the skew', 'ok', receipt, TIME + 1 - clockSkew),
        receive('T51: a later time than an entry of now can have', 'BAD_RECEIPT', receipt, TIME - clockSkew),
        receive('T9: for another entry', 'BAD_RECEIPT', { ...receipt, entry: hash(3) }),
        receive('for another listed hash', 'BAD_RECEIPT', { ...receipt, listed: hash(3) }),
        receive('for a withdrawal', 'BAD_RECEIPT', { ...receipt, action: 'withdraw' }),
        receive('another time', 'BAD_RECEIPT', { ...receipt, publishBy: receipt.publishBy - 60 }),
        receive('for another statement', 'BAD_RECEIPT', { ...receipt, statement: hash(0) }),
        receive('a member too many', 'BAD_RECEIPT', { ...receipt, note: 1 }),
        receive('signed by somebody else', 'BAD_RECEIPT', signReceipt(context, of, TIME + 1, seedOf(1))),
      ],
    },
    'message-receipt': {
      about: 'whether input.receipt is the platform’s word that it has the message of hash input.message',
      replay: ({ message, receipt }) => judged(checkMessageReceipt(context, message, receipt)),
      cases: [
        { name: 'a receipt', input: { message: hash(1), receipt: messageReceipt }, expect: 'ok' },
        { name: 'for another message', input: { message: hash(2), receipt: messageReceipt }, expect: 'BAD_RECEIPT' },
        { name: 'changed', input: { message: hash(1), receipt: { ...messageReceipt, time: 1 } }, expect: 'BAD_RECEIPT' },
      ],
    },
    'committee-request': {
      about: 'whether input.request, come at input.now, is to be answered',
      replay: ({ request, now }) => judged(checkCommitteeRequest(context, request, now)),
      cases: [
        ask('the board from its beginning', 'ok', { want: 'board', after: 0 }),
        ask('messages after a cursor', 'ok', { want: 'messages', after: 7 }),
        ask('the capsules of a roll', 'ok', { want: 'capsules', roll: context.statement.rolls[0]?.roll as string }),
        ask('the capsules of a roll of another statement', 'UNKNOWN_ROLL', { want: 'capsules', roll: hash(1) }),
        ask('300 s old', 'ok', { want: 'board', after: 0 }, {}, TIME + 300),
        ask('301 s old', 'REQUEST_NOT_FRESH', { want: 'board', after: 0 }, {}, TIME + 301),
        ask('301 s ahead', 'REQUEST_NOT_FRESH', { want: 'board', after: 0 }, {}, TIME - 301),
        ask('in the name of another', 'TRUSTEE_SIGNATURE', { want: 'board', after: 0 }, { trustee: 1 }),
        ask('of a trustee that there is not', 'UNKNOWN_TRUSTEE', { want: 'board', after: 0 }, { trustee: 5 }),
        ask('for another statement', 'OTHER_STATEMENT', { want: 'board', after: 0 }, { statement: hash(0) }),
        ask('for something else', 'BAD_SHAPE', { want: 'board', after: 0 }, { want: 'names' }),
        ask('a board by roll', 'BAD_SHAPE', { want: 'board', after: 0 }, { roll: hash(1) }),
      ],
    },
    'next-checkpoint': {
      about:
        'whether input.checkpoint, its list beside it, continues the board that ends at input.head; input.listed are hashes of earlier lists. Output is the new head. Before the first checkpoint the head is number 0, the transcript hash, time 0 and no live counts',
      replay: next(context),
      cases: [
        follow('the first', 'ok', first),
        follow('a second one', 'ok', second, headOf(first), hashes),
        follow('with an empty list', 'ok', sign(empty, [], [0, 0], TIME)),
        follow('at the last moment', 'ok', resign({ time: end })),
        follow('a second too late', 'CHECKPOINT_TIME', resign({ time: end + 1 })),
        follow('T51: at the time of the one before', 'CHECKPOINT_TIME', resign({ time: TIME }, second), headOf(first)),
        follow('a number skipped', 'CHECKPOINT_NUMBER', resign({ number: 2 })),
        follow('another one before it', 'CHECKPOINT_CHAIN', resign({ previous: hash(0) })),
        follow('a hash less', 'CHECKPOINT_ROOT', { ...first, listed: hashes.slice(1) }),
        follow('another size', 'CHECKPOINT_ROOT', resign({ size: 4 })),
        follow('a list that does not rise', 'CHECKPOINT_LIST', { ...first, listed: [hash(2), hash(1), hash(3)] }),
        follow('a hash twice in the list', 'CHECKPOINT_LIST', { ...first, listed: [hash(1), hash(1), hash(2)] }),
        follow('a hash of an earlier list', 'CHECKPOINT_LIST', second, headOf(first), [hash(4)]),
        follow('live counts of one group', 'CHECKPOINT_LIVE', resign({ live: first.live.slice(1) })),
        follow('live counts descending', 'CHECKPOINT_LIVE', resign({ live: [...first.live].reverse() })),
        follow(
          'T52: live counts that the list cannot explain',
          'CHECKPOINT_LIVE',
          resign({
            live: [
              { group: A, count: 2 },
              { group: B, count: 2 },
            ],
          }),
        ),
        follow(
          'T52: more live signatures than members',
          'CHECKPOINT_LIVE',
          resign({
            live: [
              { group: A, count: 10 },
              { group: B, count: 0 },
            ],
          }),
          {
            ...empty,
            live: [
              { group: A, count: 9 },
              { group: B, count: 0 },
            ],
          },
        ),
        follow('no live counts', 'BAD_SHAPE', resign({ live: undefined })),
        follow('no size', 'BAD_SHAPE', resign({ size: undefined })),
        follow('changed', 'CHECKPOINT_SIGNATURE', { ...first, time: TIME + 1 }),
        follow('signed by a trustee', 'CHECKPOINT_SIGNATURE', resign({}, first, seedOf(1))),
        follow('of another statement', 'OTHER_STATEMENT', resign({ statement: hash(0) })),
        follow('a member too many', 'BAD_SHAPE', { ...first, note: 1 }),
      ],
    },
    'next-checkpoint-hourly': {
      about: 'the same where the statement has a cadence of 3600 s and a mergeDelay of 7200 s; its id is still that of given.statement',
      replay: next(hourly),
      cases: [
        dated('a multiple of the cadence', 'ok', TIME - 3600, TIME),
        dated('300 s after one that was missed', 'ok', TIME - 3600, TIME + 300),
        dated('3300 s after one that was missed', 'ok', TIME - 3600, TIME + 3300),
        dated('299 s after one that was missed', 'CHECKPOINT_TIME', TIME - 3600, TIME + 299),
        dated('300 s after one that was not', 'CHECKPOINT_TIME', TIME, TIME + 300),
        dated('a second one in a period', 'CHECKPOINT_TIME', TIME + 300, TIME + 600),
      ],
    },
    'read-board': {
      about:
        'a committee’s reading of input.shown, checkpoints with their bodies in listed order, but for proofs; output is the live counts above 0, and of each wave its number, its checkpoint by hash and number, and its entries by group',
      replay: ({ shown }) => {
        const read = createBoard(hash(9));
        for (const one of shown) {
          const facts = readCheckpoint(context, { key: BASE }, read, one);
          if (!facts.ok) return { expect: facts.code };
          const { checkpoint, listed, entries } = facts.value;
          const counted = entries?.map(({ entry, hash }) => ({ nullifier: entry.nullifier, said: entry.said, hash })) ?? null;
          const extended = extendBoard(context, read, { checkpoint, listed, entries: counted });
          if (!extended.ok) return { expect: extended.code };
        }
        return computed({ live: Object.fromEntries(liveCounts(read.tally)), waves: read.waves } as unknown as Json);
      },
      cases: [
        board('three signatures, two checkpoints, one wave', 'ok', [
          { bodies: [ada, cem], live: [1, 1] },
          { bodies: [ben], live: [2, 1] },
        ]),
        board('a withdrawal beside its signature in one checkpoint', 'ok', [{ bodies: [ada, adaOut, cem], live: [0, 1] }]),
        board('T30: a withdrawal after the wave has no effect', 'ok', [
          { bodies: [ada, ben, cem], live: [2, 1] },
          { bodies: [adaOut, dee], live: [2, 2] },
        ]),
        board('T63: a withdrawal takes back by nullifier and group', 'ok', [
          { bodies: [ada, ben], live: [2, 0] },
          { bodies: [benOut], live: [1, 0] },
        ]),
        board('a withdrawal of nothing', 'NOTHING_TO_WITHDRAW', [{ bodies: [adaOut], live: [0, 0] }]),
        board('a withdrawal in another group', 'NOTHING_TO_WITHDRAW', [{ bodies: [ada, body(1, said('withdraw', B))], live: [1, 0] }]),
        board('a second withdrawal', 'ALREADY_WITHDRAWN', [
          { bodies: [ada, adaOut], live: [0, 0] },
          { bodies: [again(adaOut)], live: [0, 0] },
        ]),
        board('T4: a second signature of one person', 'ALREADY_SIGNED', [{ bodies: [ada, body(1, said('sign', B))], live: [1, 1] }]),
        board('T52: live counts that are not those of the entries', 'CHECKPOINT_LIVE', [{ bodies: [ada, ben], live: [1, 1] }]),
        board('another salt', 'ENTRY_NOT_LISTED', [{ bodies: [ada], live: [1, 0] }], ([shown]) => [
          { ...(shown as object), bodies: [{ entry: ada.entry, salt: hash(0) }] },
        ]),
        board('another entry', 'ENTRY_NOT_LISTED', [{ bodies: [ada], live: [1, 0] }], ([shown]) => [
          { ...(shown as object), bodies: [{ entry: ben.entry, salt: ada.salt }] },
        ]),
        board('an entry held back', 'ENTRY_NOT_LISTED', [{ bodies: [ada, ben], live: [2, 0] }], ([shown]) => [
          { ...(shown as object), bodies: [{ entry: ada.entry, salt: ada.salt }] },
        ]),
        board('an entry of another statement', 'OTHER_STATEMENT', [{ bodies: [unprovenBody(hash(0), 1, said('sign', A))], live: [1, 0] }]),
      ],
    },
    'merkle-root': {
      about: 'output is the root of input.hashes',
      replay: ({ hashes }) => computed(merkleRoot(hashes)),
      cases: [0, 1, 2, 3, 4, 5, 7, 8, 9].map((n) => ({
        name: `${n} hashes`,
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
        return computed({ final: lastFinal(statement, hashes, cosignatures), forked: findForkers(hashes, cosignatures) });
      },
      cases: [
        final('nobody', []),
        final(
          'two of four do not do',
          [1, 2].map((i) => vote(i, 1, hash(1))),
        ),
        final(
          'three of four',
          [1, 2, 3].map((i) => vote(i, 1, hash(1))),
        ),
        final(
          'three on the second: the first is final with it',
          [1, 2, 3].map((i) => vote(i, 2, hash(2))),
        ),
        final('T57: three on different ones: the first of them', [vote(1, 1, hash(1)), vote(2, 2, hash(2)), vote(3, 3, hash(3))]),
        final(
          'one trustee on three',
          [1, 2, 3].map((i) => vote(1, i, hash(i))),
        ),
        final(
          'three on one that is not on the board',
          [1, 2, 3].map((i) => vote(i, 3, hash(9))),
        ),
        final('T30: one that forked counts, and is named', [
          vote(1, 3, hash(3)),
          vote(1, 3, hash(9)),
          vote(2, 3, hash(3)),
          vote(4, 3, hash(3)),
        ]),
        final('T23: one that went over to this board is named', [vote(1, 2, hash(9)), vote(1, 3, hash(3))]),
        final('one of another board is not named by that alone', [vote(1, 3, hash(9)), vote(1, 2, hash(2))]),
        final('a fork beyond the end of the board', [vote(3, 99, hash(8)), vote(3, 99, hash(9))]),
        final(
          'four of seven do not do',
          [1, 2, 3, 4].map((i) => vote(Math.min(i, 4), 1, hash(1))),
          { threshold: 3, trustees: 7 },
        ),
      ],
    },
    'may-cosign': {
      about:
        'whether a trustee cosigns at input.now, by its clock, a checkpoint dated input.time that it first saw at input.firstSeen and missed last in an index asked for at input.lastMissed, where input.others others have cosigned it or a later one',
      replay: ({ lastMissed, now, others, ...seen }) =>
        holds(mayCosign(context.statement, { ...seen, lastMissed: lastMissed ?? null }, now, others)),
      cases: [
        sighting('at once', 'ok', { time: TIME, firstSeen: TIME, now: TIME, others: 0 }),
        sighting('T51: from the future', 'refused', { time: TIME, firstSeen: TIME - clockSkew - 1, now: TIME - clockSkew - 1, others: 3 }),
        sighting('by a clock behind by the skew', 'ok', { time: TIME, firstSeen: TIME - clockSkew, now: TIME - clockSkew, others: 0 }),
        sighting('missed 600 s and the skew after its date', 'ok', {
          time: TIME,
          firstSeen: TIME + 700,
          lastMissed: TIME + 600 + clockSkew,
          now: TIME + 700,
          others: 0,
        }),
        sighting('T51: missed a second later', 'refused', {
          time: TIME,
          firstSeen: TIME + 700,
          lastMissed: TIME + 601 + clockSkew,
          now: TIME + 700,
          others: 1,
        }),
        sighting('T56: the same after k others', 'ok', {
          time: TIME,
          firstSeen: TIME + 700,
          lastMissed: TIME + 601 + clockSkew,
          now: TIME + 700,
          others: 2,
        }),
        sighting('first seen late by one that was away', 'ok', { time: TIME, firstSeen: TIME + 9000, now: TIME + 9000, others: 0 }),
        sighting('first seen at the last moment', 'ok', { time: TIME, firstSeen: end + clockSkew, now: end + clockSkew, others: 0 }),
        sighting('first seen after the last moment', 'refused', {
          time: TIME,
          firstSeen: end + clockSkew + 1,
          now: end + clockSkew + 1,
          others: 1,
        }),
      ],
    },
  },
};

/** The same entry under another salt, as if it had been sent twice. */
function again(one: Body): Body {
  return { ...one, salt: hash(8), listed: listedHash(one.hash, hash(8)) };
}
