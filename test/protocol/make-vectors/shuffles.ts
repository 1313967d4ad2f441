// SPEC §10.3 – §10.4: wire points, generators, proofs of shuffles
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatPoint, type Point, type PointText, parseCurvePoint, parsePoint } from '#lib/protocol/numbers/point.ts';
import { pointMeant, wirePointsOf } from '#lib/protocol/numbers/wire-point.ts';
import { doShufflesHold, readShuffle, type ShuffleMessage } from '#lib/protocol/reveal/check-shuffle.ts';
import { generatorsToCheck } from '#lib/protocol/reveal/generators.ts';
import { makeShuffle } from '#lib/protocol/reveal/make-shuffle.ts';
import { type ItemText, type SealedList, type ShuffleProof, type ShuffleSetting, seedOf } from '#lib/protocol/reveal/shuffle.ts';
import { seeded } from '#test/circuits/signer.ts';
import { type Case, type Chapter, computed, type Outcome, read } from './chapter.ts';
import { A, hash, KEY, STATEMENT, somePoint, withSmallPart } from './reveal-world.ts';

const random = seeded('vectors of shuffles');

type Input = {
  setting: Omit<ShuffleSetting, 'key'> & { key: PointText };
  isWire: boolean;
  inputs: ItemText[];
  items: ItemText[];
  proof: ShuffleProof;
};

const SETTING: Input['setting'] = {
  ...{ statement: STATEMENT, key: formatPoint(KEY), content: hash(1), trustee: 2, step: 1, previous: hash(1), group: A },
};
const LATER: Input['setting'] = { ...SETTING, trustee: 4, step: 2, previous: hash(2) };
const parse = (text: PointText) => parseCurvePoint(text) as Point;

function toMessage({ setting, isWire, inputs, items, proof }: Input): ShuffleMessage {
  const input: SealedList = { group: setting.group, items: inputs.map(([a, c]) => [parse(a), parse(c)]), isWire };
  return { setting: { ...setting, key: parsePoint(setting.key) as Point }, input, items, proof };
}

function shuffle(setting: Input['setting'], inputs: ItemText[], isWire: boolean): Input {
  const { setting: bound, input } = toMessage({ setting, isWire, inputs, items: [], proof: {} as ShuffleProof });
  return { setting, isWire, inputs, ...makeShuffle(bound, input, random) };
}

function replay(given: Input): Outcome {
  const message = toMessage(given);
  const shuffle = readShuffle(message);
  if (shuffle === null) return { expect: 'BAD_POINT' };
  if (!doShufflesHold([shuffle], hash(9))) return { expect: 'MIX_PROOF' };
  const seed = seedOf(message.setting, message.items, message.proof.c);
  return { expect: 'ok', output: { seed, u: shuffle.u.map(String), x: String(shuffle.x) } };
}

const entriesOf = (size: number): ItemText[] =>
  Array.from({ length: size }, () => [formatPoint(somePoint(random)), formatPoint(somePoint(random))]);
const [one, two, three] = [1, 2, 3].map((size) => shuffle(SETTING, entriesOf(size), false)) as [Input, Input, Input];
const other = shuffle(SETTING, entriesOf(3), false);
const later = shuffle(LATER, three.items, true);
const marked = three.items.map(([a, c]) => [withSmallPart(a), c] as const);
const item = entriesOf(1)[0] as ItemText;

const shuffled = (name: string, expect: string, input: Input): Case => ({ name, input: input as unknown as Json, expect });
const bound = (name: string, change: Partial<Input['setting']>) =>
  shuffled(`T48: for another ${name}`, 'MIX_PROOF', { ...three, setting: { ...SETTING, ...change } });
const changed = (member: keyof ShuffleProof, i: number): Case =>
  shuffled(`T48: another element ${i + 1} of ${member}`, 'MIX_PROOF', {
    ...three,
    proof: { ...three.proof, [member]: [...three.proof[member]].with(i, other.proof[member][i] as never) },
  });

export const shuffles: Chapter = {
  file: 'shuffles.json',
  section: '10.4',
  operations: {
    'wire-point': {
      about: 'output.meant is 8 · input.point, and output.sent the wire point of the prime subgroup that means it',
      replay: ({ point }) =>
        read(parseCurvePoint(point), (wire) => ({
          meant: formatPoint(pointMeant(wire)),
          sent: formatPoint(wirePointsOf([pointMeant(wire)])[0] as Point),
        })),
      cases: [
        { name: 'of the prime subgroup: sent as it came', input: { point: formatPoint(KEY) }, expect: 'ok' },
        { name: 'T38: with a small-order part: sent without it', input: { point: withSmallPart(formatPoint(KEY)) }, expect: 'ok' },
        { name: 'of small order: means the identity', input: { point: withSmallPart(['0', '1']) }, expect: 'ok' },
        { name: 'off the curve', input: { point: ['1', '1'] }, expect: 'refused' },
      ],
    },
    generator: {
      about: 'output is the generator H of input.index',
      replay: ({ index }) => computed(formatPoint(pointMeant(generatorsToCheck(index).at(-1) as Point))),
      cases: [0, 1, 2, 3, 17].map((index) => ({ name: `H${index}`, input: { index }, expect: 'ok' })),
    },
    shuffle: {
      about:
        'whether input.proof shows that input.items are input.inputs, shuffled, in input.setting; inputs are wire points where input.isWire says so. output is what is hashed on the way',
      replay,
      cases: [
        shuffled('of one', 'ok', one),
        shuffled('of two', 'ok', two),
        shuffled('of three', 'ok', three),
        shuffled('of the items of another', 'ok', later),
        shuffled('T38: of items with small-order parts', 'ok', shuffle(LATER, marked as unknown as ItemText[], true)),
        shuffled('T38: whose inputs are given with another small-order part: it means the same', 'ok', {
          ...later,
          inputs: marked as unknown as ItemText[],
        }),
        shuffled('T64: of equal items', 'ok', shuffle(SETTING, [item, item, item], false)),
        bound('statement', { statement: hash(3) }),
        bound('key', { key: formatPoint(somePoint(random)) }),
        bound('content', { content: hash(3) }),
        bound('trustee', { trustee: 3 }),
        bound('step', { step: 2 }),
        bound('step before', { previous: hash(3) }),
        bound('group', { group: hash(3) }),
        shuffled('T48: of other inputs', 'MIX_PROOF', { ...three, inputs: other.inputs }),
        shuffled('T48: of inputs that are read as wire points', 'MIX_PROOF', { ...three, isWire: true }),
        shuffled('T48: with another item', 'MIX_PROOF', { ...three, items: three.items.with(2, other.items[2] as ItemText) }),
        shuffled('T48: with items in another order', 'MIX_PROOF', { ...three, items: three.items.toReversed() }),
        shuffled('T48: with a small-order part on an item: the text is hashed', 'MIX_PROOF', {
          ...three,
          items: three.items.map(([a, c], i) => (i ? [a, c] : [withSmallPart(a), c])),
        }),
        ...(['c', 'cHat', 'tHat', 'sHat', 'sPrime'] as const).flatMap((member) => [changed(member, 0), changed(member, 2)]),
        ...[0, 1, 2, 3, 4].map((i) => changed('t', i)),
        ...[0, 1, 2, 3].map((i) => changed('s', i)),
        shuffled('with an item off the curve', 'BAD_POINT', { ...three, items: three.items.with(0, [['1', '1'], item[1]]) }),
        shuffled('with a commitment off the curve', 'BAD_POINT', {
          ...three,
          proof: { ...three.proof, cHat: three.proof.cHat.with(1, ['1', '1']) },
        }),
      ],
    },
  },
};
