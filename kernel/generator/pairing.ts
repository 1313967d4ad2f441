import { demand } from './bounds.ts';
import { add, demandOfAssembly, nineTimes, norm, unnorm } from './curve.ts';
import { centred, type PrimeField } from './field.ts';
import { type Arithmetic, emitFunction, Formula } from './formula.ts';
import { enter, FIRST_STEPS, MILLER_STEPS, millerConstants } from './miller.ts';
import { enteringFactor } from './transform.ts';
import { frobeniusFactor, type Steps, TWELVE_STEPS } from './twelve.ts';
import type { Unit } from './unit.ts';

// Pairings of BN254 in four lanes that never meet: what a lane holds depends on that lane of the operands alone.

/** The number from which the curve is made: p and r are polynomials in it. */
const PARAMETER = 4_965_661_367_192_848_881n;
/** Bytes that the functions may take for what is in between. */
export const PAIRING_SCRATCH = 1 << 16;

/** Constants by name, in Montgomery form: one component or two. */
export function pairingConstants(field: PrimeField): Record<string, bigint[]> {
  const frobenius = [1, 2, 3, 4, 5].map((i) => [`FROBENIUS_${i}`, frobeniusFactor(field, i)] as const);
  const one = centred(field.shape.montgomery, field.p);
  return { ...millerConstants(field), ...Object.fromEntries(frobenius), ENTER: [enteringFactor(field)], ONE: [one] };
}

export function emitPairing(field: PrimeField, unit: Unit, arithmetic: Arithmetic): string {
  demandOfAssembly(field);
  const groups: [string, 1 | 2, Steps][] = [
    ['first', 1, [...FIRST_STEPS, ['add', ['P', 'Q', 'scratch'], (formula) => add(formula, nineTimes)]]],
    [
      'second',
      2,
      [
        ['norm', ['a', 'into', 'scratch'], norm],
        ['unnorm', ['a', 'inverse', 'into', 'scratch'], unnorm],
      ],
    ],
    ['numbers', 1, [['enter', ['a'], (formula) => enter(formula, field)]]],
    ['miller', 2, MILLER_STEPS],
    ['twelve', 2, TWELVE_STEPS],
  ];
  return groups
    .flatMap(([group, degree, steps]) =>
      steps.map(([step, parameters, write]) => {
        const formula = new Formula(field, unit, arithmetic, degree);
        write(formula);
        demand(formula.scratchBytes <= PAIRING_SCRATCH, `${group}_${step} needs ${formula.scratchBytes} bytes`);
        demand(formula.scratchBytes === 0 || parameters.includes('scratch'), `${group}_${step} has no scratch`);
        return emitFunction(`${group}_${step}`, parameters, formula.lines);
      }),
    )
    .join('\n');
}

/** 6 x + 2 in digits -1, 0 and 1, of which no two neighbours are both other than 0, and x: from the second highest on, one byte each. */
export function emitDigits(): string {
  return Object.entries({ LOOP: 6n * PARAMETER + 2n, PARAMETER })
    .map(([name, value]) => {
      const digits = signedDigits(value).reverse().slice(1);
      return `export const ${name}: usize = memory.data<i8>([${digits.join(', ')}]);\nexport const ${name}_LENGTH: usize = ${digits.length};`;
    })
    .join('\n');
}

/** The non-adjacent form, the lowest digit first. */
function signedDigits(value: bigint): number[] {
  const digits: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 1n) {
    const digit = (rest & 1n) === 0n ? 0 : 2 - Number(rest & 3n);
    digits.push(digit);
    rest -= BigInt(digit);
  }
  return digits;
}
