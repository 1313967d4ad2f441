import fc from 'fast-check';
import { invert, type PrimeField } from '#kernel/generator/field.ts';
import { BIG_ARITHMETIC, type BigPoint } from '#lib/protocol/numbers/big-arithmetic.ts';
import { BASE, SCALAR_ORDER, toScalar } from '#lib/protocol/numbers/point.ts';
import { smallOrderPoint } from '../protocol/make-vectors/odd-points.ts';

export const L = SCALAR_ORDER;
export const EIGHTH = smallOrderPoint();
/** Points that meet each other: multiples of B by small numbers, with small-order parts, some with a Z that is not 1. */
export const pointOf = (n: number, eighths: number): BigPoint =>
  Array.from({ length: eighths }, () => EIGHTH).reduce(
    (sum, one) => sum.add(one),
    BIG_ARITHMETIC.multiplyPublic(BASE, toScalar(BigInt(n))),
  );
export const POINTS = [-3, -2, -1, 0, 1, 2, 3].flatMap((n) => [0, 1, 2, 4, 7].map((eighths) => pointOf(n, eighths)));
export const EDGES = [0n, 1n, 2n, 7n, 8n, 9n, 15n, 16n, 17n, 0x88n, 0x78n, (1n << 250n) - 1n, 1n << 250n, L / 2n, L - 8n, L - 2n, L - 1n];
export const anyScalar = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt({ min: 0n, max: L - 1n }), fc.bigInt({ min: 0n, max: 1n << 128n }));
export const fill = <T>(length: number, make: (i: number) => T) => Array.from({ length }, (_, i) => make(i));

/** Four lanes of digits as large as they may be, for elements of at most so many thousandths of p. */
export function digitsAtTheEdge({ p, shape }: PrimeField, thousandths: bigint): fc.Arbitrary<bigint[][]> {
  const digit = fc.oneof(
    fc.constantFrom(shape.half, -shape.half, shape.half - 1n, 0n, 1n, -1n),
    fc.bigInt({ min: -shape.half, max: shape.half }),
  );
  const top = (p * thousandths) / 1000n / shape.topWeight;
  const element = fc.tuple(...fill(shape.digits - 1, () => digit), fc.constantFrom(top, -top, 0n, top / 3n));
  return fc.array(element, { minLength: 4, maxLength: 4 }) as fc.Arbitrary<bigint[][]>;
}

export const modulo = (value: bigint, p: bigint) => ((value % p) + p) % p;

/** What the digits stand for, out of Montgomery form. */
export function numberOf({ p, shape }: PrimeField, digits: readonly bigint[]): bigint {
  const value = digits.reduceRight((sum, digit) => sum * shape.base + digit, 0n);
  return modulo(value * invert(shape.montgomery, p), p);
}

/** The formulas of generator/edwards.ts for (X, Y, T, Z) and (Y - X, -2 D T, Y + X, 2 Z), with integers. */
export function sumOf({ p }: PrimeField, [X, Y, T, Z]: readonly bigint[], [less, twisted, more, twice]: readonly bigint[]): bigint[] {
  const [a, b, c, d] = [(Y! - X!) * less!, (Y! + X!) * more!, -T! * twisted!, Z! * twice!];
  return closed(p, b - a, d - c, d + c, b + a);
}

export function doubleOf({ p }: PrimeField, [X, Y, , Z]: readonly bigint[]): bigint[] {
  const g = Y! * Y! - X! * X!;
  return closed(p, 2n * X! * Y!, g - 2n * Z! * Z!, g, -X! * X! - Y! * Y!);
}

function closed(p: bigint, e: bigint, f: bigint, g: bigint, h: bigint): bigint[] {
  return [e * f, g * h, e * h, f * g].map((value) => modulo(value, p));
}
