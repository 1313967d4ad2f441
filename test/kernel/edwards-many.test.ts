import { babyjubjub } from '@noble/curves/misc.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { twistOf } from '#kernel/generator/edwards.ts';
import { FMA, invert, primeField, SCALAR } from '#kernel/generator/field.ts';
import { BIG_ARITHMETIC, type BigPoint, type SecretTerms } from '#lib/protocol/numbers/big-arithmetic.ts';
import { type EdwardsExports, loadEdwardsExports } from '#lib/protocol/numbers/edwards-module.ts';
import { FIELD_ORDER } from '#lib/protocol/numbers/field.ts';
import { KernelArithmetic } from '#lib/protocol/numbers/kernel-arithmetic.ts';
import { BASE, formatPoint, formatPoints, IDENTITY } from '#lib/protocol/numbers/point.ts';
import { anyScalar, digitsAtTheEdge, doubleOf, EDGES, EIGHTH, fill, L, modulo, numberOf, POINTS, pointOf, sumOf } from './edwards-edges.ts';
import { Quads } from './quads.ts';

/** Some of each coset of the prime subgroup, and the identity. */
const KINDS = POINTS.filter((_, i) => i % 3 === 0);

type Change = (point: number, addend: number, scratch: number) => void;
interface StepExports extends EdwardsExports {
  scratch(): number;
  beside_add: Change;
  beside_subtract: Change;
  beside_add_half: Change;
  beside_double(point: number, scratch: number): void;
  beside_double_only(point: number, scratch: number): void;
  beside_addend(point: number, into: number, scratch: number): void;
  beside_half_addend(point: number, inverse: number, into: number, scratch: number): void;
}

