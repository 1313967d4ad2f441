// Prime fields as a kernel holds them: signed digits, Montgomery form. See kernel/README.md.

/** How an element is written in digits. */
export interface Shape {
  readonly name: 'fma' | 'scalar';
  readonly digits: number;
  /** Of a digit; its base is two to that. A normal digit lies between minus half of the base and half of it. */
  readonly bits: bigint;
  readonly base: bigint;
  readonly half: bigint;
  /** What the top digit weighs. */
  readonly topWeight: bigint;
  /** R of the Montgomery form: two to the bits of all digits. */
  readonly montgomery: bigint;
  /** A product of two digits, and a digit of a sum, are exact up to here. */
  readonly mostOfProduct: bigint;
  readonly mostOfSum: bigint;
  /** A square multiplies digits that it has added to themselves. */
  readonly doublesSquares: boolean;
}

function shape(
  name: Shape['name'],
  digits: number,
  bits: bigint,
  limits: Pick<Shape, 'mostOfProduct' | 'mostOfSum' | 'doublesSquares'>,
): Shape {
  const base = 1n << bits;
  return {
    name,
    digits,
    bits,
    base,
    half: base / 2n,
    topWeight: base ** BigInt(digits - 1),
    montgomery: base ** BigInt(digits),
    ...limits,
  };
}

/** Doubles and fused multiply-adds: beyond 2^102 the first addition of a product would leave its binade. */
export const FMA = shape('fma', 5, 51n, { mostOfProduct: 1n << 102n, mostOfSum: 1n << 53n, doublesSquares: true });
/** Integers of 64 bits: nine products and what the reduction adds stay below 2^63, and a digit of a sum is kept in 32 bits. */
export const SCALAR = shape('scalar', 9, 29n, { mostOfProduct: 1n << 58n, mostOfSum: 1n << 30n, doublesSquares: false });

export interface PrimeField {
  /** The prefix of everything that is generated for it. */
  readonly name: 'fq' | 'fr';
  readonly shape: Shape;
  readonly p: bigint;
  readonly pDigits: readonly bigint[];
  /** 1/base mod p, the representative nearest to 0: what a digit becomes that is shifted out. */
  readonly shifted: bigint;
  readonly shiftedDigits: readonly bigint[];
  /** -1/p modulo the base, nearest to 0. */
  readonly negInverse: bigint;
}

/** BN254: the field of coordinates and the field of scalars. */
const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const R = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

export function primeField(name: PrimeField['name'], shape: Shape): PrimeField {
  const p = name === 'fq' ? Q : R;
  const shifted = centred(invert(shape.base, p), p);
  return {
    ...{ name, shape, p, shifted },
    pDigits: toDigits(shape, p),
    shiftedDigits: toDigits(shape, shifted),
    negInverse: centred(-invert(p, shape.base), shape.base),
  };
}

/** The digits of an integer: the lower ones balanced, the top one takes what is left. */
export function toDigits({ base, digits: count }: Shape, value: bigint): bigint[] {
  const digits: bigint[] = [];
  let rest = value;
  while (digits.length < count - 1) {
    const digit = centred(rest, base);
    digits.push(digit);
    rest = (rest - digit) / base;
  }
  return [...digits, rest];
}

/** The representative modulo m that lies in [-m/2, m/2). */
export function centred(value: bigint, m: bigint): bigint {
  const least = ((value % m) + m) % m;
  return 2n * least >= m ? least - m : least;
}

/** 1/value modulo m, which has no factor in common with it; 0 ≤ result < m. */
export function invert(value: bigint, m: bigint): bigint {
  let [a, b, x, y] = [((value % m) + m) % m, m, 1n, 0n];
  while (a !== 0n) [b, a, y, x] = [a, b % a, x, y - (b / a) * x];
  return ((y % m) + m) % m;
}

/** base^exponent modulo m, from 0 to m - 1. */
export function power(base: bigint, exponent: bigint, m: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) result = (result * result * (bit === '1' ? base : 1n)) % m;
  return result;
}

/** The bits of a double as an integer. */
export function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}
