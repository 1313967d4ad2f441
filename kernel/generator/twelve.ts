import { demandWithin } from './bounds.ts';
import { centred, type PrimeField } from './field.ts';
import { type Element, elementAt, type Formula, offset } from './formula.ts';
import {
  add,
  addSextic,
  multiply,
  multiplyByTwo,
  multiplySextic,
  open,
  PAIR,
  pairAt,
  REDUCED,
  type Sextic,
  scale,
  settle,
  settleSextic,
  sexticAt,
  shift,
  square,
  store,
  storeSextic,
  twist,
} from './tower.ts';

// Steps over Fq¹², f = f₀ + f₁ w: each reads all of its operands before it writes.

/** What a component of a line is: at most so many thousandths of p. */
export const LINE = 850n;

/** Steps by name, with their parameters. */
export type Steps = [string, string[], (formula: Formula) => void][];

export const TWELVE_STEPS: Steps = [
  ['mul', ['a', 'b', 'into', 'scratch'], product],
  ['sqr', ['a', 'into', 'scratch'], squareTwelve],
  ['line', ['a', 'line', 'scratch'], byLine],
  ['conjugate', ['a', 'into'], conjugate],
  ['frobenius', ['a', 'into', 'scratch'], frobenius],
  ['norm', ['a', 'into', 'scratch'], norm],
  ['cofactor', ['a', 'into', 'scratch'], cofactor],
  ['inverse', ['a', 'cofactor', 'inverse', 'into', 'scratch'], inverse],
  ['minus_one', ['a', 'into'], minusOne],
];

const halves = (formula: Formula, pointer: string): [Sextic, Sextic] => [sexticAt(formula, pointer, 0), sexticAt(formula, pointer, 1)];
const opened = (a: Sextic, times = 1) => a.map((part) => open([times, part]));
const together = (...sums: (readonly ReturnType<typeof open>[])[]) => [0, 1, 2].map((i) => add(...sums.map((sum) => sum[i]!)));

/** a b, by Karatsuba. */
function product(formula: Formula): void {
  const [[a0, a1], [b0, b1]] = [halves(formula, 'a'), halves(formula, 'b')];
  const low = settleSextic(formula, multiplySextic(formula, a0, b0));
  const high = settleSextic(formula, multiplySextic(formula, a1, b1));
  const [left, right] = [addSextic(formula, [1, a0], [1, a1]), addSextic(formula, [1, b0], [1, b1])];
  const crossed = settleSextic(formula, multiplySextic(formula, left, right));
  storeSextic(formula, together(opened(low), shift(formula, high)), 'into', 0, 'a product');
  storeSextic(formula, together(opened(crossed), opened(low, -1), opened(high, -1)), 'into', 1, 'a product');
}

/** (a₀ + a₁) (a₀ + v a₁) - a₀ a₁ - v a₀ a₁, and twice a₀ a₁. */
function squareTwelve(formula: Formula): void {
  const [a0, a1] = halves(formula, 'a');
  const crossed = settleSextic(formula, multiplySextic(formula, a0, a1));
  const shifted = settleSextic(formula, together(opened(a0), shift(formula, a1)));
  const outer = settleSextic(formula, multiplySextic(formula, addSextic(formula, [1, a0], [1, a1]), shifted));
  const inner = settleSextic(formula, together(opened(crossed), shift(formula, crossed)));
  storeSextic(formula, together(opened(outer), opened(inner, -1)), 'into', 0, 'a square');
  storeSextic(formula, opened(crossed, 2), 'into', 1, 'a square');
}

/** a times a line l + (m + n v) w: thirteen products in Fq². */
function byLine(formula: Formula): void {
  const [a0, a1] = halves(formula, 'a');
  const [l, m, n] = [0, 1, 2].map((i) => pairAt(formula, 'line', i, LINE)) as unknown as Sextic;
  const low = a0.map((part) => settle(formula, multiply(formula, part, l))) as unknown as Sextic;
  const high = settleSextic(formula, multiplyByTwo(formula, a1, m, n));
  const sum = addSextic(formula, [1, a0], [1, a1]);
  const crossed = settleSextic(formula, multiplyByTwo(formula, sum, settle(formula, open([1, l], [1, m])), n));
  storeSextic(formula, together(opened(low), shift(formula, high)), 'a', 0, 'a product with a line');
  storeSextic(formula, together(opened(crossed), opened(low, -1), opened(high, -1)), 'a', 1, 'a product with a line');
}

/** a₀ - a₁ w, which is a to the power of p⁶. */
function conjugate(formula: Formula): void {
  const [a0, a1] = halves(formula, 'a');
  storeSextic(formula, opened(a0), 'into', 0, 'a conjugate');
  storeSextic(formula, opened(a1, -1), 'into', 1, 'a conjugate');
}

