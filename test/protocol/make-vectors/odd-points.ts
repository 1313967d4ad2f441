import { FIELD_ORDER } from '#lib/protocol/numbers/field.ts';
import { BASE, formatPoint, type Point, type PointText, parseCurvePoint, SCALAR_ORDER } from '#lib/protocol/numbers/point.ts';

/** A point of order 8 of Baby Jubjub: l times any point of the curve that is in no smaller group. */
const EIGHTH = findEighth();

/** The points of small order other than the identity, one of each order. */
export const SMALL_POINTS: Record<string, string[]> = {
  'of order 2': [...formatPoint(EIGHTH.double().double())],
  'of order 4': [...formatPoint(EIGHTH.double())],
  'of order 8': [...formatPoint(EIGHTH)],
};

/** A point whose part in the prime subgroup is B and whose part of small order is not nothing. */
export const MIXED_POINT: PointText = formatPoint(BASE.add(EIGHTH));

export function smallOrderPoint(): Point {
  return EIGHTH;
}

/** Tries x = 1, 2, …: solves the curve equation for y and multiplies by l. */
function findEighth(): Point {
  for (let x = 1n; ; x++) {
    const square = ((1n - 168700n * x * x) * invert(1n - 168696n * x * x)) % FIELD_ORDER;
    const y = squareRoot(((square % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER);
    const point = y === null ? null : parseCurvePoint([String(x), String(y)]);
    const small = point && multiply(point, SCALAR_ORDER);
    if (small && !small.double().double().is0()) return small;
  }
}

/** Also for scalars that are no scalars of the subgroup. */
function multiply(point: Point, times: bigint): Point {
  let [sum, power] = [parseCurvePoint(['0', '1']) as Point, point];
  for (let rest = times; rest > 0n; rest >>= 1n, power = power.double()) if (rest & 1n) sum = sum.add(power);
  return sum;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, ((base % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER];
  for (let rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % FIELD_ORDER)
    if (rest & 1n) result = (result * square) % FIELD_ORDER;
  return result;
}

function invert(value: bigint): bigint {
  return power(value, FIELD_ORDER - 2n);
}

/** Tonelli and Shanks. r − 1 = 2^28 · odd. */
function squareRoot(value: bigint): bigint | null {
  if (power(value, (FIELD_ORDER - 1n) / 2n) !== 1n) return null;
  const odd = (FIELD_ORDER - 1n) >> 28n;
  let [exponent, generator] = [28, power(5n, odd)];
  let [root, rest] = [power(value, (odd + 1n) / 2n), power(value, odd)];
  while (rest !== 1n) {
    let order = 0;
    for (let square = rest; square !== 1n; square = (square * square) % FIELD_ORDER) order++;
    const step = power(generator, 1n << BigInt(exponent - order - 1));
    [exponent, generator] = [order, (step * step) % FIELD_ORDER];
    [root, rest] = [(root * step) % FIELD_ORDER, (rest * generator) % FIELD_ORDER];
  }
  return root;
}
