import { concatBytes } from '@noble/curves/utils.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Kernel, startKernel } from '#lib/proof/kernel.ts';
import { multiple, numberBytes, pointBytes, R } from './points.ts';

/** Sums over multiples of the generator: what comes out is known from the multiples alone. */
function expectSumOf(kernel: Kernel, degree: 1 | 2, multiples: readonly bigint[], scalars: readonly bigint[]) {
  const points = concatBytes(...multiples.map((n) => pointBytes(degree, n)));
  const got = kernel.sum(degree, [{ points, scalars: concatBytes(...scalars.map(numberBytes)) }]);
  const total = multiples.reduce((sum, n, i) => sum + n * (scalars[i] as bigint), 0n);
  expect(got, `${multiples} by ${scalars}`).toEqual(multiple(degree, total));
}
const fill = <T>(length: number, make: (i: number) => T) => Array.from({ length }, (_, i) => make(i));

describe.each([
  ['fma', 1],
  ['fma', 2],
  ['scalar', 1],
  ['scalar', 2],
] as const)('sums by %s in group %i', (kind, degree) => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = (await startKernel([kind])) as Kernel;
  });
  const expectSum = (multiples: readonly bigint[], scalars: readonly bigint[]) => expectSumOf(kernel, degree, multiples, scalars);

  it('of none to five points are right for the scalars at the ends', () => {
    for (const n of [0, 1, 2, 3, 4, 5]) {
      for (const scalar of [0n, 1n, 2n, R - 1n, R - 2n, R / 2n, (1n << 253n) - 1n]) {
        expectSum(
          fill(n, (i) => BigInt(i + 1)),
          fill(n, () => scalar),
        );
        expectSum(
          fill(n, () => 7n),
          fill(n, (i) => (i % 2 ? scalar : R - 1n)),
        );
      }
    }
  });

  it('double, cancel and go on in the middle of a tree, in whatever representative the points come', () => {
    const ones = (n: number) => fill(n, () => 1n);
    expectSum([5n, 5n], ones(2));
    expectSum([5n, -5n], ones(2));
    expectSum([1n, 4n, 5n], ones(3)); // (1 + 4) + 5: equal, but one of them computed
    expectSum([1n, 4n, 2n, 3n], ones(4));
    expectSum([1n, 4n, -2n, -3n], ones(4));
    expectSum([1n, 4n, -5n, 9n], ones(4)); // infinity comes up and goes on
    expectSum([3n, -3n, 3n, -3n, 8n], ones(5));
    expectSum([3n, -3n, 1n, 4n, 5n], ones(5)); // a round without additions that is not the last
    expectSum([3n, -3n, 8n, -8n, 2n, -2n, 9n, -9n], ones(8));
  });

  it('leave out infinite points and zero scalars', () => {
    expectSum([0n, 0n, 0n], [1n, 2n, R - 1n]);
    expectSum([0n, 6n, 0n, 2n], [9n, 10n, 0n, 3n]);
    expectSum([4n, 6n], [0n, 0n]);
  });

  it('of one point many times, of an arithmetic progression and of equal scalars are right', () => {
    expectSum(
      fill(100, () => 11n),
      fill(100, (i) => BigInt(i)),
    );
    expectSum(
      fill(100, (i) => 3n + 2n * BigInt(i)),
      fill(100, () => R - 12345n),
    );
    expectSum(
      fill(100, (i) => BigInt(i) - 50n),
      fill(100, (i) => 3n ** BigInt(i) % R),
    );
    expectSum(
      fill(300, (i) => BigInt(i % 50)),
      fill(300, () => 1n),
    ); // a tree of one bucket
  });

  it('of points that meet each other all the time are right', () => {
    const small = fc.bigInt({ min: -4n, max: 4n });
    const scalar = fc.oneof(
      fc.bigInt({ min: 0n, max: 5n }),
      fc.constantFrom(R - 1n, R - 2n, 1n << 128n),
      fc.bigInt({ min: 0n, max: R - 1n }),
    );
    const pairs = fc.array(fc.tuple(small, scalar), { maxLength: 40 });
    const property = fc.property(pairs, (list) =>
      expectSum(
        list.map(([n]) => n),
        list.map(([, s]) => s),
      ),
    );
    fc.assert(property, { numRuns: 25 });
  });

  it('over several lists are one sum', () => {
    const part = (n: bigint, scalar: bigint) => ({ points: pointBytes(degree, n), scalars: numberBytes(scalar) });
    expect(kernel.sum(degree, [part(2n, 3n), part(5n, 7n), part(0n, 1n)])).toEqual(multiple(degree, 41n));
    expect(() => kernel.sum(degree, [{ points: pointBytes(degree, 1n), scalars: new Uint8Array(31) }])).toThrow(RangeError);
  });
});
