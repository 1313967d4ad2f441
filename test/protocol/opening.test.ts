import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { seal, unseal } from '#lib/protocol/key/sealing.ts';
import { packName } from '#lib/protocol/member/name.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { formatField, parseField } from '#lib/protocol/numbers/field.ts';
import {
  formatPoint,
  INVERSE_OF_EIGHT,
  multiplySecret,
  type Point,
  parseCurvePoint,
  SCALAR_ORDER,
  type Scalar,
  toScalar,
} from '#lib/protocol/numbers/point.ts';
import { randomField, randomScalar } from '#lib/protocol/numbers/random.ts';
import {
  type ClearedOpening,
  checkOpening,
  lagrangeAtZero,
  makeOpening,
  type Opening,
  revealName,
  type Wave,
} from '#lib/protocol/reveal/opening.ts';
import { createGroup, createStatement, type KeyCeremony, makeKey } from '../support/world.ts';
import { openWith } from './dishonest-opening.ts';
import { smallOrderPoint } from './make-vectors/odd-points.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const scene = createScene('opening test', { setup: PLAIN_SETUP, threshold: 3, size: 7, members: [5], trigger: { count: 3 } });
const { context, random } = scene;
const NAMES = ['Ada Lovelace', 'Žofie Nováková', '李小龍', 'Brian O’Neill'];
type Sealed = { nullifier: string; ephemeral: readonly [string, string]; ciphertext: string[] };

let key: KeyCeremony;
let sealedNames: Sealed[];
let wave: Wave;
let honest: ClearedOpening[];
const author = (trustee: number) => key.authors[trustee - 1] as Author;
const share = (trustee: number) => key.shares[trustee - 1] as Scalar;
const open = (trustee: number, of = wave) => makeOpening(author(trustee), key.keyed, share(trustee), of, random);
const check = (opening: Opening, of = wave) => checkOpening(context.id, key.keyed, of, opening);
const clear = (opening: Opening, of = wave): ClearedOpening => {
  const checked = check(opening, of);
  if (!checked.ok) throw new Error(checked.code);
  return checked.value;
};
const namesBy = (openings: readonly ClearedOpening[]) => sealedNames.map((item, i) => revealName(context.scope, item, i, openings));
const partialsOf = (trustee: number, change: (partial: Point, i: number) => Point) =>
  wave.items.map((item, i) =>
    change(multiplySecret(parseCurvePoint(item.ephemeral) as Point, toScalar(share(trustee) * INVERSE_OF_EIGHT)), i),
  );
const times = (count: number) =>
  Array.from({ length: count }).reduce((sum: Point | null) => (sum ? sum.add(smallOrderPoint()) : smallOrderPoint()), null) as Point;

beforeAll(() => {
  key = makeKey(context, scene.committee, random);
  sealedNames = NAMES.map((name) => {
    const subject = randomField(random);
    const sealed = seal(packName(name), key.keyed.key, { scope: context.scope, subject }, randomScalar(random));
    return { nullifier: formatField(subject), ephemeral: formatPoint(sealed.ephemeral), ciphertext: sealed.ciphertext.map(formatField) };
  });
  wave = { number: 1, checkpoint: '05'.repeat(32), items: sealedNames.map(({ nullifier, ephemeral }) => ({ nullifier, ephemeral })) };
  honest = [1, 2, 3, 4, 5].map((trustee) => clear(open(trustee)));
});

