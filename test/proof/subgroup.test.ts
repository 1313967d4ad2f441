import { bn254 } from '@noble/curves/bn254.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { multiplyMillerLoops } from '#lib/proof/miller-product.ts';
import { loadPairing, readG1, readG2 } from '#lib/proof/pairing.ts';
import { isInSubgroup } from '#lib/proof/subgroup.ts';
import { BASE_FIELD_ORDER } from '#lib/protocol/board/signature.ts';
import { pointOutsideSubgroup } from './proof-forms.ts';

const { Point } = bn254.G2;
type Point2 = InstanceType<typeof Point>;
const ORDER = bn254.fields.Fr.ORDER;
/** The twist has r · COFACTOR points; 10069 is the smallest prime in it. */
const COFACTOR = 2n * BASE_FIELD_ORDER - ORDER;
const SMALL = 10069n;

let mcl: Awaited<ReturnType<typeof loadPairing>>;
beforeAll(async () => {
  mcl = await loadPairing();
});

/** By doubling and adding, for scalars of any length and points of any order. */
function times(point: Point2, scalar: bigint): Point2 {
  let sum = Point.ZERO;
  for (const bit of scalar.toString(2)) {
    sum = sum.double();
    if (bit === '1') sum = sum.add(point);
  }
  return sum;
}

const wire = (point: Point2) => {
  const { x, y } = point.toAffine();
  return [[x.c0, x.c1].map(String), [y.c0, y.c1].map(String)];
};

/** The point in the library, which only reads the equation of the curve. */
function unchecked(point: Point2) {
  const [x, y] = wire(point) as [string[], string[]];
  const read = new mcl.G2();
  read.setStr(`1 ${x[0]} ${x[1]} ${y[0]} ${y[1]}`, 10);
  return read;
}

function pointOfSmallOrder(): Point2 {
  for (let point = pointOutsideSubgroup(); ; point = point.add(pointOutsideSubgroup().double())) {
    const small = times(point, (ORDER * COFACTOR) / SMALL);
    if (!small.is0()) return small;
  }
}

describe('the check of the subgroup', () => {
  it('passes multiples of the generator, in whatever coordinates', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: ORDER - 1n }), (scalar) => {
        expect(isInSubgroup(unchecked(Point.BASE.multiply(scalar)))).toBe(true);
      }),
      { numRuns: 20 },
    );
    const { x, y } = Point.BASE.toAffine();
    const base = readG2([[x.c0, x.c1].map(String), [y.c0, y.c1].map(String)])!;
    expect(isInSubgroup(mcl.dbl(mcl.add(mcl.dbl(base), base)))).toBe(true);
  });

  it('refuses every point outside, also one that a small order moved there', () => {
    expect(COFACTOR % SMALL).toBe(0n);
    const small = pointOfSmallOrder();
    expect(times(small, SMALL).is0()).toBe(true);
    const outside = [
      pointOutsideSubgroup(),
      times(pointOutsideSubgroup(), ORDER),
      small,
      small.double(),
      Point.BASE.add(small),
      Point.BASE.multiply(12345n).add(small.negate()),
      Point.BASE.add(pointOutsideSubgroup()),
    ];
    for (const point of outside) {
      expect(isInSubgroup(unchecked(point))).toBe(false);
      expect(unchecked(point).isValidOrder()).toBe(false);
      expect(readG2(wire(point))).toBeNull();
    }
  });
});

describe('the product of Miller loops', () => {
  it('is that of the loops one by one, for any number of pairs', () => {
    const g1 = readG1(['1', '2'])!;
    const g2 = readG2(wire(Point.BASE))!;
    const scalar = (value: number) => {
      const read = new mcl.Fr();
      read.setStr(String(value), 10);
      return read;
    };
    for (const count of [1, 2, 31, 32, 33, 70]) {
      const pairs = Array.from({ length: count }, (_, i) => ({ a: mcl.mul(g1, scalar(7 * i + 3)), b: mcl.mul(g2, scalar(5 * i + 2)) }));
      const single = pairs.map(({ a, b }) => mcl.millerLoop(a, b)).reduce((left, right) => mcl.mul(left, right));
      expect(mcl.finalExp(multiplyMillerLoops(pairs)).isEqual(mcl.finalExp(single))).toBe(true);
    }
  });
});
