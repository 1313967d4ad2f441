import { bn254 } from '@noble/curves/bn254.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FMA, SCALAR, type Shape } from '#kernel/generator/field.ts';
import { LaneMemory, TWELVE, type Twelve, toTwelve } from './lane-memory.ts';

const { Fp12 } = bn254.fields;
const LANES = [0, 1, 2, 3];
const P = bn254.fields.Fp.ORDER;

/** So many elements whose digits are often as large as they may be, and whose values as large as so many thousandths of p. */
function elements({ digits, half, topWeight }: Shape, count: number, thousandths: bigint) {
  const top = (P * thousandths) / (1000n * topWeight) - 1n;
  const digit = (most: bigint) =>
    fc.oneof(fc.constantFrom(most, -most, most - 1n, 1n - most, 0n, 1n, -1n), fc.bigInt({ min: -most, max: most }));
  const element = fc.tuple(...Array.from({ length: digits - 1 }, () => digit(half)), digit(top));
  return fc.array(element, { minLength: count, maxLength: count }) as fc.Arbitrary<bigint[][]>;
}

describe.each([FMA, SCALAR])('steps over the extension of degree twelve by $name', (shape) => {
  let memory: LaneMemory;
  beforeAll(async () => {
    memory = await LaneMemory.of(shape);
  });
  const A = 0;
  const B = TWELVE;
  const INTO = 2 * TWELVE;
  const twelve = elements(shape, TWELVE, 501n);

  /** The same in all lanes but for its place: lane i has the i-th element as its last. */
  const put = (quad: number, lists: readonly bigint[][][]) => {
    for (const lane of LANES) for (const [i, digits] of lists[lane]!.entries()) memory.putDigits(quad + i, lane, digits);
  };
  const read = (digits: readonly bigint[][]) => digits.map((some) => memory.valueOf(some));
  const lanes = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 4, maxLength: 4 });
  const expectLanes = (quad: number, expected: (lane: number) => Twelve) => {
    for (const lane of LANES) expect(Fp12.eql(memory.getTwelve(quad, lane), expected(lane))).toBe(true);
  };

  it('multiply, square, raise to the power of p and invert as the curve library does, with digits at the edge', () => {
    const property = fc.property(lanes(twelve), lanes(twelve), (a, b) => {
      const [x, y] = [a, b].map((list) => list.map((digits) => toTwelve(read(digits)))) as [Twelve[], Twelve[]];
      put(A, a);
      put(B, b);
      const { exports } = memory;
      exports.twelve_mul(memory.at(A), memory.at(B), memory.at(INTO), exports.scratch());
      expectLanes(INTO, (lane) => Fp12.mul(x[lane]!, y[lane]!));
      exports.twelve_sqr(memory.at(A), memory.at(INTO), exports.scratch());
      expectLanes(INTO, (lane) => Fp12.sqr(x[lane]!));
      exports.twelve_frobenius(memory.at(A), memory.at(INTO), exports.scratch());
      expectLanes(INTO, (lane) => Fp12.frobeniusMap(x[lane]!, 1));
      const start = exports.mark();
      exports.twelve_mul(memory.at(A), exports.inverse(memory.at(A)), memory.at(INTO), exports.scratch());
      exports.release(start);
      expectLanes(INTO, () => Fp12.ONE);
      // The result may lie where a factor lies.
      exports.twelve_mul(memory.at(A), memory.at(B), memory.at(A), exports.scratch());
      expectLanes(A, (lane) => Fp12.mul(x[lane]!, y[lane]!));
      exports.twelve_sqr(memory.at(B), memory.at(B), exports.scratch());
      expectLanes(B, (lane) => Fp12.sqr(y[lane]!));
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('multiply by lines, of which three coefficients of six are 0', () => {
    const property = fc.property(lanes(twelve), lanes(elements(shape, 6, 850n)), (a, line) => {
      put(A, a);
      put(B, line);
      memory.exports.twelve_line(memory.at(A), memory.at(B), memory.exports.scratch());
      expectLanes(A, (lane) => {
        const [l0, l1, m0, m1, n0, n1] = read(line[lane]!) as [bigint, bigint, bigint, bigint, bigint, bigint];
        return Fp12.mul(toTwelve(read(a[lane]!)), toTwelve([l0, l1, 0n, 0n, 0n, 0n, m0, m1, n0, n1, 0n, 0n]));
      });
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('come to the same for the two digits of a number that differ by p', () => {
    // p/2 and a little, and the same less p: both are within what a reduction leaves.
    const high = P / 2n + P / 4000n;
    const numbers = [high, high - P];
    const digits = numbers.map((value) => {
      const rest: bigint[] = [];
      let left = value;
      for (let i = 0; i < shape.digits - 1; i++) {
        const digit = ((((left + shape.half) % shape.base) + shape.base) % shape.base) - shape.half;
        rest.push(digit);
        left = (left - digit) / shape.base;
      }
      return [...rest, left];
    }) as [bigint[], bigint[]];
    const spelt = (bits: number) => Array.from({ length: TWELVE }, (_, i) => digits[(bits >> i) & 1]!);
    const lists = [0, 0b111111111111, 0b010101010101, 0b100110001101].map(spelt);
    put(A, lists);
    memory.exports.twelve_sqr(memory.at(A), memory.at(INTO), memory.exports.scratch());
    expectLanes(INTO, () => Fp12.sqr(toTwelve(read(lists[0]!))));
    put(B, lists.toReversed());
    memory.exports.twelve_mul(memory.at(A), memory.at(B), memory.at(INTO), memory.exports.scratch());
    expectLanes(INTO, () => Fp12.sqr(toTwelve(read(lists[0]!))));
  });
});
