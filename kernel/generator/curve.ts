import { constantBound, demand, demandWithin, normal, productBound, squareBound, unpackedBound } from './bounds.ts';
import { centred, type PrimeField } from './field.ts';
import { type Arithmetic, BLOCK, type Element, elementAt, emitFunction, Formula, type Operand, offset, QUAD, quadAt } from './formula.ts';
import type { Unit } from './unit.ts';

// Points in memory are affine: for each component of the field 80 bytes, five vectors of (digit of x, digit of y). Infinity is all
// zero, which no point of these curves is. A job is 12 bytes: pointers to two points, whose lowest bit says that the point is meant
// with its sign turned, and to the place of their sum. Every function here does four jobs.

/** Coordinates of a point in memory, and elements between the steps: at most so many thousandths of p. */
const POINT = 850n;
export const BETWEEN = 1050n;
/** What `toCanonical` in the assembly reads: p, or nothing, makes it non-negative and below p. */
const LEAVING = 501n;
const JOB = 12;
/** Bytes that the functions may take for what is in between. */
export const SCRATCH = 1 << 16;

/** What a coordinate of a proving key is multiplied by: it comes with R = 2^256. */
export function importFactor({ p, shape }: PrimeField): bigint {
  return centred((shape.montgomery ** 2n) >> 256n, p);
}

/** What the assembly does with elements besides calling the functions here. */
export function demandOfAssembly(field: PrimeField): void {
  const between = normal(field, BETWEEN);
  const imported = productBound(field, unpackedBound(field), constantBound(field, importFactor(field)));
  demandWithin(imported, normal(field, POINT), 'a coordinate of a proving key');
  // assembly/field.ts multiplies and squares what is between the steps, and puts the results there again.
  demandWithin(productBound(field, between, between), between, 'a product between the steps');
  demandWithin(squareBound(field, between), between, 'a square between the steps');
}

export function emitCurve(name: string, degree: 1 | 2, field: PrimeField, unit: Unit, arithmetic: Arithmetic): string {
  const steps: [string, string[], (formula: Formula) => void][] = [
    ['dx', ['job', 'into'], (formula) => difference(formula, 0)],
    ['dy', ['job', 'into'], (formula) => difference(formula, 1)],
    ['double_y', ['job', 'into'], doubleY],
    ['tangent', ['job', 'into', 'scratch'], tangent],
    ['accumulate', ['sum', 'factor', 'scratch'], accumulate],
    ['split', ['sum', 'factor', 'before', 'into', 'scratch'], split],
    ['finish', ['job', 'rise', 'inverse', 'scratch'], finish],
    ['add', ['P', 'Q', 'scratch'], degree === 1 ? (formula) => add(formula, nineTimes) : (formula) => add(formula, twist)],
    ['leave', ['P', 'scratch'], leave],
    ['norm', ['a', 'into', 'scratch'], norm],
    ['unnorm', ['a', 'inverse', 'into', 'scratch'], unnorm],
  ];
  return steps
    .map(([step, parameters, write]) => {
      const formula = new Formula(field, unit, arithmetic, degree);
      write(formula);
      demand(formula.scratchBytes <= SCRATCH, `${name}_${step} needs ${formula.scratchBytes} bytes`);
      return emitFunction(`${name}_${step}`, parameters, formula.lines);
    })
    .join('\n');
}

/** The same coordinate (0 for x, 1 for y) of the first or the second point of four jobs. */
function coordinate(formula: Formula, which: 'p' | 'q', axis: 0 | 1): Operand[] {
  const at = which === 'p' ? 0 : 4;
  const name = `${which}${axis}_`;
  for (let lane = 0; lane < 4; lane++) {
    formula.emit(`const ${name}r${lane} = load<u32>(job, ${JOB * lane + at}), ${name}${lane} = <usize>(${name}r${lane} & ~1);`);
  }
  const signs = [0, 1, 2, 3].map((lane) => `<usize>(${name}r${lane} & 1)`);
  return Array.from({ length: formula.degree }, (_, component) => ({
    bound: formula.normal(POINT),
    lanes: [0, 1, 2, 3].map((lane) => ({ pointer: `${name}${lane}`, bytes: BLOCK * component, half: axis })),
    ...(axis === 1 ? { signs } : {}),
  }));
}

