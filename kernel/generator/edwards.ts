import { constantBound, demand, demandWithin, normal, productBound, squareBound, unpackedBound } from './bounds.ts';
import { centred, invert, type PrimeField, power } from './field.ts';
import {
  type Arithmetic,
  BLOCK,
  emitFunction,
  Formula,
  type Lane,
  lanesAt,
  type Operand,
  type Quad,
  quadAt,
  type Term,
} from './formula.ts';
import type { Unit } from './unit.ts';

// Baby Jubjub, 168700 x² + y² = 1 + 168696 x² y² over the field of scalars. With x times a root of -168700 it is
// -x² + y² = 1 + D x² y², on which an addition is two products of quads. Since -168700 is a square and 168696 is none, D is none, and
// the formulas are complete: for every two points of the curve, of whatever order, equal, opposite or the identity.
//
// A point is one quad, its four extended coordinates (X, Y, T, Z) in Montgomery form, x = X / Z, y = Y / Z, T = X Y / Z. What is added
// to many is kept as an addend, also one quad: (Y - X, -2 D T, Y + X, 2 Z) or a multiple of it: half of it, in tables, where Z is 1.

const CURVE_A = 168_700n;
const CURVE_D = 168_696n;
/** Its square is -168700. */
export const ROOT = 6360561867910373094066688120553762416144456282423235903351243436111059670888n;

/** Coordinates of points, and of addends: at most so many thousandths of r. */
export const COORDINATE = 1050n;
export const ADDEND = 501n;
/** What `toCanonical` in the assembly reads. */
export const LEAVING = 501n;
/** Bytes that the functions may take for what is in between. */
export const EDWARDS_SCRATCH = 1 << 11;

/** Between the steps of `assembly/edwards-root.ts`, and what `toCanonical` there reads: more than -r and less than r. */
const BETWEEN = 1050n;
const CANONICAL = 999n;
/** r - 1 is two to this times an odd number; 5 has no square root. */
const TWO_ADICITY = 28n;
const NO_SQUARE = 5n;

/** Where things stand in a quad. */
const [X, Y, T, Z] = [0, 1, 2, 3] as const;
const [LESS, TWISTED, MORE, TWICE] = [0, 1, 2, 3] as const;
type Place = readonly [pointer: string, lane: number];

/** D. */
export function twistOf(p: bigint): bigint {
  return -CURVE_D * invert(CURVE_A, p);
}

/** Constants by name, a number for each lane, as they stand in memory. */
export function edwardsConstants({ p, shape }: PrimeField): Record<string, bigint[]> {
  const one = shape.montgomery;
  const [squared, root, twist] = [one * one, ROOT, twistOf(p)];
  const lanes = (...values: bigint[]) => values.map((value) => centred(value, p));
  return {
    ENTER_POINT: lanes(squared * root, squared, squared * root, squared),
    LEAVE_POINT: lanes(invert(root, p), 1n, invert(root, p), 1n),
    TO_ADDEND: lanes(one, -2n * twist * one, one, 2n * one),
    IDENTITY: lanes(0n, one, 0n, one),
    NO_ADDEND: lanes(one * invert(2n, p), 0n, one * invert(2n, p), one),
    ZERO: lanes(0n, 0n, 0n, 0n),
  };
}

/** For `assembly/edwards-root.ts`: 1 / g for a root of unity g of order 2^28, in Montgomery form, and (m - 1) / 2 for the odd m. */
export function rootConstants(field: PrimeField): { inverse: bigint; exponent: bigint; enter: bigint } {
  const { p, shape } = field;
  const between = normal(field, BETWEEN);
  demandWithin(productBound(field, between, between), between, 'a product of a root');
  demandWithin(squareBound(field, between), between, 'a square of a root');
  const enter = centred(shape.montgomery ** 2n, p);
  demandWithin(productBound(field, unpackedBound(field), constantBound(field, enter)), between, 'a number that enters');
  demandWithin(productBound(field, between, constantBound(field, 1n)), normal(field, CANONICAL), 'a root that leaves');
  const odd = (p - 1n) >> TWO_ADICITY;
  const root = invert(power(NO_SQUARE, odd, p), p);
  demand(power(root, 1n << (TWO_ADICITY - 1n), p) === p - 1n, 'the root of unity is of a smaller order');
  return { inverse: centred(root * shape.montgomery, p), exponent: (odd - 1n) / 2n, enter };
}