describe.each([FMA, SCALAR])('points of Baby Jubjub side by side, by $name', (shape) => {
  let exports: StepExports;
  let kernel: KernelArithmetic;
  beforeAll(() => {
    exports = loadEdwardsExports(shape.name) as StepExports;
    kernel = new KernelArithmetic(exports);
  });
  /** The results, which must be those of big integers and have a Z of 1, with the T of it. */
  const expectAll = (results: readonly BigPoint[], expected: readonly BigPoint[]) => {
    expect(formatPoints(results)).toEqual(formatPoints(expected));
    for (const { X, Y, T, Z } of results) expect([Z, T]).toEqual([1n, (X * Y) % FIELD_ORDER]);
  };
  const expectSums = (sums: readonly BigPoint[], ...terms: SecretTerms[]) =>
    expectAll(kernel.addSecretMultiples(sums, terms), BIG_ARITHMETIC.addSecretMultiples(sums, terms));

  it('multiplies every kind of point by one scalar, for those at the ends and others', () => {
    const check = (factor: bigint) => expectAll(kernel.multiplyAllPublic(POINTS, factor), BIG_ARITHMETIC.multiplyAllPublic(POINTS, factor));
    // All windows full, and every odd digit of five bits with both signs, the highest with a carry.
    const digits = fill(16, (i) => BigInt(2 * i + 1)).map((digit) => (digit << 245n) + (digit << 100n) + digit);
    for (const factor of [...EDGES, ...digits, ...digits.map((digit) => L - digit)]) check(factor);
    fc.assert(fc.property(anyScalar, check), { numRuns: 5 });
  });

  it('adds to every kind of point its multiples of several others, by scalars at the ends and others', () => {
    const scalarsFrom = (start: number) => KINDS.map((_, i) => EDGES[(start + i) % EDGES.length] as bigint);
    const tabled = KINDS.map((point) => point.add(IDENTITY));
    for (const [i, point] of tabled.entries()) expectSums(KINDS, { point, scalars: scalarsFrom(i) });
    expectSums(KINDS);
    expectSums(KINDS, ...[0, 7, 10].map((i) => ({ point: tabled[i] as BigPoint, scalars: scalarsFrom(i) })));
    const property = fc.property(fc.array(fc.tuple(fc.constantFrom(...POINTS), anyScalar, anyScalar), { maxLength: 9 }), (list) => {
      const [first, second] = [list.map(([, scalar]) => scalar), list.map(([, , scalar]) => scalar)];
      const sums = list.map(([point]) => point);
      expectSums(sums, { point: BASE, scalars: first }, { point: tabled[8] as BigPoint, scalars: second });
    });
    fc.assert(property, { numRuns: 10 });
  });

  it('adds a multiple to itself and to its opposite', () => {
    const multiples = EDGES.map((factor) => BIG_ARITHMETIC.multiplyPublic(BASE, factor));
    const terms = [{ point: BASE, scalars: EDGES }];
    expectAll(
      kernel.addSecretMultiples(multiples, terms),
      multiples.map((point) => point.double()),
    );
    const opposites = multiples.map((point) => point.negate());
    for (const sum of kernel.addSecretMultiples(opposites, terms)) expect(sum.is0()).toBe(true);
  });

  it('takes as many points as there are, also more than at once, by whatever Z a point is given', () => {
    const p = FIELD_ORDER;
    const zs = [1n, 2n, p - 1n, (p - 1n) / 2n, (p + 1n) / 2n, 1n << 253n, 1n << 204n, (1n << 204n) - 1n, (1n << 51n) - 1n];
    const points = fill(257, (i) => {
      const { x, y } = (POINTS[i % POINTS.length] as BigPoint).toAffine();
      const Z = zs[i % zs.length] as bigint;
      return new babyjubjub.Point((x * Z) % p, (y * Z) % p, Z, (((x * y) % p) * Z) % p);
    });
    const scalars = points.map((_, i) => 7n ** BigInt(i) % L);
    for (const count of [0, 1, 2, 3, 4, 257]) {
      const some = points.slice(0, count);
      expectAll(kernel.multiplyAllPublic(some, L - 3n), BIG_ARITHMETIC.multiplyAllPublic(some, L - 3n));
      expectSums(some, { point: BASE, scalars: scalars.slice(0, count) });
      const theirs = scalars.slice(0, count);
      expect(formatPoint(kernel.sumOfSecretProducts(some, theirs))).toEqual(formatPoint(BIG_ARITHMETIC.sumOfProducts(some, theirs)));
    }
  });

  it('takes as many terms as it keeps tables, also after other tables, and refuses more', () => {
    const terms = fill(9, (i) => ({ point: pointOf(i + 20, 0), scalars: EDGES.map((factor) => (factor + BigInt(i)) % L) }));
    const sums = EDGES.map(() => EIGHTH);
    for (const some of [terms.slice(0, 8), terms.slice(1)]) expectSums(sums, ...some);
    expect(() => kernel.addSecretMultiples(sums, terms)).toThrow(RangeError);
  });

  it('refuses scalars that are none', () => {
    for (const wrong of [-1n, L, 1n << 255n]) {
      expect(() => kernel.multiplyAllPublic([BASE], wrong)).toThrow(RangeError);
      expect(() => kernel.addSecretMultiples([BASE, BASE], [{ point: EIGHTH, scalars: [1n, wrong] }])).toThrow(RangeError);
    }
  });

  it('leaves nothing in memory of secret multiples, and nothing that depends on the scalars beyond', () => {
    const fresh = loadEdwardsExports(shape.name) as EdwardsExports;
    const own = new KernelArithmetic(fresh);
    const memory = () => new Uint8Array(fresh.memory.buffer).slice(fresh.start());
    own.multiplySecret(BASE, L - 5n); // makes the table
    const once = memory();
    own.addSecretMultiples([EIGHTH, BASE, EIGHTH], [{ point: BASE, scalars: [L - 7n, 3n ** 157n % L, 0n] }]);
    expect(memory()).toEqual(once);
    own.sumOfSecretProducts([EIGHTH, BASE], [L - 7n, 3n]);
    const after = memory();
    expect(after.slice(0, once.length)).toEqual(once);
    expect(after.slice(once.length).some((byte) => byte !== 0)).toBe(false);
  });

  it('gives back its memory where something fails midway, and goes on', () => {
    const fresh = loadEdwardsExports(shape.name) as EdwardsExports;
    const own = new KernelArithmetic(fresh);
    own.multiplySecret(BASE, 1n);
    const before = fresh.mark();
    const none = { X: 5n, Y: 7n } as BigPoint;
    for (const fail of [
      () => own.multiplyAllPublic([BASE, none], L - 5n),
      () => own.addSecretMultiples([BASE, none], [{ point: BASE, scalars: [1n, 2n] }]),
      () => own.addSecretMultiples([BASE, BASE], [{ point: BASE, scalars: [1n, 2 as unknown as bigint] }]),
    ]) {
      expect(fail).toThrow();
      expect(fresh.mark()).toBe(before);
    }
    expect(formatPoints(own.addSecretMultiples([BASE], [{ point: BASE, scalars: [2n] }]))).toEqual(formatPoints([pointOf(3, 0)]));
  });

  it('is exact for coordinates and addends with digits as large as they may be, in whatever representative', () => {
    const field = primeField('fr', shape);
    const quads = new Quads(exports, shape);
    const four = (thousandths: bigint) => fc.tuple(...fill(4, () => digitsAtTheEdge(field, thousandths)));
    const put = (at: number, coordinates: readonly bigint[][][]) => {
      for (const [c, lanes] of coordinates.entries()) for (const [lane, digits] of lanes.entries()) quads.put(at + c, lane, digits);
    };
    const numbersAt = (at: number, lane: number, count: number) => fill(count, (c) => numberOf(field, quads.get(at + c, lane)));
    const minusD = -twistOf(field.p);
    const half = invert(2n, field.p);
    const property = fc.property(four(1050n), four(500n), (point, addend) => {
      /** The lanes of what a step makes of the point, or of what it writes. */
      const made = (step: (P: number, Q: number, into: number, scratch: number) => void, at: number, count: number) => {
        put(0, point);
        put(4, addend);
        step(quads.at(0), quads.at(4), quads.at(8), exports.scratch());
        return fill(4, (lane) => numbersAt(at, lane, count));
      };
      const of = (values: readonly bigint[][][], lane: number) => values.map((lanes) => numberOf(field, lanes[lane] as bigint[]));
      const expected = (formula: (P: bigint[], Q: bigint[]) => bigint[]) =>
        fill(4, (lane) => formula(of(point, lane), of(addend, lane)).map((value) => modulo(value, field.p)));
      const { beside_add, beside_subtract, beside_add_half, beside_double, beside_double_only, beside_addend, beside_half_addend } =
        exports;
      expect(made((P, Q, _, place) => beside_add(P, Q, place), 0, 4)).toEqual(expected((P, Q) => sumOf(field, P, Q)));
      const opposite = ([less, twisted, more, twice]: bigint[]) => [more!, -twisted!, less!, twice!];
      expect(made((P, Q, _, place) => beside_subtract(P, Q, place), 0, 4)).toEqual(expected((P, Q) => sumOf(field, P, opposite(Q))));
      expect(made((P, Q, _, place) => beside_add_half(P, Q, place), 0, 4)).toEqual(
        expected((P, [less, twisted, more]) => sumOf(field, P, [less!, twisted!, more!, 1n])),
      );
      expect(made((P, _, __, place) => beside_double(P, place), 0, 4)).toEqual(expected((P) => doubleOf(field, P)));
      expect(made((P, _, __, place) => beside_double_only(P, place), 0, 4)).toEqual(
        expected((P) => doubleOf(field, P).map((value, i) => (i === 2 ? P[2]! : value))),
      );
      expect(made((P, _, into, place) => beside_addend(P, into, place), 8, 4)).toEqual(
        expected(([X, Y, T, Z]) => [Y! - X!, 2n * minusD * T!, Y! + X!, 2n * Z!]),
      );
      // The inverse stands in the place of Z.
      expect(made((P, _, into, place) => beside_half_addend(P, P + 480, into, place), 8, 3)).toEqual(
        expected(([X, Y, , inverse]) => [(Y! - X!) * inverse! * half, X! * inverse! * Y! * inverse! * minusD, (Y! + X!) * inverse! * half]),
      );
    });
    fc.assert(property, { numRuns: 40 });
  });
});