/** x or y of the second points less that of the first: all digits 0 exactly where they are equal modulo p. */
function difference(formula: Formula, axis: 0 | 1): void {
  const [p, q] = [coordinate(formula, 'p', axis), coordinate(formula, 'q', axis)];
  p.forEach((first, component) => {
    const result = formula.component(offset('into', QUAD * component), [1, q[component]!], [-1, first], 'reduce');
    demandWithin(result.bound, formula.normal(BETWEEN), 'a difference');
  });
}

/** 2 y of the first points: the denominator of a tangent. */
function doubleY(formula: Formula): void {
  coordinate(formula, 'p', 1).forEach((y, component) => {
    const result = formula.component(offset('into', QUAD * component), [2, y], 'reduce');
    demandWithin(result.bound, formula.normal(BETWEEN), 'twice y');
  });
}

/** 3 x² of the first points: the numerator of a tangent. */
function tangent(formula: Formula): void {
  const place = formula.temporary();
  const x = coordinate(formula, 'p', 0).map((operand, component) =>
    formula.component(offset(place, QUAD * component), [1, operand], 'reduce'),
  );
  const square = formula.square(formula.temporary(), x);
  formula.stored(formula.reduced('into', [3, square]), formula.normal(BETWEEN), 'a tangent');
}

/** sum *= factor. */
function accumulate(formula: Formula): void {
  const { degree } = formula;
  const product = formula.product(
    'sum',
    elementAt('sum', degree, formula.normal(BETWEEN)),
    elementAt('factor', degree, formula.normal(BETWEEN)),
  );
  formula.stored(product, formula.normal(BETWEEN), 'a running product');
}

/** From the inverse of a product of all up to here: the inverse of the last factor, and the inverse of the product before it. */
function split(formula: Formula): void {
  const { degree } = formula;
  const sum = elementAt('sum', degree, formula.normal(BETWEEN));
  formula.stored(formula.product('into', sum, elementAt('before', degree, formula.normal(BETWEEN))), formula.normal(BETWEEN), 'an inverse');
  formula.stored(
    formula.product('sum', sum, elementAt('factor', degree, formula.normal(BETWEEN))),
    formula.normal(BETWEEN),
    'a running inverse',
  );
}

/** Chord or tangent of slope rise · inverse: x3 = slope² - x1 - x2, y3 = slope (x1 - x3) - y1, to the places of the sums. */
function finish(formula: Formula): void {
  const { degree } = formula;
  const [p, q, y] = [coordinate(formula, 'p', 0), coordinate(formula, 'q', 0), coordinate(formula, 'p', 1)];
  for (let lane = 0; lane < 4; lane++) formula.emit(`const o${lane} = <usize>load<u32>(job, ${JOB * lane + 8});`);
  const slope = formula.product(
    formula.temporary(),
    elementAt('rise', degree, formula.normal(BETWEEN)),
    elementAt('inverse', degree, formula.normal(BETWEEN)),
  );
  const square = formula.square(formula.temporary(), slope);
  const [xPlace, runPlace] = [formula.temporary(), formula.temporary()];
  const x3 = square.map((part, i) => formula.component(offset(xPlace, QUAD * i), [1, part], [-1, p[i]!], [-1, q[i]!], 'reduce'));
  formula.stored(x3, formula.normal(POINT), 'x of a sum');
  const run = x3.map((part, i) =>
    formula.component(offset(runPlace, QUAD * i), [1, p[i]!], [-1, part], ...(degree === 2 ? ['reduce' as const] : [])),
  );
  const rise = formula.product(formula.temporary(), slope, run);
  rise.forEach((part, component) => {
    const place = (half: 0 | 1) => [0, 1, 2, 3].map((lane) => ({ pointer: `o${lane}`, bytes: BLOCK * component, half }));
    formula.sum([[1, x3[component]!]], false, place(0));
    const bound = formula.sum(
      [
        [1, part],
        [-1, y[component]!],
      ],
      true,
      place(1),
    );
    demandWithin(bound, formula.normal(POINT), 'y of a sum');
  });
}

/** 3 b of y² = x³ + 3: in two steps, since 9 times a digit is not exact. */
export function nineTimes(formula: Formula, into: string, a: Element): Element {
  return formula.reduced(into, [3, formula.reduced(into, [3, a])]);
}

/** 3 b of the twist, y² = x³ + 3 / (9 + u). */
function twist(formula: Formula, into: string, a: Element): Element {
  return formula.product(into, a, elementAt('TWIST', 2, formula.normal(POINT)));
}

