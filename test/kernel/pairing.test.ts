import { bn254 } from '@noble/curves/bn254.js';
import { numberToBytesLE } from '@noble/curves/utils.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { FMA, SCALAR } from '#kernel/generator/field.ts';
import { pointOutsideSubgroup } from '../proof/proof-forms.ts';
import { LaneMemory, QUAD, TWELVE } from './lane-memory.ts';

const { G1, G2, fields } = bn254;
const { Fp, Fp12 } = fields;
type First = InstanceType<typeof G1.Point>;
type Second = InstanceType<typeof G2.Point>;

const [P, R] = [Fp.ORDER, fields.Fr.ORDER];
const LANES = [0, 1, 2, 3];
/** The number from which the curve is made. */
const X = 4965661367192848881n;
const TRACE = 6n * X * X + 1n;
/** The library's final exponentiation is the exact one to this power, which shares no factor with r (Fuentes-Castañeda and others 2011). */
const BEYOND = 2n * X * (6n * X * X + 3n * X + 1n);
/** The twist has r times so many points. */
const COFACTOR = 2n * P - R;
const SMALL_PRIMES = [10069n, 5864401n, 1875725156269n];
/** Quads of a term: P, x and y, and what the loop keeps. */
const TERM = 15;
const WINDOWS = 64;

const first = (n: bigint) => (n === 0n ? G1.Point.ZERO : n < 0n ? G1.Point.BASE.multiply(-n).negate() : G1.Point.BASE.multiply(n));

/** By doubling and adding, for scalars of any length and points of any order. */
function times(point: Second, scalar: bigint): Second {
  let sum = G2.Point.ZERO;
  for (const bit of scalar.toString(2)) {
    sum = sum.double();
    if (bit === '1') sum = sum.add(point);
  }
  return sum;
}

function pointOfOrder(prime: bigint): Second {
  for (let point = pointOutsideSubgroup(); ; point = point.add(pointOutsideSubgroup().double())) {
    const small = times(point, (R * COFACTOR) / prime);
    if (!small.is0()) return small;
  }
}

describe('the check of the subgroup', () => {
  const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));

  it('asks for what holds in the subgroup and for no other point of the twist', () => {
    // ψ² - t ψ + p = 0 on the twist. Modulo that, 6 x + 2 + ψ - ψ² + ψ³ is a + b ψ; times its conjugate it is a² + t a b + p b². A point
    // that it takes to infinity is taken there by that number, and by the order of the twist, r · COFACTOR: so by what both share.
    let coefficients = [6n * X + 2n, 1n, -1n, 1n];
    while (coefficients.length > 2) {
      const top = coefficients.pop() as bigint;
      const at = coefficients.length - 2;
      coefficients = coefficients.with(at + 1, coefficients[at + 1]! + TRACE * top).with(at, coefficients[at]! - P * top);
    }
    const [a, b] = coefficients as [bigint, bigint];
    expect(gcd(a * a + TRACE * a * b + P * b * b, R * COFACTOR)).toBe(R);
    expect(COFACTOR % R).not.toBe(0n);
    expect(P + 1n - TRACE).toBe(R);
  });
});

