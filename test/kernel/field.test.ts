import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FMA, invert, type PrimeField, primeField, SCALAR, type Shape, toDigits } from '#kernel/generator/field.ts';
import { type Digits, Quads } from './quads.ts';

const LANES = [0, 1, 2, 3];
const RUNS = { numRuns: 300 };
const modulo = (value: bigint, p: bigint) => ((value % p) + p) % p;
const numberOf = ({ base }: Shape, digits: Digits) => digits.reduceRight((sum, digit) => sum * base + digit, 0n);
const montgomery = ({ p, shape }: PrimeField, a: Digits, b: Digits) =>
  modulo(numberOf(shape, a) * numberOf(shape, b) * invert(shape.montgomery, p), p);

/** Four elements whose digits are often as large as they may be: random elements of the field find nothing. */
function fourOf({ digits, half }: Shape, most: bigint) {
  const digit = (limit: bigint) =>
    fc.oneof(fc.constantFrom(limit, -limit, limit - 1n, 1n - limit, 0n, 1n, -1n), fc.bigInt({ min: -limit, max: limit }));
  const element = fc.tuple(...Array.from({ length: digits - 1 }, () => digit(most)), digit(half));
  return fc.array(element, { minLength: 4, maxLength: 4 }) as fc.Arbitrary<bigint[][]>;
}

describe.each([
  { kind: 'fma', name: 'fq', shape: FMA },
  { kind: 'fma', name: 'fr', shape: FMA },
  { kind: 'scalar', name: 'fq', shape: SCALAR },
  { kind: 'scalar', name: 'fr', shape: SCALAR },
] as const)('products in $name of $kind', ({ name, shape }) => {
  const field = primeField(name, shape);
  const { base, half } = shape;
  let quads: Quads;
  beforeAll(async () => {
    quads = await Quads.of(shape);
  });
  const of = <Name extends 'mul2' | 'mul4' | 'sqr2' | 'sqr4'>(which: Name) => quads.exports[`${name}_${which}`];

  it('are exact for sums and differences of two normal elements', () => {
    const property = fc.property(fourOf(shape, base), fourOf(shape, base), (a, b) => {
      for (const lane of LANES) {
        quads.put(0, lane, a[lane]!);
        quads.put(1, lane, b[lane]!);
      }
      of('mul4')(quads.at(0), quads.at(1), quads.at(2));
      of('mul2')(quads.at(0), quads.at(1), quads.at(3));
      for (const lane of LANES) {
        const product = quads.get(2, lane);
        expect(modulo(numberOf(shape, product), field.p)).toBe(montgomery(field, a[lane]!, b[lane]!));
        for (const digit of product.slice(0, -1)) expect(digit >= -half && digit <= half).toBe(true);
        if (lane < 2) expect(quads.get(3, lane)).toEqual(product);
      }
    });
    fc.assert(property, RUNS);
  });

  it('are exact for squares of normal elements, and may lie where their factor lies', () => {
    const property = fc.property(fourOf(shape, half), (a) => {
      for (const lane of LANES) quads.put(0, lane, a[lane]!);
      of('sqr4')(quads.at(0), quads.at(1));
      of('sqr2')(quads.at(0), quads.at(2));
      of('mul4')(quads.at(0), quads.at(0), quads.at(0));
      for (const lane of LANES) {
        expect(modulo(numberOf(shape, quads.get(1, lane)), field.p)).toBe(montgomery(field, a[lane]!, a[lane]!));
        expect(quads.get(0, lane)).toEqual(quads.get(1, lane));
        if (lane < 2) expect(quads.get(2, lane)).toEqual(quads.get(1, lane));
      }
    });
    fc.assert(property, RUNS);
  });
});

describe('squares of fma', () => {
  it('are wrong for a sum of two: a square takes half of what a product takes', async () => {
    const quads = await Quads.of(FMA);
    const field = primeField('fq', FMA);
    const sum = [FMA.base, -FMA.base, FMA.base, -FMA.base, FMA.half];
    for (const lane of LANES) quads.put(0, lane, sum);
    quads.exports.fq_sqr4(quads.at(0), quads.at(1));
    expect(modulo(numberOf(FMA, quads.get(1, 0)), field.p)).not.toBe(montgomery(field, sum, sum));
  });
});

describe.each([FMA, SCALAR])('differences and inverses of $name', (shape) => {
  const { p } = primeField('fq', shape);
  let quads: Quads;
  beforeAll(async () => {
    quads = await Quads.of(shape);
  });

  it('the difference of equal coordinates has no digit but 0, in whatever representative they come', () => {
    const y = toDigits(shape, 1n);
    for (const value of [1n, 2n, p / 2n, p / 2n - 1n, shape.half, shape.topWeight - 1n, -shape.half]) {
      const pairs = [
        [value, value],
        [value, value - p],
        [value - p, value],
        [value, value + 1n],
      ] as const;
      for (const [lane, [first, second]] of pairs.entries()) {
        const points = [first, second].map((x, i) => quads.putPoint(2 * lane + i, toDigits(shape, x), y)) as [number, number];
        quads.setJob(quads.at(8), lane, ...points);
      }
      quads.exports.g1_dx(quads.at(8), quads.at(0));
      const differences = LANES.map((lane) => quads.get(0, lane));
      expect(differences).toEqual([0n, 0n, 0n, 1n].map((difference) => toDigits(shape, difference)));
    }
  });

  it('a quad is inverted lane by lane', () => {
    const values = [1n, 2n, p - 1n, 0x1234567890abcdefn ** 3n];
    for (const [lane, value] of values.entries()) quads.put(0, lane, toDigits(shape, modulo(value * shape.montgomery, p)));
    quads.exports.invertQuad(quads.at(0), quads.at(1));
    for (const [lane, value] of values.entries()) {
      expect(modulo(numberOf(shape, quads.get(1, lane)) * value, p)).toBe(shape.montgomery % p);
    }
  });
});