describe('the reveal', () => {
  it('shows the same names by any k of n trustees, in any order', () => {
    const expected = NAMES.map((name) => ({ name }));
    for (const some of [
      [1, 2, 3],
      [3, 4, 5],
      [5, 1, 3],
      [4, 2, 1],
      [1, 2, 3, 4, 5],
    ])
      expect(namesBy(some.map((trustee) => honest[trustee - 1] as ClearedOpening)), some.join()).toEqual(expected);
  });

  it('T10: shows nothing by fewer than k', () => {
    for (const name of namesBy(honest.slice(0, 2))) expect(name).not.toHaveProperty('name');
  });

  it('T29: shows the same names when a trustee hides points of small order in its partials: they are cleared, not believed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 4, maxLength: 4 }), (shifts) => {
        const shifted = openWith(
          author(1),
          share(1),
          wave,
          partialsOf(1, (partial, i) => (shifts[i] ? partial.add(times(shifts[i] as number)) : partial)),
          random,
        );
        const cleared = clear(shifted);
        for (const [i, point] of cleared.points.entries()) expect(point.equals(honest[0]?.points[i] as Point)).toBe(true);
        expect(namesBy([cleared, honest[1] as ClearedOpening, honest[2] as ClearedOpening])).toEqual(NAMES.map((name) => ({ name })));
      }),
      { numRuns: 8 },
    );
  });

  it('T29: would garble names without blame if the raw partials were used', () => {
    // Why 8⁻¹ stands in the share: x · ephemeral plus a small-order part passes a check that clears cofactors.
    const raw = multiplySecret(parseCurvePoint((wave.items[0] as Wave['items'][0]).ephemeral) as Point, share(1));
    expect(raw.equals(honest[0]?.points[0] as Point)).toBe(true);
    const garbled = raw.add(smallOrderPoint());
    const [nullifier, ciphertext] = [parseField((sealedNames[0] as Sealed).nullifier), sealedNames[0]?.ciphertext.map(parseField)];
    const context_ = { scope: context.scope, subject: nullifier as never };
    expect(unseal(ciphertext as never, raw, context_)).not.toEqual(unseal(ciphertext as never, garbled, context_));
  });

  it('shows what is no name as its hex, and the other names all the same', () => {
    const broken = { ...(sealedNames[0] as Sealed), ciphertext: ['1', '2', '3', '4'] };
    const shown = revealName(context.scope, broken, 0, honest.slice(0, 3));
    expect(shown).toEqual({ undecodable: expect.stringMatching(/^[0-9a-f]{256}$/) });
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
    for (const i of [0, 3]) {
      const wrong = openWith(
        author(2),
        share(2),
        wave,
        partialsOf(2, (partial, k) => (k === i ? partial.add(partial) : partial)),
        random,
      );
      expect(check(wrong)).toEqual({ ok: false, code: 'OPENING_PROOF', detail: 'the opening of trustee 2 is not proven' });
    }
    const identity = openWith(
      author(2),
      share(2),
      wave,
      partialsOf(2, (partial, k) => (k ? partial : partial.subtract(partial))),
      random,
    );
    expect(check(identity)).toMatchObject({ code: 'OPENING_PROOF' });
  });

  it('T11: with partials exchanged, or errors that cancel out in a plain sum, is refused', () => {
    const [a, b] = partialsOf(2, (partial) => partial) as [Point, Point];
    const swapped = openWith(
      author(2),
      share(2),
      wave,
      partialsOf(2, (partial, i) => (i === 0 ? b : i === 1 ? a : partial)),
      random,
    );
    expect(check(swapped)).toMatchObject({ code: 'OPENING_PROOF' });
    const cancelling = openWith(
      author(2),
      share(2),
      wave,
      partialsOf(2, (partial, i) => (i === 0 ? partial.add(a) : i === 1 ? partial.subtract(a) : partial)),
      random,
    );
    expect(check(cancelling)).toMatchObject({ code: 'OPENING_PROOF' });
  });

  it('T11: by another share than the one behind the verification key is refused', () => {
    const other = openWith(
      author(2),
      share(3),
      wave,
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

  it('T6: is of one wave of one checkpoint of one statement', () => {
    const opening = open(1);
    const elsewhere = [
      { ...wave, number: 2 },
      { ...wave, checkpoint: '06'.repeat(32) },
      { ...wave, items: wave.items.slice(1) },
    ];
    for (const other of elsewhere) {
      expect(check(opening, other)).toMatchObject({ code: 'OPENING_WAVE' });
      // Relabelled and signed again, its proof still speaks of the wave it was made for.
      const relabelled = { ...open(1, other), wave: wave.number, checkpoint: wave.checkpoint };
      expect(check(relabelled)).toMatchObject({ ok: false });
    }
    expect(checkOpening('00'.repeat(32), key.keyed, wave, opening)).toMatchObject({ code: 'OPENING_PROOF' });
    const group = createGroup('Others', ['A', 'B', 'C', 'D'], random);
    const statement = createStatement([group], scene.committee, { count: 3 }, { ...PLAIN_SETUP, random });
    expect(checkTrusteeMessage(statement, opening)).toMatchObject({ code: 'OTHER_STATEMENT' });
  });

  it('T34: multiplies the ephemerals of the wave and nothing else', () => {
    const foreign = {
      ...wave,
      items: wave.items.map((item, i) => (i ? item : { ...item, ephemeral: sealedNames[1]?.ephemeral as never })),
    };
    expect(check(open(1, foreign))).toMatchObject({ code: 'OPENING_PROOF' });
    const renamed = { ...wave, items: wave.items.map((item, i) => (i ? item : { ...item, nullifier: '1' })) };
    expect(check(open(1, renamed))).toMatchObject({ code: 'OPENING_PROOF' });
  });

  it('T11: needs verification key, base and image in its challenge: a proof for one does not hold for another', () => {
    const opening = open(1);
    const exchanged = {
      ...key.keyed,
      verificationKeys: key.keyed.verificationKeys.map((point, i, all) => (i ? point : (all[1] as Point))),
    };
    expect(checkOpening(context.id, exchanged, wave, opening)).toMatchObject({ code: 'OPENING_PROOF' });
  });
});
