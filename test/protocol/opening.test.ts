import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import {
  BASE,
  formatPoint,
  IDENTITY,
  multiplyPublic,
  type Point,
  type PointText,
  parseCurvePoint,
  SCALAR_ORDER,
  toScalar,
} from '#lib/protocol/numbers/point.ts';
import { randomScalar } from '#lib/protocol/numbers/random.ts';
import { pointMeant } from '#lib/protocol/numbers/wire-point.ts';
import { workHere } from '#lib/protocol/record/work.ts';
import { type ChainEnd, type ClearedOpening, checkOpening, makeOpening, type Opening, openItems } from '#lib/protocol/reveal/opening.ts';
import type { SealedList } from '#lib/protocol/reveal/shuffle.ts';
import { clearTexts, lagrangeAtZero, takeTokens } from '#lib/protocol/reveal/tokens.ts';
import { createGroup, createStatement, type KeyCeremony, makeKey } from '../support/world.ts';
import { openWith } from './dishonest-opening.ts';
import { smallOrderPoint } from './make-vectors/odd-points.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';
import { authorOf, mixBy, shareOf, waveOf } from './reveal-scene.ts';

const scene = createScene('opening test', { setup: PLAIN_SETUP, threshold: 3, size: 7, members: [5, 5], trigger: { count: 3 } });
const { context, random } = scene;
const [A, B] = scene.groups.map(({ id }) => id).sort() as [string, string];
const somePoint = () => multiplyPublic(BASE, randomScalar(random));
const TOKENS = new Map([
  [A, [somePoint(), somePoint(), somePoint()]],
  [B, [somePoint(), somePoint()]],
]);

let key: KeyCeremony;
let end: ChainEnd;
let honest: ClearedOpening[];
const open = (trustee: number, of = end) => makeOpening(authorOf(key, trustee), key.keyed, shareOf(key, trustee), of, true, random);
const check = (opening: Opening, of = end) => checkOpening(key.keyed, of, opening);
const clear = (opening: Opening): ClearedOpening => {
  const checked = check(opening);
  if (!checked.ok) throw new Error(checked.code);
  return checked.value;
};
/** The same question as a record's verifier and a trustee ask it of another thread. */
const asText = (opening: Opening, { wave, content, mix, lists }: ChainEnd) => ({
  ...{ wave, content, mix, opening, verificationKey: formatPoint(key.keyed.verificationKeys[opening.trustee - 1]!) },
  lists: lists.map(({ group, items, isWire }) => ({
    group,
    items: items.map(([a, c]) => [formatPoint(a), formatPoint(c)] as const),
    isWire,
  })),
});
const textsOf = ({ lists }: ClearedOpening) => lists.map(({ points }) => points.map(formatPoint));
/** The tokens that these openings show, by group, sorted. */
const tokensBy = (openings: readonly ClearedOpening[]) =>
  end.lists.map(({ items }, list) => {
    const partials = openings.map(({ trustee, lists }) => ({ trustee, points: lists[list]?.points as Point[] }));
    const sealed = items.map(([, C]) => pointMeant(C));
    return takeTokens(sealed, partials).map((T) => formatPoint(T).join());
  });
const sortedTokens = (openings: readonly ClearedOpening[]) => tokensBy(openings).map((list) => list.sort());
const expected = [A, B].map((group) =>
  TOKENS.get(group)
    ?.map((T) => formatPoint(T).join())
    .sort(),
);
const partialsOf = (trustee: number, change: (partial: Point, i: number) => Point) => {
  let i = 0;
  return end.lists.map((list) => openItems(shareOf(key, trustee), list).map((text) => change(parseCurvePoint(text) as Point, i++)));
};
const wrongBy = (trustee: number, change: (partial: Point, i: number) => Point) =>
  openWith(authorOf(key, trustee), shareOf(key, trustee), end, partialsOf(trustee, change), random);
const times = (count: number) => Array.from({ length: count }).reduce((sum: Point) => sum.add(smallOrderPoint()), IDENTITY);

