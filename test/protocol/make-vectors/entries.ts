// SPEC §8: what is said, entries

import { checkEntry, type Entry, entryHash, messageOf, publicSignals, type Said } from '#lib/protocol/board/signature.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { FIELD_ORDER, formatField } from '#lib/protocol/numbers/field.ts';
import { BASE, formatPoint, type Point, parsePoint } from '#lib/protocol/numbers/point.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';
import { SMALL_POINTS } from './odd-points.ts';
import { createScene, PLAIN_SETUP } from './scene.ts';

const { context, groups } = createScene('board', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5, 9], trigger: { count: 3 } });
const [first, second] = groups as [(typeof groups)[0], (typeof groups)[0]];
const hash = (i: number) => i.toString(16).padStart(2, '0').repeat(32);
const sign: Said = { action: 'sign', group: first.id };
const entry: Entry = {
  type: 'entry',
  statement: context.id,
  said: sign,
  nullifier: '7',
  ephemeral: [...formatPoint(BASE)] as [string, string],
  sealed: [...formatPoint(BASE.double())] as [string, string],
  proof: {
    a: ['1', '2'],
    b: [
      ['3', '4'],
      ['5', '6'],
    ],
    c: ['7', '8'],
  },
};
const said = (name: string, value: Said): Case => ({ name, input: { said: value } as unknown as Json, expect: 'ok' });
const check = (name: string, expect: string, change: object): Case => ({
  name,
  input: { entry: { ...entry, ...change } } as unknown as Json,
  expect,
});
const total = 14;

export const signatures: Chapter = {
  file: 'signatures.json',
  section: '8',
  given: { statement: context.statement, headers: groups.map((group) => group.header) } as unknown as Json,
  operations: {
    message: {
      about: 'output is the message of input.said',
      replay: ({ said }) => computed(formatField(messageOf(said))),
      cases: [
        said('sign', sign),
        said('sign in another group', { ...sign, group: second.id }),
        said('sign with a personal minimum', { ...sign, minimum: 5 }),
        said('withdraw', { action: 'withdraw', group: first.id }),
      ],
    },
    'check-entry': {
      about: 'whether input.entry is good in all but its proof, whose numbers mean nothing here; output is its hash',
      replay: ({ entry }) => judged(checkEntry(context, entry), entryHash),
      cases: [
        check('a signature', 'ok', {}),
        check('a withdrawal', 'ok', { said: { action: 'withdraw', group: first.id } }),
        check('a minimum of all members', 'ok', { said: { ...sign, minimum: total } }),
        check('a minimum above all members', 'MINIMUM_UNREACHABLE', { said: { ...sign, minimum: total + 1 } }),
        check('a minimum of one', 'BAD_SHAPE', { said: { ...sign, minimum: 1 } }),
        check('a withdrawal that names an entry', 'BAD_SHAPE', { said: { action: 'withdraw', group: first.id, withdraws: hash(1) } }),
        check('a withdrawal with a minimum', 'BAD_SHAPE', { said: { action: 'withdraw', group: first.id, minimum: 2 } }),
        check('another action', 'BAD_SHAPE', { said: { ...sign, action: 'abstain' } }),
        check('for another statement', 'OTHER_STATEMENT', { statement: hash(0) }),
        check('in a group that the statement does not name', 'UNKNOWN_GROUP', { said: { ...sign, group: hash(0) } }),
        check('T7: a nullifier with a leading zero', 'BAD_SHAPE', { nullifier: '007' }),
        check('T7: a nullifier in hexadecimal', 'BAD_SHAPE', { nullifier: '0x7' }),
        check('T7: a nullifier plus r', 'BAD_SHAPE', {
          nullifier: '21888242871839275222246405745257275088548364400416034343698204186575808495624',
        }),
        check('T32: an ephemeral that is the identity', 'SEAL_OPEN_TO_ALL', { ephemeral: ['0', '1'] }),
        check('an ephemeral off the curve', 'BAD_POINT', { ephemeral: ['1', '1'] }),
        check('an ephemeral of small order passes here: only a proof shows that it is a multiple of B', 'ok', {
          ephemeral: SMALL_POINTS['of order 8'],
        }),
        check('a sealed point that is the identity', 'BAD_POINT', { sealed: ['0', '1'] }),
        check('a sealed point off the curve', 'BAD_POINT', { sealed: ['1', '1'] }),
        check('a sealed point of one coordinate', 'BAD_SHAPE', { sealed: ['1'] }),
        check('a sealed point with a coordinate plus r', 'BAD_SHAPE', {
          sealed: [String(BigInt(entry.sealed[0]) + FIELD_ORDER), entry.sealed[1]],
        }),
        check('four elements in place of a sealed point', 'BAD_SHAPE', { sealed: undefined, ciphertext: ['1', '2', '3', '4'] }),
        check('a coordinate of the proof that is not canonical', 'BAD_SHAPE', { proof: { ...entry.proof, a: ['01', '2'] } }),
        check('a coordinate of the proof of q', 'BAD_SHAPE', {
          proof: { ...entry.proof, a: ['21888242871839275222246405745257275088696311157297823662689037894645226208583', '2'] },
        }),
        check('a member too many', 'BAD_SHAPE', { note: 1 }),
      ],
    },
    'public-signals': {
      about: 'output is the 11 public signals that a verifier supplies for input.entry under input.key',
      replay: ({ entry, key }) => computed(publicSignals(context, parsePoint(key) as Point, entry).map(String)),
      cases: [
        { name: 'a member of the first group', input: { entry, key: formatPoint(BASE.double()) } as unknown as Json, expect: 'ok' },
        {
          name: 'T36: of the second group, with its own root and depth',
          input: { entry: { ...entry, said: { ...sign, group: second.id } }, key: formatPoint(BASE.double()) } as unknown as Json,
          expect: 'ok',
        },
      ],
    },
  },
};