describe.each([FMA, SCALAR])('pairings by $name', (shape) => {
  let memory: LaneMemory;
  beforeAll(async () => {
    memory = await LaneMemory.of(shape);
  });

  /** A term's P in homogeneous coordinates, times `scale`, and Q. */
  const putTerm = (term: number, lane: number, p: First, q: Second, scale: bigint) => {
    const { x, y } = q.toAffine();
    const [X, Y, Z] = p.is0() ? [0n, 1n, 0n] : [p.toAffine().x, p.toAffine().y, 1n];
    memory.put(TERM * term, lane, ...[X, Y, Z].map((part) => Fp.create(part * scale)), x.c0, x.c1, y.c0, y.c1);
  };
  const loops = (terms: readonly (readonly [First, Second])[][]) => {
    const { exports } = memory;
    const start = exports.mark();
    const count = terms[0]!.length;
    const [f, outside] = [exports.allocate(TWELVE * QUAD), exports.allocate(4 * count)];
    for (const [lane, list] of terms.entries()) for (const [i, [p, q]] of list.entries()) putTerm(i, lane, p, q, BigInt(3 * lane + i + 1));
    exports.multiplyLoops(memory.at(0), count, f, outside);
    const flags = [...new Uint8Array(exports.memory.buffer, outside, 4 * count)];
    exports.exponentiate(f);
    const quad = (f - memory.at(0)) / QUAD;
    const results = LANES.map((lane) => Fp12.pow(memory.getTwelve(quad, lane), BEYOND));
    exports.release(start);
    return { flags, results };
  };
  const product = (list: readonly (readonly [First, Second])[]) => {
    const pairs = list.filter(([p]) => !p.is0()).map(([g1, g2]) => ({ g1, g2 }));
    return pairs.length === 0 ? Fp12.ONE : bn254.pairingBatch(pairs);
  };

  it('are those of the curve library, a product a lane, infinity among them', () => {
    const second = (n: bigint) => G2.Point.BASE.multiply(n);
    const lists: [First, Second][][] = [
      [
        [first(1n), second(1n)],
        [first(R - 1n), second(5n)],
        [first(77n), second(R - 1n)],
      ],
      [
        [first(12345678901n), second(2n)],
        [first(0n), second(3n)],
        [first(-2n), second(2n)],
      ],
      [
        [first(0n), second(R - 2n)],
        [first(0n), second(1n)],
        [first(0n), second(1n)],
      ],
      [
        [first(6n), second(1n)],
        [first(-2n), second(3n)],
        [first(0n), second(R / 2n)],
      ],
    ];
    const { flags, results } = loops(lists);
    expect(flags).toEqual(Array(12).fill(0));
    for (const [lane, list] of lists.entries()) expect(Fp12.eql(results[lane]!, product(list))).toBe(true);
    expect([2, 3].map((lane) => Fp12.eql(results[lane]!, Fp12.ONE))).toEqual([true, true]);
    expect([0, 1].map((lane) => Fp12.eql(results[lane]!, Fp12.ONE))).toEqual([false, false]);
  });

  it('tell the points outside the subgroup, of every small order too, in their own lane', () => {
    const base = G2.Point.BASE;
    const small = SMALL_PRIMES.map(pointOfOrder);
    expect(SMALL_PRIMES.every((prime) => COFACTOR % prime === 0n)).toBe(true);
    const outside = [
      pointOutsideSubgroup(),
      times(pointOutsideSubgroup(), R),
      base.add(pointOutsideSubgroup()),
      ...small,
      ...small.flatMap((point) => [2n, 3n, 5n].map((n) => times(point, n))),
      ...small.map((point) => base.multiply(12345n).add(point)),
      ...small.map((point) => base.subtract(point)),
    ];
    for (const [i, point] of outside.entries()) {
      const { flags, results } = loops(
        LANES.map((lane) => [[first(5n), lane === i % 4 ? point : base.multiply(BigInt(lane + 2))] as const]),
      );
      expect(flags).toEqual(LANES.map((lane) => (lane === i % 4 ? 1 : 0)));
      const other = (i + 1) % 4;
      expect(Fp12.eql(results[other]!, product([[first(5n), base.multiply(BigInt(other + 2))]]))).toBe(true);
    }
  });

  it('tell a point on whose way the loop meets infinity, where both sides of the comparison become 0', () => {
    const { exports } = memory;
    const start = exports.mark();
    const [f, outside] = [exports.allocate(TWELVE * QUAD), exports.allocate(4)];
    for (const lane of LANES) putTerm(0, lane, first(5n), G2.Point.BASE, 1n);
    memory.put(3, 2, 5n, 7n, 0n, 0n); // y = 0 as at a point of order two, of which the twist has none
    exports.multiplyLoops(memory.at(0), 1, f, outside);
    expect([...new Uint8Array(exports.memory.buffer, outside, 4)]).toEqual([0, 0, 1, 0]);
    exports.release(start);
  });

  it('pass every multiple of the generator', () => {
    for (let n = 1n; n < 40n; n += 4n) {
      expect(loops(LANES.map((lane) => [[first(1n), G2.Point.BASE.multiply(lane % 2 ? R - n : n + BigInt(lane))] as const])).flags).toEqual(
        [0, 0, 0, 0],
      );
    }
  });

  it('sum multiples of points of the first group, equal, opposite and cancelling, with any scalars', () => {
    const { exports } = memory;
    const most = (1n << 254n) - 1n;
    const columns: [bigint, bigint][][] = [
      [
        [1n, 0n],
        [1n, 0n],
        [5n, 0n],
      ],
      [
        [3n, 1n],
        [3n, 1n],
        [3n, R - 2n],
      ],
      [
        [1n, R - 1n],
        [-1n, 8n],
        [7n, most % R],
      ],
      [
        [9n, 0x8888888888888888888888888888888888888888888888888888888888888n],
        [2n, (1n << 128n) - 1n],
        [2n, 9n],
      ],
    ];
    for (const [windows, keep] of [
      [WINDOWS, most],
      [33, (1n << 128n) - 1n],
    ] as const) {
      const start = exports.mark();
      const scalars = exports.allocate(12 * 32);
      const [into, count] = [exports.allocate(3 * QUAD), 3];
      for (const [lane, list] of columns.entries()) {
        for (const [i, [n, scalar]] of list.entries()) {
          const { x, y } = first(n).toAffine();
          memory.put(2 * i, lane, x, y);
          new Uint8Array(exports.memory.buffer).set(numberToBytesLE(scalar & keep, 32), scalars + 32 * (4 * i + lane));
        }
      }
      exports.sumProducts(memory.at(0), 2 * QUAD, exports.cutAll(scalars, 12), count, windows, into);
      const quad = (into - memory.at(0)) / QUAD;
      for (const [lane, list] of columns.entries()) {
        const expected = first(list.reduce((sum, [n, scalar]) => (((sum + n * (scalar & keep)) % R) + R) % R, 0n));
        const [x, y, z] = [0, 1, 2].map((i) => memory.get(quad + i, lane)) as [bigint, bigint, bigint];
        if (expected.is0()) expect([x === 0n, y === 0n, z]).toEqual([true, false, 0n]);
        else expect(expected.equals(new G1.Point(x, y, z))).toBe(true);
      }
      exports.release(start);
    }
  });
});