/** (9 + u)^(i (p - 1) / 6) for the coefficient of w^i. */
export function frobeniusFactor({ p, shape }: PrimeField, i: number): bigint[] {
  return powerOfTwist(p, (BigInt(i) * (p - 1n)) / 6n).map((part) => centred(part * shape.montgomery, p));
}

/** A power of 9 + u. */
function powerOfTwist(p: bigint, exponent: bigint): [bigint, bigint] {
  let result: [bigint, bigint] = [1n, 0n];
  for (const bit of exponent.toString(2)) {
    const [x, y] = result;
    const [real, imaginary] = [x * x - y * y, 2n * x * y];
    result = (bit === '1' ? [9n * real - imaginary, 9n * imaginary + real] : [real, imaginary]).map((part) => part % p) as [bigint, bigint];
  }
  return result;
}

/** The element at a name of the module's constants. */
export function constantAt(formula: Formula, name: string): Element {
  return elementAt(name, 2, formula.normal(REDUCED));
}

/** a^p: each coefficient of w^i conjugated, times a power of 9 + u. The i-th lies at i / 2 of the first half or the second. */
function frobenius(formula: Formula): void {
  for (let i = 0; i < 6; i++) {
    const place = (i >> 1) + 3 * (i & 1);
    const conjugated = conjugatedPair(formula, pairAt(formula, 'a', place));
    const result = i === 0 ? open([1, conjugated]) : multiply(formula, conjugated, constantAt(formula, `FROBENIUS_${i}`));
    store(formula, result, offset('into', PAIR * place), 'a power of p');
  }
}

/** a₀ - a₁ u. */
export function conjugatedPair(formula: Formula, a: Element): Element {
  return [a[0]!, formula.component(formula.temporary(), [-1, a[1]!])];
}

/** a₀² - v a₁², in Fq⁶. */
function norm(formula: Formula): void {
  const [a0, a1] = halves(formula, 'a');
  const first = settleSextic(formula, multiplySextic(formula, a0, a0));
  const second = settleSextic(formula, multiplySextic(formula, a1, a1));
  const shifted = shift(formula, second).map((sum) => scale(-1, sum));
  storeSextic(formula, together(opened(first), shifted), 'into', 0, 'a norm');
}

/** Of a in Fq⁶: c with a c in Fq², and then a c itself. */
function cofactor(formula: Formula): void {
  const a = sexticAt(formula, 'a');
  const times = (i: number, j: number) => settle(formula, multiply(formula, a[i]!, a[j]!));
  const squared = (i: number) => settle(formula, square(formula, a[i]!));
  const [a00, a11, a22, a01, a02, a12] = [squared(0), squared(1), squared(2), times(0, 1), times(0, 2), times(1, 2)];
  const c = [
    store(formula, add(open([1, a00]), scale(-1, twist(formula, a12))), 'into', 'a cofactor'),
    store(formula, add(twist(formula, a22), open([-1, a01])), offset('into', PAIR), 'a cofactor'),
    store(formula, open([1, a11], [-1, a02]), offset('into', 2 * PAIR), 'a cofactor'),
  ];
  const rest = settle(formula, add(open([1, settle(formula, multiply(formula, a[2], c[1]!))]), multiply(formula, a[1], c[2]!)));
  const sum = add(open([1, settle(formula, multiply(formula, a[0], c[0]!))]), twist(formula, rest));
  store(formula, sum, offset('into', 3 * PAIR), 'a norm');
}

/** 1 / a, from the cofactor of its norm in Fq⁶ and the inverse of what both make in Fq². */
function inverse(formula: Formula): void {
  const [a0, a1] = halves(formula, 'a');
  const scalar = pairAt(formula, 'inverse');
  const factor = sexticAt(formula, 'cofactor').map((part) => settle(formula, multiply(formula, part, scalar))) as unknown as Sextic;
  const first = settleSextic(formula, multiplySextic(formula, a0, factor));
  const second = settleSextic(formula, multiplySextic(formula, a1, factor));
  storeSextic(formula, opened(first), 'into', 0, 'an inverse');
  storeSextic(formula, opened(second, -1), 'into', 1, 'an inverse');
}

/** a - 1, reduced: all digits 0 exactly where a is 1. */
function minusOne(formula: Formula): void {
  const one = elementAt('ONE', 1, formula.normal(REDUCED))[0]!;
  for (let i = 0; i < 6; i++) {
    const [real, imaginary] = pairAt(formula, 'a', i);
    const into = offset('into', PAIR * i);
    const first = i === 0 ? formula.component(into, [1, real!], [-1, one], 'reduce') : formula.component(into, [1, real!], 'reduce');
    const second = formula.component(offset(into, PAIR / 2), [1, imaginary!], 'reduce');
    for (const { bound } of [first, second]) demandWithin(bound, formula.normal(REDUCED), 'a difference from 1');
  }
}
