import { demand, magnitude } from './bounds.ts';
import { bitsOf, FMA, type PrimeField } from './field.ts';
import { HIGH, LOW, type Unit } from './unit.ts';

const { base: BASE, half: HALF, bits: DIGIT_BITS, digits: DIGITS, mostOfProduct: MAX_DIGIT_PRODUCT } = FMA;

// Montgomery products of two lanes, unrolled. A product of digits x y is taken apart exactly by two fused multiply-adds:
//   h = fma(x, y, 3 2^102)            the multiple of 2^51 that is nearest to x y
//   l = fma(x, y, 3 2^102 + 3 2^51 - h)   what is left of it
// The bits of h and of l, read as 64-bit integers, are constants plus the upper and the lower part. So columns are added up as
// integers; each starts at minus the sum of the constants that will come to it.

/** Added to a column so that it is never negative: a multiple of 2^51 and half a digit, which makes the digit balanced. */
const BIAS_BITS = 60n;
const BIAS = (1n << BIAS_BITS) + HALF;
const WRAP = 1n << 64n;

interface Column {
  /** The largest absolute value of what has been added. */
  bound: bigint;
  /** What the constants of the parts have added. */
  surplus: bigint;
  started: boolean;
}

type Emit = (statement: string) => void;

/** The statements of one two-lane product in nine pieces; pieces of two independent ones are laid side by side by `productsByFma`. */
class Product {
  readonly pieces: string[][] = [[]];
  private readonly columns: Column[] = Array.from({ length: 2 * DIGITS }, () => ({ bound: 0n, surplus: 0n, started: false }));
  private readonly field: PrimeField;
  private readonly unit: Unit;
  private readonly prefix: string;
  private readonly offset: number;
  private names = 0;

  /** Of the lanes at `offset` bytes from the pointers; `prefix` keeps its names apart from those of another one. */
  constructor(field: PrimeField, unit: Unit, squares: boolean, prefix: string, offset: number) {
    this.field = field;
    this.unit = unit;
    this.prefix = prefix;
    this.offset = offset;
    this.emit(`let ${prefix}h: v128, ${prefix}l: v128, ${prefix}d: v128;`);
    for (let i = 0; i < DIGITS; i++) {
      this.pieces.push([]);
      if (squares) this.squareRow(i);
      else this.productRow(i);
      if (i < DIGITS - 1) this.shiftOut(i);
      else this.clearLast(i);
    }
    this.pieces.push([]);
    this.carry();
    this.settleStarts();
  }

  private readonly emit: Emit = (statement) => this.pieces.at(-1)!.push(statement);
  private loadOf = (pointer: string, digit: number) => `v128.load(${pointer}, ${this.offset + 16 * digit})`;

  private productRow(i: number): void {
    const { prefix } = this;
    this.emit(`let ${prefix}a${i} = ${this.loadOf('pa', i)};`);
    for (let j = 0; j < DIGITS; j++) this.multiplyAdd(`${prefix}a${i}`, this.loadOf('pb', j), i + j, MAX_DIGIT_PRODUCT);
  }

  /** Loads digits where it needs them, as a product does: all of them together take more registers than there are. */
  private squareRow(i: number): void {
    const own = `${this.prefix}b${i}`;
    this.emit(`let ${own} = ${this.loadOf('pb', i)};`);
    this.multiplyAdd(own, own, 2 * i, MAX_DIGIT_PRODUCT);
    if (i === DIGITS - 1) return;
    const twice = `${this.prefix}a${i}`;
    this.emit(`let ${twice} = f64x2.add(${own}, ${own});`);
    for (let j = i + 1; j < DIGITS; j++) this.multiplyAdd(twice, this.loadOf('pb', j), i + j, MAX_DIGIT_PRODUCT);
  }

  /** The lowest digit d of the number that is left goes, and d / 2^51 mod p comes in. */
  private shiftOut(i: number): void {
    this.moveCarry(i);
    this.takeDigit(i, `${this.prefix}d`);
    this.field.shiftedDigits.forEach((digit, j) => {
      this.multiplyAdd(`${this.prefix}d`, this.constant(digit), i + 1 + j, HALF * magnitude(digit));
    });
  }

  /** The classical step: a multiple of p that makes the lowest digit 0. */
  private clearLast(i: number): void {
    const { prefix } = this;
    const inverse = this.constant(this.field.negInverse);
    demand(HALF * magnitude(this.field.negInverse) <= MAX_DIGIT_PRODUCT, 'the factor of p is not exact');
    this.takeDigit(i, `${prefix}d`);
    this.emit(`${prefix}h = v128.relaxed_madd<f64>(${prefix}d, ${inverse}, HIGH);`);
    this.emit(`${prefix}d = f64x2.sub(v128.relaxed_madd<f64>(${prefix}d, ${inverse}, f64x2.sub(BOTH, ${prefix}h)), LOW);`);
    this.field.pDigits.forEach((digit, j) => {
      this.multiplyAdd(`${prefix}d`, this.constant(digit), i + j, HALF * magnitude(digit));
    });
    this.moveCarry(i);
  }

