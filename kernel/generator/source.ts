import { demandOfAssembly, emitCurve, importFactor, SCRATCH } from './curve.ts';
import { EDWARDS_SCRATCH, edwardsConstants, emitEdwards, rootConstants } from './edwards.ts';
import { besideConstants, emitBeside } from './edwards-beside.ts';
import { centred, FMA, invert, type PrimeField, primeField, SCALAR, type Shape, toDigits } from './field.ts';
import { FMA_ARITHMETIC } from './fma.ts';
import type { Arithmetic } from './formula.ts';
import { emitDigits, emitPairing, PAIRING_SCRATCH, pairingConstants } from './pairing.ts';
import { SCALAR_ARITHMETIC } from './scalar.ts';
import { emitTransform, enteringFactor, witnessFactor } from './transform.ts';
import { Unit } from './unit.ts';

/** Bits of an exponent that are taken at once. */
const WINDOW = 5n;

const HEAD = ['// Generated: see kernel/generator.'];

const KINDS = {
  fma: { shape: FMA, arithmetic: FMA_ARITHMETIC },
  scalar: { shape: SCALAR, arithmetic: SCALAR_ARITHMETIC },
};

/** What a module is for: making proofs over the two groups of BN254, checking them, or the curve inside the circuits. */
export type Purpose = 'proving' | 'pairing' | 'edwards';

/** The AssemblyScript of `assembly/arithmetic.ts`. Throws a ContractError where a step would not be exact for all that it may get. */
export function writeArithmetic(kind: Shape['name'], purpose: Purpose): string {
  const { shape, arithmetic } = KINDS[kind];
  const write = { proving: provingArithmetic, pairing: pairingArithmetic, edwards: edwardsArithmetic }[purpose];
  return write(shape, arithmetic);
}

function pairingArithmetic(shape: Shape, arithmetic: Arithmetic): string {
  const fq = primeField('fq', shape);
  const unit = new Unit();
  const parts = [
    ...[arithmetic.products(fq, unit), emitPairing(fq, unit, arithmetic), emitDigits()],
    ...Object.entries(pairingConstants(fq)).map(([name, components]) => emitElement(name, shape, components)),
    ...[emitElement('INTEGER_ONE', shape, [1n]), emitIntegers(fq), emitExponent('EXPONENT', fq.p - 2n), emitSigns()],
  ];
  return [...HEAD, unit.emit(), ...parts, `export const SCRATCH: usize = ${PAIRING_SCRATCH};`].join('\n');
}

function edwardsArithmetic(shape: Shape, arithmetic: Arithmetic): string {
  const fr = primeField('fr', shape);
  const unit = new Unit();
  const constants = Object.entries(edwardsConstants(fr)).map(([name, values]) => emitQuad(name, shape, values));
  const root = rootConstants(fr);
  const elements = {
    FR_ONE: centred(shape.montgomery, fr.p),
    INTEGER_ONE: 1n,
    FR_ENTER: root.enter,
    ROOT_OF_UNITY: root.inverse,
    ...besideConstants(fr),
  };
  const parts = [
    ...[arithmetic.products(fr, unit), emitEdwards(fr, unit, arithmetic), emitBeside(fr, unit, arithmetic), ...constants],
    ...Object.entries(elements).map(([name, value]) => emitElement(name, shape, [value])),
    ...[emitExponent('ROOT_EXPONENT', root.exponent), emitExponent('EXPONENT', fr.p - 2n), emitIntegers(fr), emitSigns()],
  ];
  return [...HEAD, unit.emit(), ...parts, `export const SCRATCH: usize = ${EDWARDS_SCRATCH};`].join('\n');
}

function provingArithmetic(shape: Shape, arithmetic: Arithmetic): string {
  const [fq, fr] = [primeField('fq', shape), primeField('fr', shape)];
  demandOfAssembly(fq);
  const unit = new Unit();
  const one = shape.montgomery;
  const parts = [
    ...[arithmetic.products(fq, unit), arithmetic.products(fr, unit)],
    ...[emitCurve('g1', 1, fq, unit, arithmetic), emitCurve('g2', 2, fq, unit, arithmetic), emitTransform(fr, unit, arithmetic)],
    `export const SCRATCH: usize = ${SCRATCH};`,
    emitElement('ONE', shape, [centred(one, fq.p)]),
    emitElement('FR_ONE', shape, [centred(one, fr.p)]),
    emitElement('INTEGER_ONE', shape, [1n]),
    emitElement('IMPORT', shape, [importFactor(fq)]),
    emitElement('WITNESS', shape, [witnessFactor(fr)]),
    emitElement('ENTER', shape, [enteringFactor(fr)]),
    emitElement('TWIST', shape, twistB3(fq)),
    ...[emitIntegers(fq), emitIntegers(fr), emitExponent('EXPONENT', fq.p - 2n), emitSigns()],
  ];
  return [...HEAD, unit.emit(), ...parts].join('\n');
}

/** 3 b of the twist: 9 / (9 + u), in Montgomery form. */
function twistB3({ p, shape }: PrimeField): bigint[] {
  const scale = 9n * invert(82n, p);
  return [scale * 9n, -scale].map((component) => centred(component * shape.montgomery, p));
}

/** One quad a component, the same in all lanes. */
function emitElement(name: string, shape: Shape, components: readonly bigint[]): string {
  return emitQuad(
    name,
    shape,
    components.flatMap((value) => [value, value, value, value]),
  );
}

/** Quads by the numbers in their lanes. */
function emitQuad(name: string, shape: Shape, values: readonly bigint[]): string {
  const lanes = values.map((value) => slotsOf(shape, toDigits(shape, value)));
  const slots = lanes.flatMap((first, lane) => (lane % 2 === 0 ? first.flatMap((slot, i) => [slot, lanes[lane + 1]![i]]) : []));
  const type = shape.name === 'fma' ? 'f64' : 'i64';
  return `export const ${name}: usize = memory.data<${type}>([${slots.join(', ')}], 16);`;
}

/** What the 8 bytes of a lane hold, slot by slot: a double, or two integers of 32 bits. */
function slotsOf(shape: Shape, digits: readonly bigint[]): string[] {
  if (shape.name === 'fma') return digits.map((digit) => `${digit}.0`);
  return [0, 2, 4, 6, 8].map((i) => BigInt.asIntN(64, BigInt.asUintN(32, digits[i]!) | ((digits[i + 1] ?? 0n) << 32n)).toString());
}

/** The digits of p as integers. */
function emitIntegers({ name, pDigits }: PrimeField): string {
  return `export const ${name}_P: usize = memory.data<i64>([${pDigits.join(', ')}], 8);`;
}

/** An exponent in windows, the highest first: one byte each. */
function emitExponent(name: string, exponent: bigint): string {
  const windows: bigint[] = [];
  for (let rest = exponent; rest > 0n; rest >>= WINDOW) windows.unshift(rest % (1n << WINDOW));
  return [
    `export const ${name}: usize = memory.data<u8>([${windows.join(', ')}]);`,
    `export const ${name}_LENGTH: usize = ${windows.length};`,
    `export const ${name}_BITS: i32 = ${WINDOW};`,
  ].join('\n');
}

/** Sign bits to turn in two lanes, by two bits. */
function emitSigns(): string {
  const sign = (turned: number) => (turned ? '0x8000000000000000' : '0');
  const vectors = [0, 1, 2, 3].flatMap((bits) => [sign(bits & 1), sign(bits & 2)]);
  return `export const SIGNS: usize = memory.data<u64>([${vectors.join(', ')}], 16);`;
}
