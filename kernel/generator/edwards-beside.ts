import { constantBound, demand, demandWithin, unpackedBound } from './bounds.ts';
import { ADDEND, COORDINATE, EDWARDS_SCRATCH, LEAVING, ROOT, twistOf } from './edwards.ts';
import { centred, invert, type PrimeField } from './field.ts';
import { type Arithmetic, type Element, elementAt, emitFunction, Formula, offset, QUAD, type Quad } from './formula.ts';
import type { Unit } from './unit.ts';

// Four points of Baby Jubjub side by side, a lane each: four quads X, Y, T and Z, of the same curve and with the same formulas as
// in edwards.ts, where the coordinates of one point lie side by side. Nothing has to change its lane, a point whose Z is 1 is added
// for seven products instead of eight, and squares are squares. An addend is (Y - X, -2 D T, Y + X, 2 Z), or where Z is 1 half of
// that, whose fourth quad, 1, nobody reads.

/** Constants by name, the same in all lanes. */
export function besideConstants({ p, shape }: PrimeField): Record<string, bigint> {
  const one = shape.montgomery;
  const constants = {
    ENTER: one * one,
    ENTER_ROOT: one * one * ROOT,
    LEAVE: 1n,
    LEAVE_ROOT: invert(ROOT, p),
    TWIST: -twistOf(p) * one,
    HALF: one * invert(2n, p),
  };
  return Object.fromEntries(Object.entries(constants).map(([name, value]) => [`BESIDE_${name}`, centred(value, p)]));
}

export function emitBeside(field: PrimeField, unit: Unit, arithmetic: Arithmetic): string {
  const constants = besideConstants(field);
  const constant = (name: string) => elementAt(`BESIDE_${name}`, 1, constantBound(field, constants[`BESIDE_${name}`]!));
  const steps: [string, string[], (formula: Formula) => void][] = [
    ['add', ['P', 'Q', 'scratch'], (formula) => combine(formula, 1, twiceZ)],
    ['subtract', ['P', 'Q', 'scratch'], (formula) => combine(formula, -1, twiceZ)],
    ['add_half', ['P', 'Q', 'scratch'], (formula) => combine(formula, 1, (_, { Z }) => Z)],
    ['double', ['P', 'scratch'], (formula) => double(formula, true)],
    ['double_only', ['P', 'scratch'], (formula) => double(formula, false)],
    ['addend', ['P', 'into', 'scratch'], (formula) => toAddend(formula, constant('TWIST'))],
    ['half_addend', ['P', 'inverse', 'into', 'scratch'], (formula) => toHalfAddend(formula, constant('TWIST'), constant('HALF'))],
    ['enter', ['P'], (formula) => enter(formula, field, constant('ENTER_ROOT'), constant('ENTER'))],
    ['leave', ['P', 'inverse', 'scratch'], (formula) => leave(formula, constant('LEAVE_ROOT'), constant('LEAVE'))],
  ];
  return steps
    .map(([step, parameters, write]) => {
      const formula = new Formula(field, unit, arithmetic, 1);
      write(formula);
      demand(formula.scratchBytes <= EDWARDS_SCRATCH, `beside_${step} needs ${formula.scratchBytes} bytes`);
      return emitFunction(`beside_${step}`, parameters, formula.lines);
    })
    .join('\n');
}

type Point = { X: Element; Y: Element; T: Element; Z: Element };

const quadOf = (formula: Formula, pointer: string, i: number, thousandths: bigint) =>
  elementAt(offset(pointer, QUAD * i), 1, formula.normal(thousandths));

function pointAt(formula: Formula): Point {
  const [X, Y, T, Z] = [0, 1, 2, 3].map((i) => quadOf(formula, 'P', i, COORDINATE)) as [Element, Element, Element, Element];
  return { X, Y, T, Z };
}

const product = (formula: Formula, a: Element, b: Element) => formula.product(formula.temporary(), a, b);
const squared = (formula: Formula, a: Element) => formula.square(formula.temporary(), a);
/** A sum that is not reduced. */
const open = (formula: Formula, ...terms: (readonly [number, Element])[]): Element => [
  formula.component(formula.temporary(), ...terms.map(([times, [quad]]) => [times, quad as Quad] as const)),
];
const reduced = (formula: Formula, ...terms: (readonly [number, Element])[]) => formula.reduced(formula.temporary(), ...terms);