  private carry(): void {
    for (let k = DIGITS; k < 2 * DIGITS - 1; k++) {
      this.moveCarry(k);
      this.takeDigit(k, `let ${this.prefix}r${k - DIGITS}`);
      this.emit(`v128.store(pr, ${this.prefix}r${k - DIGITS}, ${this.offset + 16 * (k - DIGITS)});`);
    }
    // The bound of the whole value, which whoever calls must keep (`productBound`), leaves the top digit below 2^51.
    this.columns[2 * DIGITS - 1]!.surplus -= BASE;
    const top = `f64x2.sub(v128.or(${this.prefix}t9, UNIT), ${this.unit.bits(bitsOf(2 ** 52 + 2 ** 51))})`;
    this.emit(`v128.store(pr, ${top}, ${this.offset + 16 * (DIGITS - 1)});`);
  }

  /** x y into the columns k and k + 1; `most` is the largest absolute value of the product. */
  private multiplyAdd(x: string, y: string, k: number, most: bigint): void {
    demand(most <= MAX_DIGIT_PRODUCT, `a product of digits up to ${most} is not exact`);
    const { prefix } = this;
    const factor = y.startsWith('v128') ? `${prefix}n${this.names++}` : y;
    if (factor !== y) this.emit(`let ${factor} = ${y};`);
    this.emit(`${prefix}h = v128.relaxed_madd<f64>(${x}, ${factor}, HIGH);`);
    this.emit(`${prefix}l = v128.relaxed_madd<f64>(${x}, ${factor}, f64x2.sub(BOTH, ${prefix}h));`);
    this.add(k + 1, `${prefix}h`, most / BASE + 1n, bitsOf(HIGH));
    this.add(k, `${prefix}l`, HALF, bitsOf(LOW));
  }

  private add(k: number, part: string, most: bigint, surplus: bigint): void {
    const column = this.columns[k]!;
    const name = `${this.prefix}t${k}`;
    if (column.started) this.emit(`${name} = i64x2.add(${name}, ${part});`);
    else this.emit(`let ${name} = i64x2.add(@start${k}@, ${part});`);
    column.started = true;
    column.bound += most;
    column.surplus += surplus;
  }

  private constant = (digit: bigint) => this.unit.bits(bitsOf(Number(digit)));

  /** The balanced digit of a column as a double: its 51 bits, with the exponent of 2^52 before them, less 2^52 and half a digit. */
  private takeDigit(k: number, into: string): void {
    demand(this.columns[k]!.bound < 1n << BIAS_BITS, `column ${k} may exceed 2^60`);
    this.emit(`${into} = f64x2.sub(v128.or(v128.and(${this.prefix}t${k}, MASK), UNIT), DIGIT);`);
  }

  /** What a column is beyond its digit goes into the next: a shift, which rounds downwards, of the biased number. */
  private moveCarry(k: number): void {
    const column = this.columns[k]!;
    demand(column.bound < 1n << BIAS_BITS, `column ${k} may exceed 2^60`);
    column.surplus -= BIAS;
    this.add(k + 1, `i64x2.shr_u(${this.prefix}t${k}, ${DIGIT_BITS})`, (column.bound + HALF) / BASE + 1n, 1n << (BIAS_BITS - DIGIT_BITS));
  }

  private settleStarts(): void {
    for (const piece of this.pieces) {
      piece.forEach((statement, at) => {
        piece[at] = statement.replace(/@start(\d)@/, (_, k) => this.unit.bits(((-this.columns[Number(k)]!.surplus % WRAP) + WRAP) % WRAP));
      });
    }
  }
}

/**
 * `mul2`, `mul4`, `sqr2` and `sqr4` of a field: pr = pa pb / 2^255 modulo p, of two lanes at pointers, or of two times two, 80 bytes
 * apart, whose statements alternate so that the processor always has work. The result may lie where an operand lies.
 */
export function productsByFma(field: PrimeField, unit: Unit): string {
  const heads = [
    `let HIGH = ${unit.bits(bitsOf(HIGH))}, LOW = ${unit.bits(bitsOf(LOW))}, BOTH = ${unit.bits(bitsOf(HIGH + LOW))};`,
    `let MASK = ${unit.bits(BASE - 1n)}, UNIT = ${unit.bits(bitsOf(2 ** 52))}, DIGIT = ${unit.bits(bitsOf(2 ** 52 + 2 ** 50))};`,
  ];
  const make = (squares: boolean, lanes: 2 | 4) => {
    const first = new Product(field, unit, squares, '', 0);
    const second = lanes === 4 ? new Product(field, unit, squares, 'x_', 80) : null;
    const body = first.pieces.flatMap((piece, at) => [...piece, ...(second?.pieces[at] ?? [])]);
    const parameters = squares ? 'pb: usize, pr: usize' : 'pa: usize, pb: usize, pr: usize';
    const name = `${field.name}_${squares ? 'sqr' : 'mul'}${lanes}`;
    return `export function ${name}(${parameters}): void {\n${[...heads, ...body].map((line) => `  ${line}`).join('\n')}\n}`;
  };
  return [make(false, 2), make(false, 4), make(true, 2), make(true, 4)].join('\n');
}
