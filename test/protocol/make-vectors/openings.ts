// SPEC §10.7 – §10.8: openings and tokens
import { bytesToHex } from '@noble/hashes/utils.js';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import { hashBytes, hashHex } from '#lib/protocol/messages/hash.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatPoint, IDENTITY, type Point, type PointText, parseCurvePoint } from '#lib/protocol/numbers/point.ts';
import { checkOpening, makeOpening, type Opening, openItems } from '#lib/protocol/reveal/opening.ts';
import type { SealedList } from '#lib/protocol/reveal/shuffle.ts';
import { clearTexts, lagrangeAtZero, takeTokens } from '#lib/protocol/reveal/tokens.ts';
import { seeded } from '#test/circuits/signer.ts';
import { openWith } from '../dishonest-opening.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';
import { smallOrderPoint } from './odd-points.ts';
import { authorOf, chain, GIVEN, hash, listText, SEEDS, shareOf, VERIFICATION_KEYS, withSmallPart } from './reveal-world.ts';

const random = seeded('vectors of openings');
const keyed = { verificationKeys: VERIFICATION_KEYS } as Parameters<typeof makeOpening>[1];
const { end } = chain;
const open = (trustee: number, of = end, lead = true) => makeOpening(authorOf(trustee), keyed, shareOf(trustee), of, lead, random);
const [first, second, third] = [1, 2, 4].map((trustee) => open(trustee)) as [Opening, Opening, Opening];
const resign = (change: object, from: Opening = first): Opening => {
  const { signature: _, ...body } = { ...from, ...change };
  return signMessage('opening', body, SEEDS[from.trustee - 1] as Uint8Array) as Opening;
};
type Partials = readonly PointText[];
const withPartials = (change: (partials: Partials) => Partials, from = first): Opening =>
  resign({ lists: from.lists.map((list, i) => (i ? list : { ...list, partials: change(list.partials) })) }, from);
const partialsOf = (change: (partial: Point) => Point) =>
  end.lists.map((list) => openItems(shareOf(1), list).map((text) => change(parseCurvePoint(text) as Point)));
/** Of a trustee that shifts every partial by a point of small order and proves the rest: it must pass and change nothing. */
const shifted = openWith(
  authorOf(1),
  shareOf(1),
  end,
  partialsOf((partial) => partial.add(smallOrderPoint())),
  random,
);
const otherChain = { ...end, mix: hash(7) };

const opened = (name: string, expect: string, opening: Opening): Case => ({ name, input: { opening } as unknown as Json, expect });
const taken = (name: string, openings: readonly Opening[]): Case => ({ name, input: { openings } as unknown as Json, expect: 'ok' });

export const openings: Chapter = {
  file: 'openings.json',
  section: '10.7',
  given: { ...(GIVEN as object), content: end.content, mix: end.mix, lists: end.lists.map(listText) } as unknown as Json,
  operations: {
    opening: {
      about:
        'whether input.opening opens given.lists, the last of the chain that ends with given.mix; output is the seed, the coefficients and the points E',
      replay: ({ opening }) =>
        judged(checkOpening(keyed, end, opening), (cleared) => {
          const { statement, trustee, wave, content, mix, lists } = opening as Opening;
          const key = formatPoint(VERIFICATION_KEYS[trustee - 1] as Point);
          const seed = hashHex('opening-seed', { statement, trustee, key, wave, content, mix, lists });
          const coefficients = lists
            .flatMap(({ partials }) => partials)
            .map((_, i) => BigInt(`0x${bytesToHex(hashBytes('opening-coefficient', { seed, index: i + 1 }).subarray(0, 16))}`).toString());
          return { seed, coefficients, points: cleared.lists.map(({ points }) => points.map(formatPoint)) };
        }),
      cases: [
        opened('of the first trustee', 'ok', first),
        opened('of the second', 'ok', second),
        opened('of the fourth, who follows', 'ok', resign({ lead: false }, third)),
        opened('T6: of another wave number', 'OPENING_MIX', resign({ wave: 2 })),
        opened('T6: of another content', 'OPENING_MIX', resign({ content: hash(7) })),
        opened('T6: of another chain', 'OPENING_MIX', open(1, otherChain)),
        opened('made for another chain and sent for this one', 'OPENING_PROOF', resign({ mix: end.mix }, open(1, otherChain))),
        opened('a list missing', 'OPENING_MIX', resign({ lists: first.lists.slice(1) })),
        opened('lists in another order', 'OPENING_MIX', resign({ lists: first.lists.toReversed() })),
        opened(
          'one partial less',
          'OPENING_MIX',
          withPartials((partials) => partials.slice(1)),
        ),
        opened(
          'two partials exchanged',
          'OPENING_PROOF',
          withPartials(([a, b, ...rest]) => [b, a, ...rest] as Partials),
        ),
        opened(
          'a partial of another trustee',
          'OPENING_PROOF',
          withPartials((partials) => partials.with(2, second.lists[0]?.partials[2] as PointText)),
        ),
        opened('all partials of another trustee', 'OPENING_PROOF', resign({ lists: second.lists, proof: second.proof })),
        opened(
          'a partial off the curve',
          'BAD_POINT',
          withPartials((partials) => partials.with(2, ['1', '1'])),
        ),
        opened(
          'a partial that is the identity',
          'OPENING_PROOF',
          withPartials((partials) => partials.with(2, formatPoint(IDENTITY))),
        ),
        opened(
          'T29: a small-order part added afterwards',
          'OPENING_PROOF',
          withPartials((partials) => partials.with(2, withSmallPart(partials[2] as PointText))),
        ),
        opened('T29: a small-order part in every partial, proven: valid, and E is the same', 'ok', shifted),
        opened('another response', 'OPENING_PROOF', resign({ proof: { ...first.proof, response: second.proof.response } })),
      ],
    },
    lagrange: {
      about: 'output is λ for each of input.indexes',
      replay: ({ indexes }) => computed(lagrangeAtZero(indexes).map(String)),
      cases: [
        { name: 'one and two', input: { indexes: [1, 2] }, expect: 'ok' },
        { name: 'two and one', input: { indexes: [2, 1] }, expect: 'ok' },
        { name: 'one and sixteen', input: { indexes: [1, 16] }, expect: 'ok' },
        { name: 'three of many', input: { indexes: [3, 7, 11] }, expect: 'ok' },
      ],
    },
    tokens: {
      about: 'output is the tokens T that input.openings, all valid, take out of given.lists',
      replay: ({ openings }) =>
        computed(
          end.lists.map(({ items }: SealedList, list) => {
            const partials = openings.map(({ trustee, lists }: Opening) => ({ trustee, points: clearTexts(lists[list]?.partials ?? []) }));
            const sealed = clearTexts(items.map(([, C]) => formatPoint(C)));
            return takeTokens(sealed, partials).map(formatPoint);
          }),
        ),
      cases: [
        taken('by the first two: two of the first group are equal', [first, second]),
        taken('by the last two', [second, third]),
        taken('by the first and the last, in the other order', [third, first]),
        taken('by all three', [first, second, third]),
        taken('T29: with small-order parts: the same', [shifted, second]),
        taken('one trustee is not enough: rubbish', [first]),
      ],
    },
  },
};