export function emitEdwards(field: PrimeField, unit: Unit, arithmetic: Arithmetic): string {
  demand((ROOT * ROOT + CURVE_A) % field.p === 0n, 'the root is none');
  const constants = edwardsConstants(field);
  const constant = (name: string) =>
    constants[name]!.map((value) => constantBound(field, value)).reduce((most, bound) => ({
      digit: bound.digit > most.digit ? bound.digit : most.digit,
      value: bound.value > most.value ? bound.value : most.value,
    }));
  const steps: [string, string[], (formula: Formula) => void][] = [
    ['add', ['P', 'Q', 'into', 'scratch'], (formula) => combine(formula, 1)],
    ['subtract', ['P', 'Q', 'into', 'scratch'], (formula) => combine(formula, -1)],
    ['double', ['P', 'into', 'scratch'], double],
    ['addend', ['P', 'into', 'scratch'], (formula) => toAddend(formula, quadAt('TO_ADDEND', constant('TO_ADDEND')))],
    ['enter', ['P'], (formula) => enter(formula, field, quadAt('ENTER_POINT', constant('ENTER_POINT')))],
    ['leave', ['P', 'into', 'scratch'], (formula) => leave(formula, quadAt('LEAVE_POINT', constant('LEAVE_POINT')))],
  ];
  for (const name of ['IDENTITY', 'NO_ADDEND']) {
    demandWithin(constant(name), new Formula(field, unit, arithmetic, 1).normal(ADDEND), name);
  }
  return steps
    .map(([step, parameters, write]) => {
      const formula = new Formula(field, unit, arithmetic, 1);
      write(formula);
      demand(formula.scratchBytes <= EDWARDS_SCRATCH, `edwards_${step} needs ${formula.scratchBytes} bytes`);
      return emitFunction(`edwards_${step}`, parameters, formula.lines);
    })
    .join('\n');
}

/**
 * P ± Q for a point and an addend. Hisil, Wong, Carter and Dawson 2008, section 3.1 with k = 2 D: A = (Y₁ - X₁) (Y₂ - X₂),
 * B = (Y₁ + X₁) (Y₂ + X₂), C = 2 D T₁ T₂, E = B - A, F = 2 Z₁ Z₂ - C, G = 2 Z₁ Z₂ + C, H = B + A. For -Q an addend's first and third
 * lane change places and the second changes its sign; so P is opened the other way round, and A, B and C are found elsewhere.
 */
function combine(formula: Formula, sign: 1 | -1): void {
  const opened = open(formula, sign);
  const product = formula.times(formula.temporary(), opened, quadAt('Q', formula.normal(ADDEND)));
  const at = (...lanes: number[]) => placed(product, ...lanes);
  const [a, b] = sign === 1 ? ([LESS, MORE] as const) : ([MORE, LESS] as const);
  // E and G, H and F: the second lane of the product is -C for Q and C for -Q.
  close(
    formula,
    [
      [1, at(b, TWICE)],
      [-1, withSigns(at(a, TWISTED), [0, sign === 1 ? 0 : 1])],
    ],
    [
      [1, at(b, TWICE)],
      [1, withSigns(at(a, TWISTED), [0, sign === 1 ? 0 : 1])],
    ],
  );
}

/** (Y - X, T, Y + X, Z), or with X's sign turned. */
function open(formula: Formula, sign: 1 | -1): Quad {
  const point = quadAt('P', formula.normal(COORDINATE));
  const zero: Place = ['ZERO', 0];
  const signs = sign === 1 ? [1, 0, 0, 0] : [0, 0, 1, 0];
  const x = withSigns(operand(point, ['P', X], zero, ['P', X], zero), signs);
  return formula.component(formula.temporary(), [1, placed(point, Y, T, Y, Z)], [1, x]);
}

