import { bn254 } from '@noble/curves/bn254.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { loadModule, type ModuleExports } from './compiled-module.ts';
import { FMA_KERNEL } from './kernel-fma.ts';
import { SCALAR_KERNEL } from './kernel-scalar.ts';

// Arithmetic of BN254 in WebAssembly: see kernel/README.md. Pointers are byte offsets in the module's memory.

/** An affine point, the components of x and then of y: two or four numbers below the base field's modulus. Null is infinity. */
export type Affine = readonly bigint[] | null;

/** Points as a proving key holds them and as many scalars: 32 bytes each, little-endian, below the order of the groups. */
export interface SumPart {
  readonly points: Uint8Array;
  readonly scalars: Uint8Array;
}

/** What the quotient polynomial is made of: see `quotient` in kernel/assembly/quotient.ts. */
export interface QuotientInput {
  readonly coefficients: Uint8Array;
  readonly witness: Uint8Array;
  readonly size: number;
  /** A root of unity of that order, and one of twice that order. */
  readonly root: bigint;
  readonly shift: bigint;
  readonly inverse: bigint;
}

export interface KernelExports extends ModuleExports {
  /** Where the memory begins that is given out; below it are tables. */
  start(): number;
  wipe(): void;
  importPoints(degree: number, bytes: number, count: number, into: number): void;
  sumPoints(degree: number, points: number, scalars: number, count: number, into: number): void;
  quotient(
    ...pointers: [
      ...[coefficients: number, count: number, witness: number, signals: number],
      ...[size: number, root: number, shift: number, inverse: number, into: number],
    ]
  ): void;
}

/** Bytes of a number, little-endian. */
export const NUMBER_BYTES = 32;
/** Bytes of a coefficient of a proving key: matrix, constraint and signal, four each, and the value. */
export const COEFFICIENT_BYTES = 44;
const { Fp, Fp2 } = bn254.fields;

/** `fma` for engines with a fused multiply-add in relaxed SIMD; `scalar`, three times slower, for all others. */
export type KernelKind = 'fma' | 'scalar';

const MODULES = { fma: FMA_KERNEL, scalar: SCALAR_KERNEL };

/**
 * The first of these kernels that this engine can run, with memory of its own, which goes when nobody holds it any more.
 *
 * @returns null when it can run none
 */
export async function startKernel(kinds: readonly KernelKind[] = ['fma', 'scalar']): Promise<Kernel | null> {
  for (const kind of kinds) {
    const exports = await loadKernelExports(kind);
    if (exports) return new Kernel(exports);
  }
  return null;
}

/**
 * The functions of a module over a new memory, for whoever tests them one by one.
 *
 * @returns null where the engine does not know its instructions, or does not fuse: then the arithmetic would be wrong
 */
export function loadKernelExports(kind: KernelKind): Promise<KernelExports | null> {
  return loadModule(MODULES[kind]);
}

export class Kernel {
  private readonly exports: KernelExports;

  constructor(exports: KernelExports) {
    this.exports = exports;
  }

  /**
   * The sum of scalar · point over all parts: of the first group (degree 1, points of 64 bytes) or the second (2, 128 bytes).
   * The points must lie on the curve and in the subgroup. Takes a time that depends on the scalars.
   */
  sum(degree: 1 | 2, parts: readonly SumPart[]): Affine {
    const { exports } = this;
    const start = exports.mark();
    const pointBytes = 2 * degree * NUMBER_BYTES;
    const counts = parts.map(({ points, scalars }) => countOf(points, pointBytes, scalars));
    const count = counts.reduce((sum, one) => sum + one, 0);
    const raw = this.place(parts.map(({ points }) => points));
    const scalars = this.place(parts.map((part) => part.scalars));
    const points = exports.allocate(80 * degree * count);
    const result = exports.allocate(3 * degree * NUMBER_BYTES);
    exports.importPoints(degree, raw, count, points);
    exports.sumPoints(degree, points, scalars, count, result);
    const numbers = Array.from({ length: 3 * degree }, (_, i) => bytesToNumberLE(this.read(result + NUMBER_BYTES * i, NUMBER_BYTES)));
    exports.release(start);
    return degree === 1 ? toAffine1(numbers) : toAffine2(numbers);
  }

  /** The scalars of the points of the H section, 32 bytes each. They tell about the witness: overwrite them after use. */
  quotient({ coefficients, witness, size, root, shift, inverse }: QuotientInput): Uint8Array {
    const { exports } = this;
    const start = exports.mark();
    const [coefficientsAt, witnessAt] = [this.place([coefficients]), this.place([witness])];
    const [rootAt, shiftAt, inverseAt] = [root, shift, inverse].map((number) => this.place([numberToBytesLE(number, NUMBER_BYTES)]));
    const into = exports.allocate(size * NUMBER_BYTES);
    exports.quotient(
      ...([coefficientsAt, coefficients.length / COEFFICIENT_BYTES, witnessAt, witness.length / NUMBER_BYTES] as const),
      ...([size, rootAt as number, shiftAt as number, inverseAt as number, into] as const),
    );
    const scalars = this.read(into, size * NUMBER_BYTES);
    exports.release(start);
    return scalars;
  }

  /** Overwrites everything that went in or was computed. */
  wipe(): void {
    this.exports.wipe();
  }

  /** Whether anything of what went in or was computed is still there. */
  holds(): boolean {
    const { memory, start } = this.exports;
    return new Uint8Array(memory.buffer).subarray(start()).some((byte) => byte !== 0);
  }

  private place(pieces: readonly Uint8Array[]): number {
    const pointer = this.exports.allocate(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = pointer;
    for (const piece of pieces) {
      new Uint8Array(this.exports.memory.buffer).set(piece, at);
      at += piece.length;
    }
    return pointer;
  }

  private read(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer).slice(pointer, pointer + length);
  }
}

function countOf(points: Uint8Array, pointBytes: number, scalars: Uint8Array): number {
  const count = points.length / pointBytes;
  if (!Number.isInteger(count) || scalars.length !== count * NUMBER_BYTES) throw new RangeError('points and scalars do not fit together');
  return count;
}

function toAffine1([X, Y, Z]: readonly bigint[]): Affine {
  if (Z === 0n) return null;
  const inverse = Fp.inv(Z as bigint);
  return [Fp.mul(X as bigint, inverse), Fp.mul(Y as bigint, inverse)];
}

function toAffine2(numbers: readonly bigint[]): Affine {
  const [X, Y, Z] = [0, 2, 4].map((at) => Fp2.fromBigTuple([numbers[at] as bigint, numbers[at + 1] as bigint]));
  if (!X || !Y || !Z || Fp2.is0(Z)) return null;
  const inverse = Fp2.inv(Z);
  return [X, Y].map((part) => Fp2.mul(part, inverse)).flatMap(({ c0, c1 }) => [c0, c1]);
}
