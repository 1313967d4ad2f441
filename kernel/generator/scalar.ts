import { demand, magnitude } from './bounds.ts';
import { type PrimeField, SCALAR } from './field.ts';
import { type Arithmetic, emitFunction, type Lane, lanesAt, SLOT, type Term } from './formula.ts';
import type { Unit } from './unit.ts';

// Nine signed digits of 29 bits in 32-bit integers, two in the 8 bytes that the other arithmetic gives a double: digit i lies in slot
// i / 2, and the last fills its slot, so that an element is 0 exactly where its slots are. One lane after the other, for engines without a fused multiply-add.

const { base, half, bits, digits: DIGITS, mostOfProduct } = SCALAR;
/** Columns are added up in 64 bits with their sign. */
const MOST_OF_COLUMN = 1n << 62n;

export const SCALAR_ARITHMETIC: Arithmetic = { products, sum };

const placeOf = (digit: number) => SLOT * (digit >> 1) + 4 * (digit & 1);
const load = (pointer: string, digit: number) => `<i64>load<i32>(${pointer}, ${placeOf(digit)})`;
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

function products(field: PrimeField): string {
  const lanes = lanesAt('').map(({ bytes, half: side }) => bytes + 8 * side);
  const one = [product(field, false), product(field, true)];
  const many = [2, 4].flatMap((count) => {
    const at = lanes.slice(0, count);
    return [
      emitFunction(
        `${field.name}_mul${count}`,
        ['pa', 'pb', 'pr'],
        at.map((o) => `${field.name}_mul1(pa + ${o}, pb + ${o}, pr + ${o});`),
      ),
      emitFunction(
        `${field.name}_sqr${count}`,
        ['pa', 'pr'],
        at.map((o) => `${field.name}_sqr1(pa + ${o}, pr + ${o});`),
      ),
    ];
  });
  return [...one, ...many].join('\n');
}

/** Column by column. The lowest digit d of each of the first nine is shifted out, or in the last of them cleared by a multiple of p. */
function product(field: PrimeField, squares: boolean): string {
  const lines = range(0, DIGITS).map((i) => `const a${i} = ${load('pa', i)}${squares ? '' : `, b${i} = ${load('pb', i)}`};`);
  lines.push('let t: i64 = 0;');
  const last = DIGITS - 1;
  let bound = 0n;
  const add = (parts: readonly string[], most: bigint) => {
    bound += most;
    demand(bound < MOST_OF_COLUMN, 'a column may exceed 2^62');
    if (parts.length > 0) lines.push(`t += ${parts.join(' + ')};`);
  };
  for (let k = 0; k < 2 * DIGITS - 1; k++) {
    const pairs = range(Math.max(0, k - last), Math.min(k, last) + 1);
    add(squares ? squareColumn(k, pairs) : pairs.map((i) => `a${i} * b${k - i}`), BigInt(pairs.length) * mostOfProduct);
    for (const i of range(0, Math.min(k, last))) {
      const digit = field.shiftedDigits[k - 1 - i];
      if (digit !== undefined) add([`d${i} * ${digit}`], half * magnitude(digit));
    }
    const cleared = field.pDigits[k - last];
    if (k > last && cleared !== undefined) add([`d${last} * ${cleared}`], half * magnitude(cleared));
    if (k < last) lines.push(`const d${k} = ${balanced('t')};`);
    if (k === last) {
      lines.push(`const d${last} = ${balanced(`${balanced('t')} * ${field.negInverse}`)};`);
      add([`d${last} * ${field.pDigits[0]}`], half * magnitude(field.pDigits[0]!));
    }
    if (k > last) lines.push(`store<i32>(pr, <i32>${balanced('t')}, ${placeOf(k - DIGITS)});`);
    lines.push(`t = (t + ${half}) >> ${bits};`);
    bound = bound / base + 1n;
  }
  lines.push(`store<i64>(pr, t, ${placeOf(last)});`);
  return emitFunction(`${field.name}_${squares ? 'sqr' : 'mul'}1`, squares ? ['pa', 'pr'] : ['pa', 'pb', 'pr'], lines);
}

function squareColumn(k: number, pairs: readonly number[]): string[] {
  const twice = pairs.filter((i) => 2 * i < k).map((i) => `a${i} * a${k - i}`);
  const once = k % 2 === 0 ? [`a${k / 2} * a${k / 2}`] : [];
  return [...(twice.length > 0 ? [`((${twice.join(' + ')}) << 1)`] : []), ...once];
}

/** The balanced digit of a number. */
function balanced(number: string): string {
  return `(((${number} + ${half}) & ${base - 1n}) - ${half})`;
}

/** By a function for one lane, which sums of the same form share. */
function sum(field: PrimeField, unit: Unit, terms: readonly Term[], reduce: boolean, into: readonly Lane[]): string[] {
  const parts = terms.map(([times, { signs }]) => `${times < 0 ? 'm' : 'p'}${Math.abs(times)}${signs ? 's' : ''}`);
  const name = [field.name, 'lane', ...parts, reduce ? 'r' : ''].join('_');
  unit.share(name, () => laneSum(field, name, terms, reduce));
  const at = ({ pointer, bytes, half: side }: Lane) => `${pointer} + ${bytes + 8 * side}`;
  return into.map((place, lane) => {
    const operands = terms.flatMap(([, { lanes, signs }]) => [at(lanes[lane]!), ...(signs ? [`-<i64>${signs[lane]}`] : [])]);
    return `${name}(${[...operands, at(place)].join(', ')});`;
  });
}

function laneSum(field: PrimeField, name: string, terms: readonly Term[], reduce: boolean): string {
  const parameters = terms.flatMap(([, { signs }], i) => [`a${i}`, ...(signs ? [`s${i}: i64`] : [])]);
  const part = (digit: number) =>
    terms.map(([times, { signs }], i) => {
      const value = load(`a${i}`, digit);
      return `${times < 0 ? '-' : '+'} ${Math.abs(times)} * ${signs ? `((${value} ^ s${i}) - s${i})` : value}`;
    });
  const lines = range(0, DIGITS).map((digit) => `let t${digit}: i64 = 0 ${part(digit).join(' ')};`);
  const last = DIGITS - 1;
  if (reduce) {
    lines.push(`const q = <i64>nearest(<f64>t${last} * ${(1 / Number(field.pDigits[last])).toPrecision(17)});`);
    lines.push(...field.pDigits.map((digit, i) => `t${i} -= q * ${digit};`), 'let c: i64;');
    lines.push(...range(0, last).map((i) => `c = (t${i} + ${half}) >> ${bits}; t${i} -= c << ${bits}; t${i + 1} += c;`));
  }
  lines.push(...range(0, last).map((digit) => `store<i32>(into, <i32>t${digit}, ${placeOf(digit)});`));
  lines.push(`store<i64>(into, t${last}, ${placeOf(last)});`);
  return emitFunction(name, [...parameters, 'into'], lines);
}