beforeAll(() => {
  key = makeKey(context, scene.committee, random);
  const { setting } = waveOf(context.id, key.keyed.key, TOKENS, random);
  end = mixBy(
    setting,
    [5, 2, 4].map((trustee) => authorOf(key, trustee)),
    random,
  ).end;
  honest = [1, 2, 3, 4, 5].map((trustee) => clear(open(trustee)));
});

describe('the reveal', () => {
  it('shows the same tokens by any k of n trustees, in any order', () => {
    const first = tokensBy(honest.slice(0, 3));
    for (const some of [
      [1, 2, 3],
      [3, 4, 5],
      [5, 1, 3],
      [4, 2, 1],
      [1, 2, 3, 4, 5],
    ])
      expect(tokensBy(some.map((trustee) => honest[trustee - 1] as ClearedOpening)), some.join()).toEqual(first);
    expect(sortedTokens(honest.slice(0, 3))).toEqual(expected);
  });

  it('T10: shows nothing by fewer than k', () => {
    const shown = tokensBy(honest.slice(0, 2)).flat();
    expect(shown.filter((T) => expected.flat().includes(T))).toEqual([]);
  });

  it('T29: shows the same tokens when a trustee hides points of small order in its partials: they are cleared, not believed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 5, maxLength: 5 }), (shifts) => {
        const cleared = clear(wrongBy(1, (partial, i) => partial.add(times(shifts[i] as number))));
        expect(textsOf(cleared)).toEqual(textsOf(honest[0] as ClearedOpening));
        expect(sortedTokens([cleared, honest[1] as ClearedOpening, honest[2] as ClearedOpening])).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });

  it('T29: multiplies points meant, so that a small-order part on an item tells nothing of a share', () => {
    const [A0, C0] = (end.lists[0] as SealedList).items[0] as readonly [Point, Point];
    const marked = { items: [[A0.add(smallOrderPoint()), C0] as const], isWire: true };
    const plain = { items: [[A0, C0] as const], isWire: true };
    expect(openItems(shareOf(key, 1), marked)).toEqual(openItems(shareOf(key, 1), plain));
  });

  it('reads texts of a verified message as the points that they mean', () => {
    const opening = open(1);
    const texts = opening.lists[0]?.partials as PointText[];
    expect(clearTexts(texts)).toEqual(honest[0]?.lists[0]?.points);
    expect(() => clearTexts([['1', '1']])).toThrow('verified');
  });

  it('interpolates at zero over any distinct places', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 16 }), { minLength: 2, maxLength: 8 }),
        fc.array(fc.bigInt({ min: 0n, max: SCALAR_ORDER - 1n }), { minLength: 8, maxLength: 8 }),
        (places, coefficients) => {
          const polynomial = coefficients.slice(0, places.length);
          const at = (x: number) => polynomial.reduceRight((sum, a) => (sum * BigInt(x) + a) % SCALAR_ORDER, 0n);
          const weights = lagrangeAtZero(places);
          expect(toScalar(places.reduce((sum, place, i) => sum + (weights[i] as bigint) * at(place), 0n))).toBe(polynomial[0]);
        },
      ),
    );
  });
});