/** P ± Q is P, with 2 Z₁ Z₂ from `twice`, or half of it where the addend is a half. See `combine` in edwards.ts. */
function combine(formula: Formula, sign: 1 | -1, twice: (formula: Formula, point: Point) => Element): void {
  const point = pointAt(formula);
  const { X, Y, T } = point;
  const [less, twisted, more] = [0, 1, 2].map((i) => quadOf(formula, 'Q', i, ADDEND)) as [Element, Element, Element];
  const a = product(formula, open(formula, [1, Y], [-1, X]), sign === 1 ? less : more);
  const b = product(formula, open(formula, [1, Y], [1, X]), sign === 1 ? more : less);
  const c = product(formula, T, twisted);
  const d = twice(formula, point);
  const e = open(formula, [1, b], [-1, a]);
  const f = reduced(formula, [1, d], [sign, c]);
  const g = open(formula, [1, d], [-sign, c]);
  const h = reduced(formula, [1, b], [1, a]);
  close(formula, [e, f, g, h], true);
}

const twiceZ = (formula: Formula, { Z }: Point) => product(formula, Z, quadOf(formula, 'Q', 3, ADDEND));

/** P = 2 P, with T or without, which only an addition reads. See `double` in edwards.ts. */
function double(formula: Formula, withT: boolean): void {
  const { X, Y, Z } = pointAt(formula);
  const [xx, yy, zz, xy] = [squared(formula, X), squared(formula, Y), squared(formula, Z), product(formula, X, Y)];
  const e = open(formula, [2, xy]);
  const g = open(formula, [1, yy], [-1, xx]);
  const f = reduced(formula, [1, yy], [-1, xx], [-2, zz]);
  const h = reduced(formula, [-1, xx], [-1, yy]);
  close(formula, [e, f, g, h], withT);
}

/** (E F, G H, E H, G F) is P. */
function close(formula: Formula, [e, f, g, h]: readonly [Element, Element, Element, Element], withT: boolean): void {
  const results: [Element, Element][] = [
    [e, f],
    [g, h],
    [e, h],
    [g, f],
  ];
  for (const [i, [a, b]] of results.entries()) {
    if (i === 2 && !withT) continue;
    formula.stored(formula.product(offset('P', QUAD * i), a, b), formula.normal(COORDINATE), 'a coordinate');
  }
}

/** The addend of P. */
function toAddend(formula: Formula, twist: Element): void {
  const { X, Y, T, Z } = pointAt(formula);
  storeAddend(formula, [
    [
      [1, Y],
      [-1, X],
    ],
    [[2, product(formula, T, twist)]],
    [
      [1, Y],
      [1, X],
    ],
    [[2, Z]],
  ]);
}

/** Half of the addend of P with a Z of 1, from the inverse of P's Z. */
function toHalfAddend(formula: Formula, twist: Element, half: Element): void {
  const { X, Y } = pointAt(formula);
  const inverse = quadOf(formula, 'inverse', 0, COORDINATE);
  const [x, y] = [product(formula, X, inverse), product(formula, Y, inverse)];
  const twisted = product(formula, product(formula, x, y), twist);
  const [less, more] = [-1, 1].map((sign) => product(formula, open(formula, [1, y], [sign, x]), half)) as [Element, Element];
  storeAddend(formula, [[[1, less]], [[1, twisted]], [[1, more]]]);
}

function storeAddend(formula: Formula, parts: readonly (readonly (readonly [number, Element])[])[]): void {
  parts.forEach((terms, i) => {
    formula.stored(formula.reduced(offset('into', QUAD * i), ...terms), formula.normal(ADDEND), 'an addend');
  });
}

/** The unsigned digits of the coordinates of points, as the curve's usual form has them, become those of points. */
function enter(formula: Formula, field: PrimeField, root: Element, factor: Element): void {
  [root, factor, root, factor].forEach((by, i) => {
    const place = offset('P', QUAD * i);
    const entered = formula.product(place, elementAt(place, 1, unpackedBound(field)), by);
    formula.stored(entered, formula.normal(COORDINATE), 'a coordinate that enters');
  });
}

/** P's x, y and x y in the curve's usual form and out of Montgomery form, between -r/2 and r/2 and a little, from the inverse of Z. */
function leave(formula: Formula, root: Element, one: Element): void {
  const { X, Y } = pointAt(formula);
  const inverse = quadOf(formula, 'inverse', 0, COORDINATE);
  const [x, y] = [product(formula, X, inverse), product(formula, Y, inverse)];
  const numbers = [product(formula, x, root), product(formula, y, one), product(formula, product(formula, x, y), root)];
  numbers.forEach((number, i) => {
    const place = formula.reduced(offset('P', QUAD * i), [1, number]);
    for (const { bound } of place) demandWithin(bound, formula.normal(LEAVING), 'a coordinate that leaves');
  });
}
