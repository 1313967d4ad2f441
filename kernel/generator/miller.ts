import { unpackedBound } from './bounds.ts';
import { BETWEEN } from './curve.ts';
import { centred, invert, type PrimeField } from './field.ts';
import { type Element, elementAt, type Formula, offset, QUAD, type Quad, quadAt } from './formula.ts';
import { add, multiply, type Open, open, PAIR, pairAt, REDUCED, scale, settle, square, store } from './tower.ts';
import { enteringFactor } from './transform.ts';
import { conjugatedPair, constantAt, LINE, type Steps } from './twelve.ts';

// Steps of Miller loops over the twist y² = x³ + 3 / (9 + u), four pairs side by side. T is homogeneous, (X : Y : Z), and P, of the
// first group, too: infinity is (0 : 1 : 0), whose lines are numbers of Fq², which the final exponentiation makes 1. Lines are taken
// times any number of Fq² for the same reason. See Aranha, Karabina, Longa, Gebotys and López, "Faster Explicit Formulas for Computing
// Pairings over Ordinary Curves", 2011, section 5.
//
// Neither step is complete, and neither hides it: where T is infinite, or of order two in a doubling, or T = ±Q in an addition, Z
// becomes 0, and stays 0. Whoever finds Z other than 0 at the end knows that each step was the sum that it should be.

export const MILLER_STEPS: Steps = [
  ['double', ['T', 'P', 'line', 'scratch'], double],
  ['add', ['T', 'x', 'y', 'P', 'line', 'scratch'], addPoint],
  ['psi', ['Q', 'into', 'scratch'], psi],
  ['negate', ['a', 'into'], negate],
  ['compare', ['T', 'Q', 'into', 'scratch'], compare],
  ['off', ['Q', 'into', 'scratch'], off],
];

/** The constants of these steps, by name: one component, or two. */
export function millerConstants({ p, shape }: PrimeField): Record<string, bigint[]> {
  const scaled = (...components: bigint[]) => components.map((part) => centred(part * shape.montgomery, p));
  const inverse = invert(82n, p); // 1 / (9 + u) = (9 - u) / 82
  return { TWIST_B: scaled(27n * inverse, -3n * inverse), TWIST_B3: scaled(81n * inverse, -9n * inverse), THREE: scaled(3n) };
}

/** The unsigned digits of a number below p, in Montgomery form. */
export function enter(formula: Formula, field: PrimeField): void {
  const factor = enteringFactor(field);
  const number = formula.times('a', quadAt('a', unpackedBound(field)), quadAt('ENTER', formula.constant(factor)));
  formula.stored([formula.component('a', [1, number], 'reduce')], formula.normal(REDUCED), 'a number that enters');
}

const coordinates = (formula: Formula, point: string) => [0, 1, 2].map((i) => pairAt(formula, point, i)) as [Element, Element, Element];
const product = (formula: Formula, a: Element, b: Element) => settle(formula, multiply(formula, a, b));
const squared = (formula: Formula, a: Element) => settle(formula, square(formula, a));

/** The line (first, second, third) times the coordinates of P: at w⁰ that times Y, at w times X, at w³ times Z. */
function storeLine(formula: Formula, first: Open, second: Open, third: Open): void {
  const at = (i: number) => quadAt(offset('P', QUAD * i), formula.normal(BETWEEN));
  for (const [i, [sum, coordinate]] of (
    [
      [first, at(1)],
      [second, at(0)],
      [third, at(2)],
    ] as [Open, Quad][]
  ).entries()) {
    const place = offset('line', PAIR * i);
    const parts = settle(formula, sum).map((part, component) => formula.times(offset(place, QUAD * component), part, coordinate));
    formula.stored(parts, formula.normal(LINE), 'a line');
  }
}

/**
 * T = 2 T and the tangent at T, times -2 Y Z. With E = 3 b Z², four times the formulas of the source: X = 2 X Y (Y² - 3 E),
 * Y = (Y² + 3 E)² - 12 E², Z = 8 Y³ Z.
 */
function double(formula: Formula): void {
  const [X, Y, Z] = coordinates(formula, 'T');
  const [xx, yy, zz] = [squared(formula, X), squared(formula, Y), squared(formula, Z)];
  const twiceProduct = (a: Element, b: Element, aa: Element, bb: Element) =>
    settle(formula, add(square(formula, settle(formula, open([1, a], [1, b]))), open([-1, aa], [-1, bb])));
  const [xy, height] = [twiceProduct(X, Y, xx, yy), twiceProduct(Y, Z, yy, zz)];
  const e = product(formula, zz, constantAt(formula, 'TWIST_B3'));
  const [less, more] = [settle(formula, open([1, yy], [-3, e])), settle(formula, open([1, yy], [3, e]))];
  const twice = squared(formula, settle(formula, open([2, e])));
  const y = add(square(formula, more), open([-3, twice]));
  store(formula, multiply(formula, xy, less), 'T', 'X of a double');
  store(formula, y, offset('T', PAIR), 'Y of a double');
  store(formula, multiply(formula, settle(formula, open([4, yy])), height), offset('T', 2 * PAIR), 'Z of a double');
  storeLine(formula, open([1, height]), open([-3, xx]), open([1, yy], [-1, e]));
}