/** 2 P. The same, section 3.3 with a = -1: E = 2 X Y, G = Y² - X², F = G - 2 Z², H = -X² - Y². */
function double(formula: Formula): void {
  const point = quadAt('P', formula.normal(COORDINATE));
  const left = formula.component(formula.temporary(), [1, placed(point, X, Y, X, Z)]);
  const right = formula.component(formula.temporary(), [1, placed(point, X, Y, Y, Z)]);
  const product = formula.times(formula.temporary(), left, right);
  const [xx, yy, xy, zz] = [0, 1, 2, 3] as const;
  const at = (...lanes: number[]) => placed(product, ...lanes);
  close(
    formula,
    [
      [1, at(xy, yy)],
      [1, withSigns(at(xy, xx), [0, 1])],
    ],
    [
      [-1, at(xx, xx)],
      [1, withSigns(at(yy, yy), [1, 0])],
      [-2, operand(product, ['ZERO', 0], [product.pointer, zz])],
    ],
  );
}

/** (E F, G H, E H, G F) from E and G, and H and F: the coordinates of a point. */
function close(formula: Formula, eg: readonly Term[], hf: readonly Term[]): void {
  const [left, right] = [formula.temporary(), formula.temporary()];
  const bothHalves = (pointer: string, terms: readonly Term[], reduce: boolean, own: 0 | 1) => {
    const lanes = lanesAt(pointer);
    const [place, other] = own === 0 ? [lanes.slice(0, 2), lanes.slice(2)] : [lanes.slice(2), lanes.slice(0, 2)];
    const bound = formula.sum(terms, reduce, place);
    formula.sum([[1, { bound, lanes: own === 0 ? place : [...place].reverse() }]], false, other);
    return quadAt(pointer, bound);
  };
  const product = formula.times('into', bothHalves(left, eg, false, 0), bothHalves(right, hf, true, 1));
  formula.stored([product], formula.normal(COORDINATE), 'a coordinate');
}

/** The addend of a point. */
function toAddend(formula: Formula, factors: Quad): void {
  const product = formula.times(formula.temporary(), open(formula, 1), factors);
  formula.stored([formula.component('into', [1, product], 'reduce')], formula.normal(ADDEND), 'an addend');
}

/** The unsigned digits of the coordinates of a point, as the curve's usual form has them, become those of a point. */
function enter(formula: Formula, field: PrimeField, factors: Quad): void {
  const entered = formula.times('P', quadAt('P', unpackedBound(field)), factors);
  formula.stored([entered], formula.normal(COORDINATE), 'a coordinate that enters');
}

/** The coordinates in the curve's usual form and out of Montgomery form, between -r/2 and r/2 and a little. */
function leave(formula: Formula, factors: Quad): void {
  const product = formula.times(formula.temporary(), quadAt('P', formula.normal(COORDINATE)), factors);
  const number = formula.component('into', [1, product], 'reduce');
  demandWithin(number.bound, formula.normal(LEAVING), 'a coordinate that leaves');
}

function operand({ bound }: Operand, ...places: Place[]): Operand {
  return { bound, lanes: places.map(laneOf) };
}

/** Lanes of a quad in this order. */
function placed(quad: Quad, ...lanes: number[]): Operand {
  return operand(quad, ...lanes.map((lane) => [quad.pointer, lane] as const));
}

function laneOf([pointer, lane]: Place): Lane {
  return { pointer, bytes: BLOCK * (lane >> 1), half: (lane & 1) as 0 | 1 };
}

/** 1 where the sign is turned. */
function withSigns(of: Operand, signs: readonly number[]): Operand {
  return signs.includes(1) ? { ...of, signs: signs.map(String) } : of;
}
