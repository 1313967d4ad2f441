import { babyjubjub } from '@noble/curves/misc.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FMA, power, primeField, SCALAR } from '#kernel/generator/field.ts';
import { BIG_ARITHMETIC, type BigPoint } from '#lib/protocol/numbers/big-arithmetic.ts';
import { type EdwardsExports, loadEdwardsExports } from '#lib/protocol/numbers/edwards-module.ts';
import { FIELD_ORDER } from '#lib/protocol/numbers/field.ts';
import { computesRight, KernelArithmetic } from '#lib/protocol/numbers/kernel-arithmetic.ts';
import { BASE, formatPoint, IDENTITY } from '#lib/protocol/numbers/point.ts';
import { anyScalar, digitsAtTheEdge, doubleOf, EDGES, EIGHTH, fill, L, numberOf, POINTS, pointOf, sumOf } from './edwards-edges.ts';
import { Quads } from './quads.ts';

interface StepExports extends EdwardsExports {
  scratch(): number;
  edwards_add(point: number, addend: number, into: number, scratch: number): void;
  edwards_subtract(point: number, addend: number, into: number, scratch: number): void;
  edwards_double(point: number, into: number, scratch: number): void;
  edwards_addend(point: number, into: number, scratch: number): void;
}

describe.each([FMA, SCALAR])('Baby Jubjub by $name', (shape) => {
  let exports: StepExports;
  let kernel: KernelArithmetic;
  beforeAll(() => {
    exports = loadEdwardsExports(shape.name) as StepExports;
    kernel = new KernelArithmetic(exports);
  });
  const expectSum = (points: readonly BigPoint[], scalars: readonly bigint[]) =>
    expect(['sumOfProducts', 'sumOfSecretProducts'].map((sum) => formatPoint(kernel[sum as 'sumOfProducts'](points, scalars)))).toEqual(
      Array(2).fill(formatPoint(BIG_ARITHMETIC.sumOfProducts(points, scalars))),
    );

  it('multiplies every kind of point by the scalars at the ends, secret or not, with a table or without', () => {
    for (const [i, point] of POINTS.entries()) {
      const factor = EDGES[i % EDGES.length] as bigint;
      const expected = formatPoint(BIG_ARITHMETIC.multiplyPublic(point, factor));
      const tabled = point.add(IDENTITY);
      kernel.prepare(tabled);
      for (const of of [point, tabled]) {
        expect(formatPoint(kernel.multiplySecret(of, factor))).toEqual(expected);
        expect(formatPoint(kernel.multiplyPublic(of, factor))).toEqual(expected);
      }
      expect(kernel.isTorsionFree(point)).toBe(i % 5 === 0);
      expect(formatPoint(kernel.timesEight(point))).toEqual(formatPoint(BIG_ARITHMETIC.timesEight(point)));
    }
    for (const factor of EDGES) {
      const expected = formatPoint(BIG_ARITHMETIC.multiplyPublic(BASE, factor));
      expect(formatPoint(kernel.multiplySecret(BASE, factor))).toEqual(expected);
      expect(formatPoint(kernel.multiplyPublic(BASE.negate(), (L - factor) % L))).toEqual(expected);
    }
  });

  it('multiplies by random scalars as big integers do', () => {
    const property = fc.property(fc.constantFrom(...POINTS), anyScalar, (point, factor) => {
      const expected = formatPoint(BIG_ARITHMETIC.multiplyPublic(point, factor));
      expect(formatPoint(kernel.multiplySecret(point, factor))).toEqual(expected);
      expect(formatPoint(kernel.multiplyPublic(point, factor))).toEqual(expected);
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('tells the prime subgroup from its seven cosets, by whatever Z a point is given', () => {
    const p = FIELD_ORDER;
    const edges = [1n, 2n, p - 1n, (p - 1n) / 2n, (p + 1n) / 2n, 1n << 253n, 1n << 204n, (1n << 204n) - 1n, (1n << 51n) - 1n];
    for (const [eighths, Z] of fill(8, (i) => i).flatMap((i) => edges.map((z) => [i, z] as const))) {
      const { x, y } = pointOf(3, eighths).toAffine();
      const point = new babyjubjub.Point((x * Z) % p, (y * Z) % p, Z, (((x * y) % p) * Z) % p);
      expect(kernel.isTorsionFree(point), `${eighths}, ${Z}`).toBe(eighths === 0);
      const expected = formatPoint(BIG_ARITHMETIC.multiplyPublic(point, L - 2n));
      expect(formatPoint(kernel.multiplySecret(point, L - 2n))).toEqual(expected);
      expect(formatPoint(kernel.sumOfProducts([point], [L - 2n]))).toEqual(expected);
    }
  });

  it('refuses scalars that are none', () => {
    for (const wrong of [-1n, L, 1n << 255n]) {
      expect(() => kernel.multiplySecret(BASE, wrong)).toThrow(RangeError);
      expect(() => kernel.multiplyPublic(BASE, wrong)).toThrow(RangeError);
      expect(() => kernel.sumOfProducts([BASE], [wrong])).toThrow(RangeError);
      expect(() => kernel.sumOfSecretProducts([BASE], [wrong])).toThrow(RangeError);
    }
    expect(formatPoint(kernel.multiplyPublic(BASE, 3n))).toEqual(formatPoint(BASE.double().add(BASE)));
  });

  it('sums up none to five points at the ends, and points that double, cancel and go on', () => {
    for (const n of [0, 1, 2, 3, 4, 5]) {
      for (const factor of EDGES) {
        expectSum(
          fill(n, (i) => POINTS[5 * i] as BigPoint),
          fill(n, () => factor),
        );
      }
    }
    expectSum([BASE, BASE], [5n, 5n]);
    expectSum([BASE, BASE.negate(), EIGHTH, EIGHTH, BASE], [5n, 5n, 4n, 4n, 1n]);
    expectSum([BASE, BASE, IDENTITY, EIGHTH], [1n, L - 1n, 7n, 8n]);
    expectSum(
      fill(70, () => BASE),
      fill(70, (i) => BigInt(i % 2 ? L - 3n : 3n)),
    );
  });

  it('sums up many points: equal ones, progressions, equal scalars, short scalars and all widths of windows', () => {
    const chain = [EIGHTH];
    while (chain.length < 600) chain.push(chain.at(-1)!.add(BASE));
    for (const n of [7, 33, 600]) {
      expectSum(
        chain.slice(0, n),
        fill(n, () => L - 12_345n),
      );
      expectSum(
        chain.slice(0, n),
        fill(n, (i) => (BigInt(i) * 3n ** 80n) % (1n << 128n)),
      );
      expectSum(
        fill(n, () => chain[1] as BigPoint),
        fill(n, (i) => 7n ** BigInt(i) % L),
      );
    }
    const pairs = fc.array(fc.tuple(fc.constantFrom(...POINTS), anyScalar), { maxLength: 40 });
    const property = fc.property(pairs, (list) => {
      const [points, factors] = [list.map(([point]) => point), list.map(([, factor]) => factor)];
      expectSum(points, factors);
    });
    fc.assert(property, { numRuns: 10 });
  });

  it('keeps no more tables than it has room for, and makes one again that gave way', () => {
    const points = fill(12, (i) => pointOf(i + 2, 0));
    for (const point of points) kernel.prepare(point);
    const before = exports.mark();
    for (let round = 0; round < 2; round++) {
      for (const point of points) {
        expect(formatPoint(kernel.multiplySecret(point, 77n))).toEqual(formatPoint(BIG_ARITHMETIC.multiplyPublic(point, 77n)));
      }
    }
    expect(exports.mark() - before).toBeLessThanOrEqual(8 * exports.tableBytes());
  });

  it('finds roots of what has one, and of nothing else', () => {
    const p = FIELD_ORDER;
    const unity = fill(29, (i) => power(5n, (p - 1n) >> BigInt(i), p)); // of order 2^i
    const check = (n: bigint) => {
      const root = kernel.inverseRoot(n);
      expect(root === null, String(n)).toBe(power(n, (p - 1n) / 2n, p) !== 1n);
      if (root !== null) expect((((root * root) % p) * n) % p).toBe(1n);
      expect(root === null || root < p).toBe(true);
    };
    for (const n of [1n, 2n, 3n, 4n, 5n, p - 1n, p - 4n, 1n << 253n, ...unity, ...unity.map((of) => (of * 9n) % p)]) check(n);
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: p - 1n }), check), { numRuns: 100 });
  });

  it('is not used where the engine comes to another result, as with words in another order', () => {
    expect(computesRight(kernel)).toBe(true);
    const leavePoint = (point: number, bytes: number) => {
      exports.leavePoint(point, bytes);
      new Uint8Array(exports.memory.buffer, bytes, 8).reverse();
    };
    expect(computesRight(new KernelArithmetic({ ...exports, leavePoint }))).toBe(false);
    const leaveNothing = (_: number, bytes: number) => void new Uint8Array(exports.memory.buffer, bytes, 128).fill(0); // no point
    expect(computesRight(new KernelArithmetic({ ...exports, leavePoint: leaveNothing }))).toBe(false);
  });

  it('leaves nothing in memory of what a secret was multiplied with', () => {
    const fresh = loadEdwardsExports(shape.name) as EdwardsExports;
    const own = new KernelArithmetic(fresh);
    const holds = () => new Uint8Array(fresh.memory.buffer).subarray(fresh.mark()).some((byte) => byte !== 0);
    own.multiplyPublic(EIGHTH, 5n);
    expect(holds()).toBe(true);
    own.multiplySecret(EIGHTH, L - 5n);
    expect(holds()).toBe(false);
    expect(new Uint8Array(fresh.memory.buffer).subarray(fresh.start()).some((byte) => byte !== 0)).toBe(false);
    own.sumOfProducts([BASE, EIGHTH], [L - 5n, 77n]);
    expect(holds()).toBe(true);
    own.sumOfSecretProducts([BASE, EIGHTH], [L - 5n, 77n]);
    expect(new Uint8Array(fresh.memory.buffer).subarray(fresh.start()).some((byte) => byte !== 0)).toBe(false);
    own.multiplySecret(BASE, L - 5n);
    const once = new Uint8Array(fresh.memory.buffer).slice(fresh.start());
    own.multiplySecret(BASE, 3n ** 157n % L);
    expect(new Uint8Array(fresh.memory.buffer).slice(fresh.start())).toEqual(once);
    expect(holds()).toBe(false);
  });

  it('gives back its memory where something fails midway, and goes on', () => {
    const fresh = loadEdwardsExports(shape.name) as EdwardsExports;
    const own = new KernelArithmetic(fresh);
    own.prepare(EIGHTH);
    for (const point of [BASE, EIGHTH]) own.multiplySecret(point, 1n);
    own.inverseRoot(1n);
    const before = fresh.mark();
    const none = { X: 5n, Y: 7n } as BigPoint;
    for (const fail of [
      () => own.sumOfProducts([BASE, none], [L - 5n, 5n]),
      () => own.sumOfSecretProducts([BASE, none], [L - 5n, 5n]),
      () => own.multiplySecret(none, L - 5n),
      () => own.multiplyPublic(none, L - 5n),
      () => own.timesEight(none),
      () => own.inverseRoot(5 as unknown as bigint),
      () => fresh.allocate(2 ** 32 - 1), // more than there can be
      () => fresh.allocate(2 ** 32 - 100),
    ]) {
      expect(fail).toThrow();
      expect(fresh.mark()).toBe(before);
    }
    expect(() => own.sumOfProducts(Array(2 ** 20 + 1).fill(BASE), [])).toThrow(RangeError);
    expect(formatPoint(own.sumOfSecretProducts([BASE, EIGHTH], [3n, 8n]))).toEqual(formatPoint(BASE.double().add(BASE)));
    expect(new Uint8Array(fresh.memory.buffer).subarray(before).some((byte) => byte !== 0)).toBe(false);
  });

  it('is exact for coordinates and addends with digits as large as they may be, in whatever representative', () => {
    const field = primeField('fr', shape);
    const quads = new Quads(exports, shape);
    const property = fc.property(digitsAtTheEdge(field, 1050n), digitsAtTheEdge(field, 500n), (point, addend) => {
      const [P, Q] = [point, addend].map((lanes) => lanes.map((digits) => numberOf(field, digits))) as [bigint[], bigint[]];
      for (const lane of [0, 1, 2, 3]) {
        quads.put(0, lane, point[lane]!);
        quads.put(1, lane, addend[lane]!);
      }
      exports.edwards_add(quads.at(0), quads.at(1), quads.at(2), exports.scratch());
      exports.edwards_subtract(quads.at(0), quads.at(1), quads.at(3), exports.scratch());
      exports.edwards_double(quads.at(0), quads.at(4), exports.scratch());
      const results = [2, 3, 4].map((quad) => fill(4, (lane) => numberOf(field, quads.get(quad, lane))));
      expect(results).toEqual([sumOf(field, P, Q), sumOf(field, P, [Q[2]!, -Q[1]!, Q[0]!, Q[3]!]), doubleOf(field, P)]);
      exports.edwards_add(quads.at(0), quads.at(1), quads.at(0), exports.scratch());
      expect(fill(4, (lane) => quads.get(0, lane))).toEqual(fill(4, (lane) => quads.get(2, lane)));
    });
    fc.assert(property, { numRuns: 300 });
  });
});
