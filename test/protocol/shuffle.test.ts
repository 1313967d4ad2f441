import { describe, expect, it } from 'vitest';
import {
  BASE,
  formatPoint,
  IDENTITY,
  multiplyPublic,
  type Point,
  type PointText,
  parseCurvePoint,
  toScalar,
} from '#lib/protocol/numbers/point.ts';
import { randomBelow, randomScalar } from '#lib/protocol/numbers/random.ts';
import { pointMeant, wirePointsOf } from '#lib/protocol/numbers/wire-point.ts';
import { doShufflesHold, type ReadShuffle, readShuffle, type ShuffleMessage } from '#lib/protocol/reveal/check-shuffle.ts';
import { drawPermutation, makeShuffle } from '#lib/protocol/reveal/make-shuffle.ts';
import type { ItemText, SealedList, ShuffleProof, ShuffleSetting } from '#lib/protocol/reveal/shuffle.ts';
import { seeded } from '../circuits/signer.ts';
import { smallOrderPoint } from './make-vectors/odd-points.ts';

const random = seeded('shuffles');
const secret = randomScalar(random);
const key = multiplyPublic(BASE, secret);
const hash = (i: number) => i.toString(16).padStart(2, '0').repeat(32);
const BATCH = hash(255);

const somePoint = () => multiplyPublic(BASE, randomScalar(random));
const seal = (token: Point): readonly [Point, Point] => {
  const r = randomScalar(random);
  return [multiplyPublic(BASE, r), token.add(multiplyPublic(key, r))];
};
const openMeant = ([A, C]: readonly [Point, Point]) => formatPoint(C.subtract(multiplyPublic(A, secret))).join();
const settingOf = (change: Partial<ShuffleSetting> = {}): ShuffleSetting => ({
  statement: hash(1),
  key,
  content: hash(2),
  trustee: 3,
  step: 1,
  previous: hash(2),
  group: hash(4),
  ...change,
});
const listOf = (tokens: readonly Point[]): SealedList => ({ group: hash(4), items: tokens.map(seal), isWire: false });
const shuffle = (input: SealedList, setting = settingOf()): ShuffleMessage => ({
  setting,
  input,
  ...makeShuffle(setting, input, random),
});
const read = (message: ShuffleMessage) => readShuffle(message);
const holds = (...messages: ShuffleMessage[]) => {
  const shuffles = messages.map(read);
  return shuffles.every((shuffle) => shuffle !== null) && doShufflesHold(shuffles as ReadShuffle[], BATCH);
};
/** The tokens in a list as a mixer sent it, sorted. */
const tokensIn = (items: readonly ItemText[]) =>
  items.map(([a, c]) => openMeant([pointMeant(parseCurvePoint(a) as Point), pointMeant(parseCurvePoint(c) as Point)])).sort();

describe('a shuffle', () => {
  it.each([1, 2, 3, 40])('of %i items holds, twice in a row, and holds the same tokens', (size) => {
    const tokens = Array.from({ length: size }, somePoint);
    const first = shuffle(listOf(tokens));
    const second = shuffle((read(first) as ReadShuffle).output, settingOf({ trustee: 1, step: 2, previous: hash(9) }));
    expect(holds(first, second)).toBe(true);
    const expected = tokens.map((token) => formatPoint(token).join()).sort();
    expect(tokensIn(first.items)).toEqual(expected);
    expect(tokensIn(second.items)).toEqual(expected);
  });

  it('of 1,000 items holds', () => {
    const [[A, C], step] = [seal(somePoint()), somePoint()];
    const items: [Point, Point][] = [[A, C]];
    while (items.length < 1_000) items.push([(items.at(-1) as [Point, Point])[0].add(step), (items.at(-1) as [Point, Point])[1].add(BASE)]);
    expect(holds(shuffle({ group: hash(4), items, isWire: false }))).toBe(true);
  }, 60_000);

  it('T64: takes equal items like others', () => {
    const token = seal(somePoint());
    const message = shuffle({ group: hash(4), items: [token, token, seal(somePoint()), token], isWire: false });
    expect(holds(message)).toBe(true);
    expect(new Set(message.items.map((item) => item.join())).size).toBe(4);
    expect(new Set(tokensIn(message.items)).size).toBe(2);
  });

  it('T53: tells nothing that was drawn for it', () => {
    const drawn: string[] = [];
    const listen = (length: number) => {
      const bytes = random(length);
      const piece = length % 48 === 0 ? 48 : 4; // a number, or a place of the permutation
      for (let at = 0; at < length; at += piece) {
        drawn.push(String(toScalar(BigInt(`0x${Buffer.from(bytes.subarray(at, at + piece)).toString('hex')}`))));
      }
      return bytes;
    };
    const made = JSON.stringify(makeShuffle(settingOf(), listOf([somePoint(), somePoint(), somePoint()]), listen));
    const long = drawn.filter((number) => number.length > 60);
    expect(long.length).toBe(3 * 5 + 4);
    for (const number of long) expect(made).not.toContain(number);
  });

  it('T53: puts one list into another order each time', () => {
    const input = listOf(Array.from({ length: 20 }, somePoint));
    const orderOf = ({ items }: ShuffleMessage) =>
      items.map(([a, c]) => openMeant([pointMeant(parseCurvePoint(a) as Point), pointMeant(parseCurvePoint(c) as Point)])).join();
    const before = input.items.map(openMeant).join();
    expect(new Set([before, orderOf(shuffle(input)), orderOf(shuffle(input)), orderOf(shuffle(input))]).size).toBe(4);
  });

  it('is made of other numbers each time', () => {
    const input = listOf([somePoint(), somePoint()]);
    const [one, other] = [shuffle(input), shuffle(input)];
    for (const [member, values] of Object.entries(one.proof))
      for (const [i, value] of values.entries()) expect(value, member).not.toEqual(other.proof[member as keyof ShuffleProof][i]);
  });
});

