import type { PrimeField, Shape } from './field.ts';

/** What is known of an element: the largest absolute value of a digit and of the integer that the digits make. */
export interface Bound {
  readonly digit: bigint;
  readonly value: bigint;
}

/** Doubles hold every integer up to here: the quotient of a reduction is computed in them. */
const MOST_EXACT = 1n << 53n;

/** An arithmetic that would be wrong for some input. Thrown while generating, so that no such kernel comes into being. */
export class ContractError extends Error {}

export function demand(holds: boolean, what: string): void {
  if (!holds) throw new ContractError(what);
}

/** An element whose lower digits are normal and whose value is at most that many thousandths of p. */
export function normal(field: PrimeField, thousandths: bigint): Bound {
  return normalised(field.shape, divideUp(field.p * thousandths, 1000n));
}

/** The lower digits lie between minus half and half of the base; the top one is what the value leaves for it. */
function normalised({ topWeight, base, half }: Shape, value: bigint): Bound {
  const top = value / topWeight + 2n;
  demand(top < base, 'the top digit of a result leaves its place');
  return { digit: top > half ? top : half, value };
}

/** Of a Montgomery product: |a b| / R, half of the 1/base that is taken last, less of those before, and half of p. */
export function productBound(field: PrimeField, a: Bound, b: Bound): Bound {
  const { shape } = field;
  demand(a.digit * b.digit <= shape.mostOfProduct, `a product of digits of ${a.digit} and ${b.digit} is not exact`);
  let value = a.value * b.value;
  const step = shape.half * magnitude(field.shifted);
  for (let i = 1; i < shape.digits; i++) value = divideUp(value + shape.half, shape.base) + step;
  return normalised(shape, divideUp(value + shape.half * field.p, shape.base));
}

export function squareBound(field: PrimeField, a: Bound): Bound {
  const { doublesSquares, mostOfProduct } = field.shape;
  demand((doublesSquares ? 2n : 1n) * a.digit * a.digit <= mostOfProduct, `a square of digits of ${a.digit} is not exact`);
  return productBound(field, a, a);
}

/** Of a sum of multiples, digit by digit, without a carry. What is reduced at once is never kept, and integers hold more than a place does. */
export function sumBound({ shape }: PrimeField, terms: readonly (readonly [number, Bound])[], isKept = true): Bound {
  const sum = (pick: (bound: Bound) => bigint) =>
    terms.reduce((total, [times, bound]) => total + BigInt(Math.abs(times)) * pick(bound), 0n);
  const digit = sum((bound) => bound.digit);
  demand(digit <= (isKept ? shape.mostOfSum : mostOfOpenSum(shape)), `a sum of digits up to ${digit} is not exact`);
  return { digit, value: sum((bound) => bound.value) };
}

/** Of a reduction: the nearest multiple of p, as the top digit tells it, is taken off, then the carries are made. */
export function reductionBound(field: PrimeField, a: Bound): Bound {
  const { base, topWeight } = field.shape;
  const top = field.pDigits.at(-1)!;
  const restOfA = (a.digit * topWeight) / (base - 1n) + 1n;
  const quotient = ((a.value + restOfA) / topWeight + 2n) / top + 1n;
  const widest = field.pDigits.reduce((most, digit) => (magnitude(digit) > most ? magnitude(digit) : most), 0n);
  const digit = a.digit + quotient * widest;
  demand(digit + 2n * (digit / base + 1n) <= mostOfOpenSum(field.shape), `a reduction of ${a.digit} is not exact`);
  // |a - q p| ≤ weight |top of a - q top of p| + |rest of a| + q |rest of p|; the first is half the top of p, and a rounding in doubles.
  const rounding = (quotient * top * 4n) / MOST_EXACT + 1n;
  const restOfP = quotient * magnitude(field.p - top * topWeight);
  return normalised(field.shape, topWeight * (top / 2n + 1n + rounding) + restOfA + restOfP);
}

/** Of a digit of a sum before it is stored: a double, or an integer of 64 bits. */
function mostOfOpenSum({ name, mostOfSum, base }: Shape): bigint {
  return name === 'fma' ? mostOfSum : mostOfSum * base;
}

/** Throws unless everything that `inner` allows is allowed by `outer`. */
export function demandWithin(inner: Bound, outer: Bound, what: string): void {
  demand(inner.digit <= outer.digit && inner.value <= outer.value, `${what}: ${describe(inner)} is not within ${describe(outer)}`);
}

/** The unsigned digits of 32 bytes, read as an integer below p. */
export function unpackedBound(field: PrimeField): Bound {
  return { digit: field.shape.base, value: field.p };
}

export function constantBound(field: PrimeField, value: bigint): Bound {
  return normalised(field.shape, magnitude(value));
}

export function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

function describe({ digit, value }: Bound): string {
  return `digits 2^${Math.log2(Number(digit)).toFixed(3)}, value 2^${Math.log2(Number(value)).toFixed(3)}`;
}