describe('an opening', () => {
  it('T11: with any wrong partial names its author and no other', () => {
    for (const i of [0, 4]) {
      const wrong = wrongBy(2, (partial, k) => (k === i ? partial.add(partial) : partial));
      expect(check(wrong)).toEqual({ ok: false, code: 'OPENING_PROOF', detail: 'the opening of trustee 2 is not proven' });
    }
    expect(check(wrongBy(2, (partial, i) => (i ? partial : IDENTITY)))).toMatchObject({ code: 'OPENING_PROOF' });
  });

  it('T11: with partials exchanged, within a list or between lists, or errors that cancel out in a plain sum, is refused', () => {
    const all = partialsOf(2, (partial) => partial).flat();
    for (const [one, other] of [
      [0, 1],
      [0, 4],
    ] as const) {
      const swapped = wrongBy(2, (partial, i) => (i === one ? (all[other] as Point) : i === other ? (all[one] as Point) : partial));
      expect(check(swapped)).toMatchObject({ code: 'OPENING_PROOF' });
    }
    const cancelling = wrongBy(2, (partial, i) => (i === 0 ? partial.add(BASE) : i === 1 ? partial.subtract(BASE) : partial));
    expect(check(cancelling)).toMatchObject({ code: 'OPENING_PROOF' });
  });

  it('T11: by another share than the one behind the verification key is refused', () => {
    const other = openWith(
      authorOf(key, 2),
      shareOf(key, 3),
      end,
      partialsOf(3, (partial) => partial),
      random,
    );
    expect(check(other)).toMatchObject({ code: 'OPENING_PROOF' });
  });

  it('T11: in the name of another trustee is refused, with its signature and with its proof', () => {
    const moved = { ...open(1), trustee: 2 };
    expect(checkTrusteeMessage(context, moved)).toMatchObject({ code: 'TRUSTEE_SIGNATURE' });
    expect(check(moved)).toMatchObject({ code: 'OPENING_PROOF' });
  });

  it('T6: is of one chain of one wave of one statement', async () => {
    const opening = open(1);
    const changes: Partial<ChainEnd>[] = [{ wave: 2 }, { content: '06'.repeat(32) }, { mix: '06'.repeat(32) }];
    for (const change of changes) {
      const other = { ...end, ...change };
      expect(check(opening, other)).toMatchObject({ code: 'OPENING_MIX' });
      expect(await workHere.checkOpening(asText(opening, other))).toMatchObject({ code: 'OPENING_MIX' });
      // Relabelled, its proof still speaks of the chain it was made for.
      expect(check({ ...open(1, other), wave: end.wave, content: end.content, mix: end.mix })).toMatchObject({ code: 'OPENING_PROOF' });
    }
    expect(await workHere.checkOpening(asText(opening, end))).toEqual({ ok: true, value: true });
    for (const lists of [end.lists.slice(1), end.lists.toReversed(), end.lists.map((list) => ({ ...list, items: list.items.slice(1) }))])
      expect(check(opening, { ...end, lists })).toMatchObject({ code: 'OPENING_MIX' });
    expect(check(opening, { ...end, statement: '00'.repeat(32) })).toMatchObject({ code: 'OPENING_PROOF' });
    const group = createGroup('Others', ['A', 'B', 'C', 'D'], random);
    const statement = createStatement([group], scene.committee, { count: 3 }, { ...PLAIN_SETUP, random });
    expect(checkTrusteeMessage(statement, opening)).toMatchObject({ code: 'OTHER_STATEMENT' });
  });

  it('with a partial off the curve is refused', () => {
    const [first, ...rest] = open(1).lists as [Opening['lists'][0], ...Opening['lists']];
    const off = { ...open(1), lists: [{ ...first, partials: [['1', '1'] as const, ...first.partials.slice(1)] }, ...rest] };
    expect(check(off)).toMatchObject({ code: 'BAD_POINT' });
  });

  it('T34: multiplies the ephemerals of the chain and nothing else', () => {
    const [first, second] = (end.lists[0] as SealedList).items as unknown as [readonly [Point, Point], readonly [Point, Point]];
    const foreign = {
      ...end,
      lists: end.lists.map((list, i) => (i ? list : { ...list, items: list.items.with(0, [second[0], first[1]]) })),
    };
    expect(check(open(1, foreign))).toMatchObject({ code: 'OPENING_PROOF' });
  });

  it('T11: needs verification key, base and image in its challenge: a proof for one does not hold for another', () => {
    const opening = open(1);
    const verificationKeys = key.keyed.verificationKeys.map((point, i, all) => (i ? point : (all[1] as Point)));
    expect(checkOpening({ verificationKeys }, end, opening)).toMatchObject({ code: 'OPENING_PROOF' });
  });
});