describe('T38: small-order parts', () => {
  const marked = Array.from({ length: 16 }, (_, i) => {
    const [A, C] = wirePointsOf(seal(somePoint())) as [Point, Point];
    return [A.add(multiple(smallOrderPoint(), i % 8)), C.add(multiple(smallOrderPoint(), i >> 3))] as const;
  });

  it('on what comes in leave no mark on what goes out, neither on items nor in the proof', () => {
    const message = shuffle({ group: hash(4), items: marked, isWire: true });
    expect(holds(message)).toBe(true);
    const { c, cHat, t, tHat } = message.proof;
    for (const text of [...message.items.flat(), ...c, ...cHat, ...t, ...tHat])
      expect((parseCurvePoint(text) as Point).isTorsionFree()).toBe(true);
  });

  it('added to what goes out change nothing that is meant', () => {
    const message = shuffle({ group: hash(4), items: marked, isWire: true });
    const add = (text: PointText) => formatPoint((parseCurvePoint(text) as Point).add(smallOrderPoint()));
    const shifted = { ...(read(message) as ReadShuffle) };
    const items = message.items.map(([a, c]) => [add(a), add(c)] as const);
    const output = { ...shifted.output, items: items.map(([a, c]) => [parseCurvePoint(a) as Point, parseCurvePoint(c) as Point] as const) };
    expect(doShufflesHold([{ ...shifted, output }], BATCH)).toBe(true);
    expect(tokensIn(items)).toEqual(tokensIn(message.items));
  });
});

describe('T48: the proof of a shuffle fails', () => {
  const input = listOf(Array.from({ length: 4 }, somePoint));
  const message = shuffle(input);
  const other = shuffle(listOf(Array.from({ length: 4 }, somePoint)));
  const elsewhere: [string, Partial<ShuffleSetting>][] = [
    ['statement', { statement: hash(7) }],
    ['key', { key: somePoint() }],
    ['content', { content: hash(7) }],
    ['trustee', { trustee: 4 }],
    ['step', { step: 2 }],
    ['previous', { previous: hash(7) }],
    ['group', { group: hash(7) }],
  ];

  it.each(elsewhere)('for another %s', (_, change) => {
    expect(holds(message)).toBe(true);
    expect(holds({ ...message, setting: settingOf(change) })).toBe(false);
  });

  it('for other inputs, and for outputs that are not those inputs', () => {
    expect(holds({ ...message, input: other.input })).toBe(false);
    expect(holds({ ...message, input: { ...input, items: input.items.toReversed() } })).toBe(false);
    for (let i = 0; i < 4; i++) expect(holds({ ...message, items: message.items.with(i, other.items[i] as ItemText) })).toBe(false);
    expect(holds({ ...message, items: message.items.toReversed() })).toBe(false);
  });

  it('where any point or response of it is another', () => {
    for (const [member, values] of Object.entries(message.proof) as [keyof ShuffleProof, readonly unknown[]][])
      for (const i of values.keys()) {
        const changed = [...values].with(i, other.proof[member][i]);
        expect(holds({ ...message, proof: { ...message.proof, [member]: changed } }), `${member} ${i}`).toBe(false);
      }
  });

  it('where a point is not on the curve', () => {
    const off: PointText = ['1', '1'];
    expect(read({ ...message, items: message.items.with(1, [off, off]) })).toBeNull();
    for (const member of ['c', 'cHat', 't', 'tHat'] as const)
      expect(
        read({ ...message, proof: { ...message.proof, [member]: [...message.proof[member]].with(2, off) } as ShuffleProof }),
      ).toBeNull();
  });

  it('where one item is put in the place of another', () => {
    const doubled = { ...input, items: [input.items[1], ...input.items.slice(1)] as SealedList['items'] };
    expect(holds({ ...shuffle(doubled), input })).toBe(false);
  });

  it('beside others that hold, and where two faults would cancel out in a plain sum', () => {
    expect(holds(other, { ...message, items: other.items })).toBe(false);
    const shift = (from: ShuffleMessage, by: Point): ShuffleMessage => {
      const [first, ...rest] = from.items as [ItemText, ...ItemText[]];
      return { ...from, items: [[first[0], formatPoint((parseCurvePoint(first[1]) as Point).add(by))], ...rest] };
    };
    expect(holds(shift(message, BASE), shift(message, BASE.negate()))).toBe(false);
  });
});

describe('a permutation', () => {
  it('is uniform: each of six orders of three comes as often', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 6_000; i++) {
      const order = drawPermutation(3, random).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('is drawn anew where a number does not fit a whole number of times', () => {
    const answers = [Uint8Array.of(255, 255, 255, 255), Uint8Array.of(0, 0, 0, 7)];
    expect(randomBelow(3, () => answers.shift() as Uint8Array)).toBe(1);
    expect(answers).toEqual([]);
  });
});

function multiple(point: Point, factor: number): Point {
  return Array.from({ length: factor }).reduce((sum: Point) => sum.add(point), IDENTITY);
}
