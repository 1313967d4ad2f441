import { constantBound, demandWithin, productBound, unpackedBound } from './bounds.ts';
import { centred, type PrimeField } from './field.ts';
import { type Arithmetic, BLOCK, emitFunction, Formula, lanesAt, type Operand, quadAt } from './formula.ts';
import type { Unit } from './unit.ts';

// The quotient polynomial. A quad holds the values of A, B and C at one place (the fourth lane is unused), so that three transforms
// run side by side with the same factors in all lanes.

/** Values at a place, and coefficients: at most so many thousandths of r. */
const VALUE = 1050n;
/** A factor of a transform: a power of the root of unity, or what scales a coefficient. */
const FACTOR = 501n;
const LEAVING = 501n;

/** Witness · this / R · coefficient / R, where coefficients of proving keys come times 2^512, is in Montgomery form. */
export function witnessFactor({ p, shape }: PrimeField): bigint {
  return centred((shape.montgomery ** 3n) >> 512n, p);
}

/** R², which brings a number into Montgomery form. */
export function enteringFactor({ p, shape }: PrimeField): bigint {
  return centred(shape.montgomery ** 2n, p);
}

export function emitTransform(field: PrimeField, unit: Unit, arithmetic: Arithmetic): string {
  const steps: [string, string[], (formula: Formula, field: PrimeField) => void][] = [
    ['collect', ['into', 'product'], collect],
    ['cross', ['a', 'scratch'], cross],
    ['spread', ['u', 'v', 'factor', 'scratch'], spread],
    ['gather', ['u', 'v', 'factor', 'scratch'], gather],
    ['scale', ['a', 'factor'], scale],
    ['join', ['a', 'scratch'], join],
    ['enter', ['a'], enter],
    ['power', ['a', 'factor', 'into'], power],
  ];
  return steps
    .map(([step, parameters, write]) => {
      const formula = new Formula(field, unit, arithmetic, 1);
      write(formula, field);
      return emitFunction(`fr_${step}`, parameters, formula.lines);
    })
    .join('\n');
}

/** Adds a product of witness and coefficient to the values of A and B. */
function collect(formula: Formula, field: PrimeField): void {
  const weighted = productBound(field, unpackedBound(field), constantBound(field, witnessFactor(field)));
  const product = quadAt('product', productBound(field, unpackedBound(field), weighted));
  const into = quadAt('into', formula.normal(VALUE));
  const bound = formula.sum(
    [
      [1, into],
      [1, product],
    ],
    true,
    lanesAt('into').slice(0, 2),
  );
  demandWithin(bound, into.bound, 'a value of A or B');
}

/** B and A in place of A and B, in both blocks. */
function swapped(formula: Formula, pointer: string): Operand {
  const lanes = ([1, 0, 1, 0] as const).map((half) => ({ pointer, bytes: 0, half }));
  return { bound: formula.normal(VALUE), lanes };
}

/** C = A B at one place. */
function cross(formula: Formula): void {
  const other = formula.component(formula.temporary(), [1, swapped(formula, 'a')]);
  const product = formula.times(formula.temporary(), quadAt('a', formula.normal(VALUE)), other);
  demandWithin(formula.sum([[1, product]], false, lanesAt('a').slice(2)), formula.normal(VALUE), 'a value of C');
}

/** (u, v) becomes (u + v, (u - v) factor): decimation in frequency. */
function spread(formula: Formula): void {
  const [u, v] = [quadAt('u', formula.normal(VALUE)), quadAt('v', formula.normal(VALUE))];
  const difference = formula.component(formula.temporary(), [1, u], [-1, v]);
  formula.stored([formula.component('u', [1, u], [1, v], 'reduce')], formula.normal(VALUE), 'u + v');
  formula.stored([formula.times('v', difference, quadAt('factor', formula.normal(FACTOR)))], formula.normal(VALUE), '(u - v) factor');
}

/** (u, v) becomes (u + v factor, u - v factor): decimation in time. */
function gather(formula: Formula): void {
  const u = quadAt('u', formula.normal(VALUE));
  const product = formula.times(formula.temporary(), quadAt('v', formula.normal(VALUE)), quadAt('factor', formula.normal(FACTOR)));
  formula.stored([formula.component('v', [1, u], [-1, product], 'reduce')], formula.normal(VALUE), 'u - v factor');
  formula.stored([formula.component('u', [1, u], [1, product], 'reduce')], formula.normal(VALUE), 'u + v factor');
}

function scale(formula: Formula): void {
  formula.stored(
    [formula.times('a', quadAt('a', formula.normal(VALUE)), quadAt('factor', formula.normal(FACTOR)))],
    formula.normal(VALUE),
    'a scaled coefficient',
  );
}

/** A B - C in the first lane, out of Montgomery form, between -p/2 and p/2 and a little. */
function join(formula: Formula): void {
  const other = formula.component(formula.temporary(), [1, swapped(formula, 'a')]);
  const product = formula.times(formula.temporary(), quadAt('a', formula.normal(VALUE)), other);
  const c: Operand = { bound: formula.normal(VALUE), lanes: ([0, 1, 0, 1] as const).map((half) => ({ pointer: 'a', bytes: BLOCK, half })) };
  const rest = formula.component(formula.temporary(), [1, product], [-1, c], 'reduce');
  const number = formula.times(formula.temporary(), rest, quadAt('INTEGER_ONE', formula.constant(1n)));
  demandWithin(formula.component('a', [1, number], 'reduce').bound, formula.normal(LEAVING), 'a number that leaves');
}

/** The unsigned digits of a number below r become a factor in Montgomery form. */
function enter(formula: Formula, field: PrimeField): void {
  const product = formula.times('a', quadAt('a', unpackedBound(field)), quadAt('ENTER', formula.constant(enteringFactor(field))));
  formula.stored([formula.component('a', [1, product], 'reduce')], formula.normal(FACTOR), 'a factor');
}

/** The next of a row of powers. */
function power(formula: Formula): void {
  const product = formula.times('into', quadAt('a', formula.normal(FACTOR)), quadAt('factor', formula.normal(FACTOR)));
  formula.stored([formula.component('into', [1, product], 'reduce')], formula.normal(FACTOR), 'a power');
}
