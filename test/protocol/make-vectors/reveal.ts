// SPEC §10: openings and names
import { bytesToHex } from '@noble/hashes/utils.js';
import { seal } from '#lib/protocol/key/sealing.ts';
import { packName } from '#lib/protocol/member/name.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import { hashBytes, hashHex } from '#lib/protocol/messages/hash.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { formatPoint, type Point, type PointText, parseCurvePoint, type Scalar } from '#lib/protocol/numbers/point.ts';
import { randomField, randomScalar } from '#lib/protocol/numbers/random.ts';
import { checkOpening, lagrangeAtZero, makeOpening, type Opening, revealName, type Wave } from '#lib/protocol/reveal/opening.ts';
import { makeKey } from '#test/support/world.ts';
import { openWith, timesEight } from '../dishonest-opening.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';
import { smallOrderPoint } from './odd-points.ts';
import { createScene, PLAIN_SETUP, secretsOf } from './scene.ts';

const scene = createScene('reveal', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5, 9], trigger: { count: 3 } });
const { context, random } = scene;
const hash = (i: number) => i.toString(16).padStart(2, '0').repeat(32);
const key = makeKey(context, scene.committee, random);
const NAMES = ['Ada Lovelace', 'Žofie Nováková', '李小龍'];
const sealedNames = NAMES.map((name) => {
  const subject = randomField(random);
  const sealed = seal(packName(name), key.keyed.key, { scope: context.scope, subject }, randomScalar(random));
  return { nullifier: formatField(subject), ephemeral: formatPoint(sealed.ephemeral), ciphertext: sealed.ciphertext.map(formatField) };
}).sort((a, b) => (BigInt(a.nullifier) < BigInt(b.nullifier) ? -1 : 1));
const wave: Wave = { number: 1, checkpoint: hash(5), items: sealedNames.map(({ nullifier, ephemeral }) => ({ nullifier, ephemeral })) };
const openings = key.authors.map((author, i) => makeOpening(author, key.keyed, key.shares[i] as Scalar, wave, random));
const [first, second, third] = openings as [Opening, Opening, Opening];
const resign = (change: object, from: Opening = first): Opening => {
  const { signature: _, ...body } = { ...from, ...change };
  return signMessage('opening', body, scene.committee.seeds[from.trustee - 1] as Uint8Array) as Opening;
};
const other = { ...wave, number: 2, checkpoint: hash(6) };
const openingOfOther = makeOpening(key.authors[0] as (typeof key.authors)[0], key.keyed, key.shares[0] as Scalar, other, random);
const withSmallPart = (text: readonly string[]): PointText => formatPoint((parseCurvePoint(text) as Point).add(smallOrderPoint()));
const [d0, d1, d2] = first.partials as [PointText, PointText, PointText];
/** Of a trustee that shifts every partial by a point of small order and proves the rest: it must pass and change nothing. */
const shifted = openWith(
  key.authors[0] as (typeof key.authors)[0],
  key.shares[0] as Scalar,
  wave,
  first.partials.map((text) => (parseCurvePoint(text) as Point).add(smallOrderPoint())),
  random,
);

const open = (name: string, expect: string, opening: Opening, of: Wave = wave): Case => ({
  name,
  input: { wave: of, opening } as unknown as Json,
  expect,
});
const out = (name: string, index: number, of: readonly Opening[], change: object = {}): Case => ({
  name,
  input: {
    item: { nullifier: sealedNames[index]?.nullifier, ciphertext: sealedNames[index]?.ciphertext, ...change },
    index,
    openings: of,
  } as unknown as Json,
  expect: 'ok',
});

export const reveal: Chapter = {
  file: 'openings.json',
  section: '10.2',
  given: {
    statement: context.statement,
    headers: scene.groups.map((group) => group.header),
    secrets: secretsOf(scene),
    shares: key.shares.map(String),
    verificationKeys: key.keyed.verificationKeys.map(formatPoint),
  } as unknown as Json,
  operations: {
    opening: {
      about: 'whether input.opening is a valid opening of input.wave; output is the seed, the coefficients and the points E = 8 · D',
      replay: ({ wave, opening }) =>
        judged(checkOpening(context.id, key.keyed, wave, opening), (cleared) => {
          const items = wave.items.map((item: Json, i: number) => ({ ...(item as object), partial: opening.partials[i] }));
          const verificationKey = formatPoint(key.keyed.verificationKeys[opening.trustee - 1] as Point);
          const { statement, trustee, checkpoint } = opening;
          const seed = hashHex('opening-seed', { statement, trustee, key: verificationKey, wave: opening.wave, checkpoint, items });
          const coefficients = items.map((_: Json, index: number) =>
            BigInt(`0x${bytesToHex(hashBytes('opening-coefficient', { seed, index }).subarray(0, 16))}`).toString(),
          );
          return { seed, coefficients, points: cleared.points.map(formatPoint) };
        }),
      cases: [
        open('of the first trustee', 'ok', first),
        open('of the second', 'ok', second),
        open('of the third', 'ok', third),
        open('T6: of another wave', 'OPENING_WAVE', openingOfOther),
        open('of the same wave of another checkpoint', 'OPENING_WAVE', first, { ...wave, checkpoint: hash(6) }),
        open(
          'made for another checkpoint and sent for this one',
          'OPENING_PROOF',
          resign({ wave: 1, checkpoint: hash(5) }, openingOfOther),
        ),
        open('one partial less', 'OPENING_WAVE', resign({ partials: [d0, d1] })),
        open('two partials exchanged', 'OPENING_PROOF', resign({ partials: [d1, d0, d2] })),
        open('a partial of another trustee', 'OPENING_PROOF', resign({ partials: [d0, d1, second.partials[2]] })),
        open('all partials of another trustee', 'OPENING_PROOF', resign({ partials: second.partials, proof: second.proof })),
        open('a partial off the curve', 'BAD_POINT', resign({ partials: [d0, d1, ['1', '1']] })),
        open('a partial that is the identity', 'OPENING_PROOF', resign({ partials: [d0, d1, ['0', '1']] })),
        open('T29: a small-order part added afterwards', 'OPENING_PROOF', resign({ partials: [d0, d1, withSmallPart(d2)] })),
        open('T29: a small-order part in every partial, proven: valid, and E is the same', 'ok', shifted),
        open('another response', 'OPENING_PROOF', resign({ proof: { ...first.proof, response: second.proof.response } })),
        open('another nullifier in the wave', 'OPENING_PROOF', first, {
          ...wave,
          items: wave.items.map((item, i) => (i ? item : { ...item, nullifier: '1' })),
        }),
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
    'name-out': {
      about: 'output is what input.openings, all valid, show at place input.index of the wave, under the seal of input.item',
      replay: ({ item, index, openings }) => {
        const cleared = openings.map(({ trustee, partials }: Opening) => ({
          trustee,
          points: partials.map((text) => timesEight(parseCurvePoint(text) as Point)),
        }));
        return computed(revealName(context.scope, item, index, cleared));
      },
      cases: [
        ...[0, 1, 2].map((i) => out(`name ${i + 1}, by the first two`, i, [first, second])),
        out('by the last two', 0, [second, third]),
        out('by the first and the last, in the other order', 0, [third, first]),
        out('by all three', 0, [first, second, third]),
        out('T29: with small-order parts: the same name', 0, [shifted, second]),
        out('a ciphertext that holds no name', 0, [first, second], { ciphertext: ['1', '2', '3', '4'] }),
        out('one trustee is not enough: rubbish', 0, [first]),
      ],
    },
  },
};