/** T = T + Q for an affine Q, and the line through both, times X - x Z. */
function addPoint(formula: Formula): void {
  const [X, Y, Z] = coordinates(formula, 'T');
  const [x, y] = [pairAt(formula, 'x'), pairAt(formula, 'y')];
  const rise = settle(formula, add(open([1, Y]), scale(-1, multiply(formula, y, Z))));
  const run = settle(formula, add(open([1, X]), scale(-1, multiply(formula, x, Z))));
  const [riseSquared, runSquared] = [squared(formula, rise), squared(formula, run)];
  const runCubed = product(formula, run, runSquared);
  const middle = product(formula, X, runSquared);
  const height = settle(formula, open([1, runCubed], [-2, middle], [1, product(formula, Z, riseSquared)]));
  const rest = settle(formula, open([1, middle], [-1, height]));
  const newY = add(open([1, product(formula, rise, rest)]), scale(-1, multiply(formula, runCubed, Y)));
  const newZ = multiply(formula, Z, runCubed);
  store(formula, multiply(formula, run, height), 'T', 'X of a sum');
  store(formula, newY, offset('T', PAIR), 'Y of a sum');
  store(formula, newZ, offset('T', 2 * PAIR), 'Z of a sum');
  const constant = add(open([1, product(formula, rise, x)]), scale(-1, multiply(formula, run, y)));
  storeLine(formula, open([1, run]), open([-1, rise]), constant);
}

/** The Frobenius of the curve carried over to the twist: x and y conjugated, times powers of 9 + u. */
function psi(formula: Formula): void {
  for (const [i, name] of ['FROBENIUS_2', 'FROBENIUS_3'].entries()) {
    const conjugated = conjugatedPair(formula, pairAt(formula, 'Q', i));
    store(formula, multiply(formula, conjugated, constantAt(formula, name)), offset('into', PAIR * i), 'an image');
  }
}

function negate(formula: Formula): void {
  store(formula, open([-1, pairAt(formula, 'a')]), 'into', 'an opposite');
}

/** X - x Z, Y - y Z and Z, for an affine Q: all digits of the first four components are 0 exactly where T = Q or T is infinite. */
function compare(formula: Formula): void {
  const [X, Y, Z] = coordinates(formula, 'T');
  for (const [i, of] of [X, Y].entries()) {
    const difference = add(open([1, of]), scale(-1, multiply(formula, pairAt(formula, 'Q', i), Z)));
    store(formula, difference, offset('into', PAIR * i), 'a difference');
  }
  store(formula, open([1, Z]), offset('into', 2 * PAIR), 'Z');
}

/** y² - x³ - b: all digits are 0 exactly where Q lies on the twist. */
function off(formula: Formula): void {
  const [x, y] = [pairAt(formula, 'Q', 0), pairAt(formula, 'Q', 1)];
  const cube = multiply(formula, squared(formula, x), x);
  const rest = settle(formula, add(square(formula, y), open([-1, constantAt(formula, 'TWIST_B')])));
  store(formula, add(open([1, rest]), scale(-1, cube)), 'into', 'a difference');
}

/** The steps of the first group, whose points are homogeneous as well. */
export const FIRST_STEPS: Steps = [
  ['double', ['P', 'scratch'], doubleFirst],
  [
    'negate',
    ['a', 'into'],
    (formula) =>
      formula.stored([formula.component('into', [-1, firstAt(formula, 'a', 0)], 'reduce')], formula.normal(BETWEEN), 'an opposite'),
  ],
  ['off', ['P', 'into', 'scratch'], offFirst],
];

const firstAt = (formula: Formula, pointer: string, i: number) => quadAt(offset(pointer, QUAD * i), formula.normal(BETWEEN));

/** P = 2 P, complete: algorithm 9 of Renes, Costello and Batina 2015, with 3 b = 9. */
function doubleFirst(formula: Formula): void {
  const [X, Y, Z] = [0, 1, 2].map((i) => firstAt(formula, 'P', i)) as [Quad, Quad, Quad];
  const times = (a: Quad, b: Quad) => formula.times(formula.temporary(), a, b);
  const sum = (...terms: (readonly [number, Quad])[]) => formula.component(formula.temporary(), ...terms, 'reduce');
  const [yy, zz, yz, xy] = [times(Y, Y), times(Z, Z), times(Y, Z), times(X, Y)];
  const four = sum([4, yy]);
  const nine = sum([3, sum([3, zz])]); // in two steps, since nine times a digit is not exact
  const [less, more] = [sum([1, yy], [-3, nine]), sum([1, yy], [1, nine])];
  const results: (readonly [number, Quad])[][] = [
    [[2, times(less, xy)]],
    [
      [2, times(four, nine)],
      [1, times(less, more)],
    ],
    [[2, times(four, yz)]],
  ];
  results.forEach((terms, i) => {
    formula.stored([formula.component(offset('P', QUAD * i), ...terms, 'reduce')], formula.normal(BETWEEN), 'a coordinate of a double');
  });
}

/** y² - x³ - 3 for an affine point. */
function offFirst(formula: Formula): void {
  const [x, y] = [firstAt(formula, 'P', 0), firstAt(formula, 'P', 1)];
  const times = (a: Quad, b: Quad) => formula.times(formula.temporary(), a, b);
  const three = elementAt('THREE', 1, formula.normal(REDUCED))[0]!;
  const difference = formula.component('into', [1, times(y, y)], [-1, times(times(x, x), x)], [-1, three], 'reduce');
  formula.stored([difference], formula.normal(BETWEEN), 'a difference');
}
