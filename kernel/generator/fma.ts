import { bitsOf, FMA, type PrimeField } from './field.ts';
import { productsByFma } from './fma-product.ts';
import { type Arithmetic, type Lane, type Operand, SLOT, type Term } from './formula.ts';
import { HIGH, type Unit } from './unit.ts';

/** Doubles in vectors of two lanes, with fused multiply-adds. */
export const FMA_ARITHMETIC: Arithmetic = { products: productsByFma, sum: sumByFma };

function sumByFma(field: PrimeField, unit: Unit, terms: readonly Term[], reduce: boolean, into: readonly Lane[]): string[] {
  const lines: string[] = [];
  for (let lane = 0; lane < into.length; lane += 2) {
    const loads = terms.map(([, operand]) => loadPair(operand, lane, unit, lines));
    const digits = Array.from({ length: FMA.digits }, (_, digit) => {
      const name = unit.name();
      lines.push(`let ${name} = ${addUp(terms, (term) => loads[term]!(digit))};`);
      return name;
    });
    if (reduce) lines.push(...reduction(field, unit, digits));
    lines.push(...digits.flatMap((digit, i) => storePair(into[lane]!, into[lane + 1]!, digit, i)));
  }
  return lines;
}

/** The expression of a digit of two neighbouring lanes. */
function loadPair({ lanes, signs }: Operand, lane: number, unit: Unit, lines: string[]): (digit: number) => string {
  const [first, second] = [lanes[lane]!, lanes[lane + 1]!];
  const from = ({ pointer, bytes }: Lane, digit: number) => `v128.load(${pointer}, ${bytes + SLOT * digit})`;
  const pair = (digit: number) =>
    areOneBlock(first, second)
      ? from(first, digit)
      : `v128.shuffle<f64>(${from(first, digit)}, ${from(second, digit)}, ${first.half}, ${2 + second.half})`;
  if (!signs) return pair;
  const turned = unit.name();
  lines.push(`const ${turned} = v128.load(SIGNS + ((${signs[lane]} | (${signs[lane + 1]} << 1)) << 4));`);
  return (digit) => `v128.xor(${pair(digit)}, ${turned})`;
}

function storePair(first: Lane, second: Lane, vector: string, digit: number): string[] {
  if (areOneBlock(first, second)) return [`v128.store(${first.pointer}, ${vector}, ${first.bytes + SLOT * digit});`];
  return [first, second].map(
    ({ pointer, bytes, half }, i) => `v128.store64_lane(${pointer}, ${vector}, ${i}, ${bytes + SLOT * digit + 8 * half});`,
  );
}

function areOneBlock(first: Lane, second: Lane): boolean {
  return first.pointer === second.pointer && first.bytes === second.bytes && first.half === 0 && second.half === 1;
}

function addUp(terms: readonly Term[], load: (term: number) => string): string {
  return terms.reduce((sum, [times], term) => {
    const size = Math.abs(times);
    const multiple = size === 1 ? load(term) : `f64x2.mul(${load(term)}, f64x2.splat(${size}.0))`;
    if (sum === '') return times < 0 ? `f64x2.neg(${multiple})` : multiple;
    return `f64x2.${times < 0 ? 'sub' : 'add'}(${sum}, ${multiple})`;
  }, '');
}

function reduction({ pDigits }: PrimeField, unit: Unit, digits: readonly string[]): string[] {
  const [quotient, carry] = [unit.name(), unit.name()];
  const constant = (value: number) => unit.bits(bitsOf(value));
  const last = digits.length - 1;
  return [
    `const ${quotient} = f64x2.neg(f64x2.nearest(f64x2.mul(${digits[last]}, ${constant(1 / Number(pDigits[last]))})));`,
    ...digits.map((digit, i) => `${digit} = v128.relaxed_madd<f64>(${quotient}, ${constant(Number(pDigits[i]))}, ${digit});`),
    `let ${carry}: v128;`,
    ...digits
      .slice(0, last)
      .flatMap((digit, i) => [
        `${carry} = f64x2.sub(f64x2.add(${digit}, ${constant(HIGH)}), ${constant(HIGH)});`,
        `${digit} = f64x2.sub(${digit}, ${carry});`,
        `${digits[i + 1]} = v128.relaxed_madd<f64>(${carry}, ${constant(2 ** -51)}, ${digits[i + 1]});`,
      ]),
  ];
}
