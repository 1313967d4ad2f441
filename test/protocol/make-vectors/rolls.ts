// SPEC §4: groups and rolls

import { fieldOf } from '#lib/protocol/board/signature.ts';
import { checkGroup, groupId } from '#lib/protocol/member/group.ts';
import { checkRollHeader, checkRollLeaves, findPath, followsRoll, type RollHeader, rollHash, signRoll } from '#lib/protocol/member/roll.ts';
import { leavesOf, middleLevel, PADDING, plantTree, rollRoot } from '#lib/protocol/member/roll-tree.ts';
import { publicKeyOf, signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { FIELD_ORDER, type Field, formatField, toField } from '#lib/protocol/numbers/field.ts';
import { randomField } from '#lib/protocol/numbers/random.ts';
import { seeded } from '#test/circuits/signer.ts';
import { type Case, type Chapter, computed, holds, judged, read } from './chapter.ts';

const random = seeded('rolls');
const SEED = random(32);
const issuer = publicKeyOf(SEED);
const pilots = { issuer, name: 'Harbour pilots' };
const trustees = [random(32), random(32)].map(publicKeyOf).sort((a, b) => (a < b ? -1 : 1));
const leaves = Array.from({ length: 5 }, () => randomField(random));
/** Of no capsules: what the headers here say of names is not looked at. */
const NAMES = 'cc'.repeat(32);
const first = signRoll({ group: pilots, number: 1, time: 1_800_000_000, trustees, names: NAMES, leaves }, SEED);
const withGap: Field[] = [leaves[0] as Field, PADDING, ...leaves.slice(2), ...Array.from({ length: 4 }, () => randomField(random))];
const second = signRoll(
  { group: pilots, number: 2, previous: rollHash(first), time: 1_800_000_100, trustees: [], names: NAMES, leaves: withGap },
  SEED,
);
const sign = (change: object, from: RollHeader = first): RollHeader => {
  const { signature: _, ...body } = { ...from, ...change };
  return signMessage('roll', body, SEED) as RollHeader;
};
const header = (name: string, expect: string, value: object): Case => ({ name, input: { header: value as Json }, expect });
const list = (name: string, expect: string, value: readonly (Field | string)[], of: RollHeader = first): Case => ({
  name,
  input: { header: of as Json, leaves: value.map(String) },
  expect,
});
const deep = Array.from({ length: 300 }, (_, i) => toField(BigInt(i + 1)));
const deepHeader = signRoll({ group: pilots, number: 1, time: 1_800_000_000, trustees: [], names: NAMES, leaves: deep }, SEED);
const path = (name: string, of: RollHeader, all: readonly Field[], index: number): Case => ({
  name,
  input: { header: of as Json, leaves: all.map(String), index },
  expect: 'ok',
});
const follows = (name: string, expect: string, next: RollHeader): Case => ({
  name,
  input: { previous: first, next } as unknown as Json,
  expect,
});
const signOther = signRoll(
  {
    group: { issuer, name: 'Harbour masters' },
    number: 2,
    previous: rollHash(first),
    time: 1_800_000_100,
    trustees: [],
    names: NAMES,
    leaves,
  },
  SEED,
);
const { previous: _, ...withoutPrevious } = second;

export const rolls: Chapter = {
  file: 'rolls.json',
  section: '4',
  operations: {
    'group-id': {
      about: 'output is the id of the group input',
      replay: (group) => judged(checkGroup(group), groupId),
      cases: [
        { name: 'a group', input: pilots, expect: 'ok' },
        { name: 'the same name of another issuer', input: { ...pilots, issuer: trustees[0] as string }, expect: 'ok' },
        { name: 'a name with a control character', input: { ...pilots, name: 'a\tb' }, expect: 'BAD_GROUP' },
        { name: 'an issuer key of small order', input: { ...pilots, issuer: `01${'00'.repeat(31)}` }, expect: 'BAD_GROUP' },
      ],
    },
    'roll-header': {
      about: 'whether input.header is a roll header by itself; output is its hash',
      replay: ({ header }) => judged(checkRollHeader(header), rollHash),
      cases: [
        header('the first roll of a group', 'ok', first),
        header('the second', 'ok', second),
        header('the number is changed', 'ROLL_NUMBER', { ...first, number: 2 }),
        header('the first names one before it', 'ROLL_NUMBER', sign({ previous: '00'.repeat(32) })),
        header('the second names none', 'ROLL_NUMBER', sign({}, withoutPrevious as RollHeader)),
        header('trustees descending', 'ROLL_TRUSTEES', sign({ trustees: [...trustees].reverse() })),
        header('a trustee twice', 'ROLL_TRUSTEES', sign({ trustees: [trustees[0], trustees[0]] })),
        header('root zero', 'ROLL_ROOT', sign({ root: '0' })),
        header('signed by somebody else', 'ROLL_SIGNATURE', signMessage('roll', { ...first, signature: undefined }, random(32))),
        header('the size is changed', 'ROLL_SIGNATURE', { ...first, size: 6 }),
        header(
          'with the ways in which members came',
          'ok',
          sign({
            admitted: [
              { way: 1, count: 2 },
              { way: 4, count: 3 },
            ],
          }),
        ),
        header(
          'ways descending',
          'ROLL_ADMITTED',
          sign({
            admitted: [
              { way: 4, count: 3 },
              { way: 1, count: 2 },
            ],
          }),
        ),
        header(
          'a way twice',
          'ROLL_ADMITTED',
          sign({
            admitted: [
              { way: 1, count: 2 },
              { way: 1, count: 3 },
            ],
          }),
        ),
        header('ways of more members than there are', 'ROLL_ADMITTED', sign({ admitted: [{ way: 1, count: 6 }] })),
        header('no ways', 'BAD_SHAPE', sign({ admitted: [] })),
        header('a sixth way', 'BAD_SHAPE', sign({ admitted: [{ way: 6, count: 5 }] })),
        header(
          'a way of nobody',
          'BAD_SHAPE',
          sign({
            admitted: [
              { way: 1, count: 0 },
              { way: 2, count: 5 },
            ],
          }),
        ),
        header('no root of names', 'BAD_SHAPE', sign({ names: undefined })),
        header('depth 2', 'BAD_SHAPE', sign({ depth: 2 })),
        header('depth 17', 'BAD_SHAPE', sign({ depth: 17 })),
        header('size 0', 'BAD_SHAPE', sign({ size: 0 })),
        header('a root with a leading zero', 'BAD_SHAPE', sign({ root: `0${first.root}` })),
        header('a member too many', 'BAD_SHAPE', sign({ note: 'x' })),
        header('a group whose name is none', 'BAD_GROUP', sign({ group: { issuer, name: ' x' } })),
      ],
    },
    'roll-leaves': {
      about: 'whether input.leaves are the leaves of input.header; output is their number without padding',
      replay: ({ header, leaves }) =>
        judged(checkRollLeaves(header, leaves), (tree) => leavesOf(tree).filter((leaf) => leaf !== PADDING).length),
      cases: [
        list('a full list', 'ok', leaves),
        list('with a removed member', 'ok', withGap, second),
        list('a leaf changed', 'ROLL_ROOT', [...leaves.slice(0, 4), toField(1n)]),
        list('two leaves exchanged', 'ROLL_ROOT', [leaves[1], leaves[0], ...leaves.slice(2)] as Field[]),
        list('one leaf less', 'ROLL_SIZE', leaves.slice(0, 4)),
        list('one leaf more', 'ROLL_SIZE', [...leaves, toField(1n)]),
        list('a leaf twice', 'ROLL_LEAVES', [...leaves.slice(0, 4), leaves[0] as Field]),
        list('padding at the end', 'ROLL_LEAVES', [...leaves, PADDING]),
        list('a leaf of zero', 'ROLL_LEAVES', [...leaves.slice(0, 4), toField(0n)]),
        list('a leaf not canonical', 'ROLL_LEAVES', [...leaves.slice(0, 4), `0${leaves[4]}`]),
        list('a leaf plus r', 'ROLL_LEAVES', [...leaves.slice(0, 4), String((leaves[4] as bigint) + FIELD_ORDER)]),
        list('none', 'ROLL_LEAVES', []),
        list(
          'more than the depth has room for',
          'ROLL_LEAVES',
          Array.from({ length: 9 }, (_, i) => toField(BigInt(i + 1))),
        ),
      ],
    },
    'follows-roll': {
      about: 'whether input.next follows input.previous in the history of a group',
      replay: ({ previous, next }) => holds(followsRoll(previous, next)),
      cases: [
        follows('the next', 'ok', second),
        follows('at the same time', 'ok', sign({ time: first.time }, second)),
        follows('an earlier time', 'refused', sign({ time: first.time - 1 }, second)),
        follows('a number skipped', 'refused', sign({ number: 3 }, second)),
        follows('another one before', 'refused', sign({ previous: '00'.repeat(32) }, second)),
        follows('of another group', 'refused', signOther),
      ],
    },
    'roll-root': {
      about: 'output is the root of the tree of 2^depth leaves, input.leaves first and padding after them',
      replay: ({ leaves, depth }) => computed(formatField(rollRoot(leaves.map(fieldOf), depth))),
      cases: [
        ...[3, 8, 9, 16].map((depth) => ({ name: `one leaf at depth ${depth}`, input: { leaves: ['1'], depth }, expect: 'ok' })),
        { name: 'eight leaves', input: { leaves: ['1', '2', '3', '4', '5', '6', '7', '8'], depth: 3 }, expect: 'ok' },
        { name: 'only padding', input: { leaves: [], depth: 3 }, expect: 'ok' },
      ],
    },
    'roll-path': {
      about: 'output is the siblings of the leaf input.index, from the bottom up, and the padding constant',
      replay: ({ header, leaves, index }) => {
        const all = leaves.map(fieldOf);
        return read(findPath(header, all, middleLevel(plantTree(all, header.depth)), index), ({ siblings }) => ({
          siblings: siblings.map(String),
          padding: String(PADDING),
        }));
      },
      cases: [
        path('the first of five', first, leaves, 0),
        path('the last of five', first, leaves, 4),
        path('at depth 9, where blocks have two leaves', deepHeader, deep, 257),
      ],
    },
  },
};
