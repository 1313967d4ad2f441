import { bn254 } from '@noble/curves/bn254.js';
import { centred, invert, type PrimeField, primeField, type Shape, toDigits } from '#kernel/generator/field.ts';
import { loadModule } from '#lib/proof/compiled-module.ts';
import type { PairingExports } from '#lib/proof/kernel-pairing.ts';
import { FMA_PAIRING } from '#lib/proof/pairing-fma.ts';
import { SCALAR_PAIRING } from '#lib/proof/pairing-scalar.ts';
import { type Digits, Quads } from './quads.ts';

/** What the module exports besides what the program uses. */
interface StepExports extends PairingExports {
  scratch(): number;
  fq_mul4(a: number, b: number, into: number): void;
  twelve_mul(a: number, b: number, into: number, scratch: number): void;
  twelve_sqr(a: number, into: number, scratch: number): void;
  twelve_line(a: number, line: number, scratch: number): void;
  twelve_frobenius(a: number, into: number, scratch: number): void;
  inverse(a: number): number;
  exponentiate(f: number): void;
  multiplyLoops(terms: number, count: number, f: number, outside: number): void;
  cutAll(scalars: number, count: number): number;
  sumProducts(points: number, stride: number, digits: number, count: number, windows: number, into: number): void;
}

const { Fp, Fp12 } = bn254.fields;
const MODULES = { fma: FMA_PAIRING, scalar: SCALAR_PAIRING };
export const QUAD = 160;
export const TWELVE = 12;

export type Twelve = ReturnType<typeof Fp12.mul>;

/** Elements in the memory of a module of pairings, by numbers and by digits, lane by lane. Quads are numbered. */
export class LaneMemory {
  readonly exports: StepExports;
  readonly field: PrimeField;
  private readonly quads: Quads<StepExports>;

  private constructor(exports: StepExports, shape: Shape) {
    this.exports = exports;
    this.field = primeField('fq', shape);
    this.quads = new Quads(exports, shape);
  }

  static async of(shape: Shape): Promise<LaneMemory> {
    const exports = await loadModule<StepExports>(MODULES[shape.name]);
    if (!exports) throw new Error(`this engine cannot run ${shape.name}`);
    return new LaneMemory(exports, shape);
  }

  at(quad: number): number {
    return this.quads.at(quad);
  }

  putDigits(quad: number, lane: number, digits: Digits): void {
    this.quads.put(quad, lane, digits);
  }

  put(quad: number, lane: number, ...values: bigint[]): void {
    const { p, shape } = this.field;
    for (const [i, value] of values.entries()) this.putDigits(quad + i, lane, toDigits(shape, centred(value * shape.montgomery, p)));
  }

  get(quad: number, lane: number): bigint {
    return this.valueOf(this.quads.get(quad, lane));
  }

  /** The number that digits stand for in Montgomery form. */
  valueOf(digits: Digits): bigint {
    const { p, shape } = this.field;
    return Fp.create(digits.reduceRight((sum, digit) => sum * shape.base + digit, 0n) * invert(shape.montgomery, p));
  }

  getTwelve(quad: number, lane: number): Twelve {
    return toTwelve(Array.from({ length: TWELVE }, (_, i) => this.get(quad + i, lane)));
  }
}

export function toTwelve(numbers: readonly bigint[]): Twelve {
  return Fp12.fromBigTwelve(numbers as Parameters<typeof Fp12.fromBigTwelve>[0]);
}