/**
 * P += Q in homogeneous coordinates (X : Y : Z), complete for every two points of odd order, also equal, opposite or infinite:
 * algorithm 7 of Renes, Costello and Batina, "Complete addition formulas for prime order elliptic curves", 2015.
 */
export function add(formula: Formula, timesB3: (formula: Formula, into: string, a: Element) => Element): void {
  const { degree } = formula;
  const size = QUAD * degree;
  const of = (point: string) =>
    [0, 1, 2].map((i) => elementAt(offset(point, size * i), degree, formula.normal(BETWEEN))) as [Element, Element, Element];
  const [[X1, Y1, Z1], [X2, Y2, Z2]] = [of('P'), of('Q')];
  const both = (a: Element, b: Element) => formula.reduced(formula.temporary(), [1, a], [1, b]);
  const times = (a: Element, b: Element) => formula.product(formula.temporary(), a, b);
  const [xx, yy, zz] = [times(X1, X2), times(Y1, Y2), times(Z1, Z2)];
  const mixed = (a1: Element, b1: Element, a2: Element, b2: Element, aa: Element, bb: Element) =>
    formula.reduced(formula.temporary(), [1, times(both(a1, b1), both(a2, b2))], [-1, aa], [-1, bb]);
  const xy = mixed(X1, Y1, X2, Y2, xx, yy);
  const yz = mixed(Y1, Z1, Y2, Z2, yy, zz);
  const xz = mixed(X1, Z1, X2, Z2, xx, zz);
  const xx3 = formula.reduced(formula.temporary(), [3, xx]);
  const [zzb, xzb] = [timesB3(formula, formula.temporary(), zz), timesB3(formula, formula.temporary(), xz)];
  const upper = both(yy, zzb);
  const lower = formula.reduced(formula.temporary(), [1, yy], [-1, zzb]);
  const results: [Element, Element, number, Element, Element][] = [
    [xy, lower, -1, yz, xzb],
    [lower, upper, 1, xzb, xx3],
    [upper, yz, 1, xx3, xy],
  ];
  const products = results.map(([a, b, sign, c, d]) => [times(a, b), sign, times(c, d)] as const);
  products.forEach(([first, sign, second], i) => {
    formula.stored(formula.reduced(offset('P', size * i), [1, first], [sign, second]), formula.normal(BETWEEN), 'a coordinate of a sum');
  });
}

/** X, Y and Z out of Montgomery form, each between -p/2 and p/2 and a little. */
function leave(formula: Formula): void {
  const place = formula.temporary();
  for (let i = 0; i < 3 * formula.degree; i++) {
    const quad = quadAt(offset('P', QUAD * i), formula.normal(BETWEEN));
    const number = formula.times(place, quad, quadAt('INTEGER_ONE', formula.constant(1n)));
    demandWithin(formula.component(quad.pointer, [1, number], 'reduce').bound, formula.normal(LEAVING), 'a number that leaves');
  }
}

/** Over the extension 1/a = conjugate(a) / norm(a); over the field itself the norm is a. One quad either way. */
export function norm(formula: Formula): void {
  const a = elementAt('a', formula.degree, formula.normal(BETWEEN));
  if (a.length === 1) {
    formula.stored([formula.component('into', [1, a[0]!], 'reduce')], formula.normal(BETWEEN), 'a norm');
    return;
  }
  const squares = a.map((part) => formula.times(formula.temporary(), part, part));
  formula.stored([formula.component('into', [1, squares[0]!], [1, squares[1]!], 'reduce')], formula.normal(BETWEEN), 'a norm');
}

export function unnorm(formula: Formula): void {
  const a = elementAt('a', formula.degree, formula.normal(BETWEEN));
  const inverse = quadAt('inverse', formula.normal(BETWEEN));
  if (a.length === 1) {
    formula.stored([formula.component('into', [1, inverse], 'reduce')], formula.normal(BETWEEN), 'an inverse');
    return;
  }
  const [first, second] = a.map((part) => formula.times(formula.temporary(), part, inverse));
  formula.stored(
    [formula.component('into', [1, first!], 'reduce'), formula.component(offset('into', QUAD), [-1, second!], 'reduce')],
    formula.normal(BETWEEN),
    'an inverse',
  );
}
