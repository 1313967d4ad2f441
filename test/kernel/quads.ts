import type { Shape } from '#kernel/generator/field.ts';
import { type KernelExports, loadKernelExports } from '#lib/proof/kernel.ts';

/** What a module exports besides what the program uses. */
interface FieldExports extends KernelExports {
  fq_mul2(a: number, b: number, into: number): void;
  fq_mul4(a: number, b: number, into: number): void;
  fq_sqr2(a: number, into: number): void;
  fq_sqr4(a: number, into: number): void;
  fr_mul2(a: number, b: number, into: number): void;
  fr_mul4(a: number, b: number, into: number): void;
  fr_sqr2(a: number, into: number): void;
  fr_sqr4(a: number, into: number): void;
  g1_dx(job: number, into: number): void;
  invertQuad(a: number, into: number): void;
}

interface Memory {
  readonly memory: { readonly buffer: ArrayBuffer };
  allocate(bytes: number): number;
}

export type Digits = readonly bigint[];
const QUAD = 160;

/** Quads in a kernel's memory, by number, and their digits lane by lane: five doubles, or nine integers of 32 bits. */
export class Quads<Exports extends Memory = FieldExports> {
  readonly exports: Exports;
  private readonly shape: Shape;
  private readonly start: number;

  constructor(exports: Exports, shape: Shape) {
    this.exports = exports;
    this.shape = shape;
    this.start = exports.allocate(64 * QUAD);
  }

  static async of(shape: Shape): Promise<Quads> {
    const exports = await loadKernelExports(shape.name);
    if (!exports) throw new Error(`this engine cannot run ${shape.name}`);
    return new Quads(exports as FieldExports, shape);
  }

  at(quad: number): number {
    return this.start + quad * QUAD;
  }

  put(quad: number, lane: number, digits: Digits): void {
    this.write(this.laneOf(quad, lane), digits);
  }

  get(quad: number, lane: number): bigint[] {
    const { view } = this;
    const from = this.laneOf(quad, lane);
    if (this.shape.name === 'fma') return [0, 1, 2, 3, 4].map((i) => BigInt(view.getFloat64(from + 16 * i, true)));
    return Array.from({ length: this.shape.digits }, (_, i) => BigInt(view.getInt32(from + placeOf(i), true)));
  }

  /** A point whose coordinates have these digits; points are numbered by themselves, from quad 16 on. */
  putPoint(point: number, x: Digits, y: Digits): number {
    const from = this.at(16) + 80 * point;
    this.write(from, x);
    this.write(from + 8, y);
    return from;
  }

  setJob(jobs: number, lane: number, p: number, q: number): void {
    this.view.setUint32(jobs + 12 * lane, p, true);
    this.view.setUint32(jobs + 12 * lane + 4, q, true);
  }

  private get view(): DataView {
    return new DataView(this.exports.memory.buffer);
  }

  private laneOf(quad: number, lane: number): number {
    return this.at(quad) + 80 * (lane >> 1) + 8 * (lane & 1);
  }

  private write(from: number, digits: Digits): void {
    for (const [i, digit] of digits.entries()) {
      if (this.shape.name === 'fma') this.view.setFloat64(from + 16 * i, Number(digit), true);
      else if (i === this.shape.digits - 1) this.view.setBigInt64(from + placeOf(i), digit, true);
      else this.view.setInt32(from + placeOf(i), Number(digit), true);
    }
  }
}

const placeOf = (digit: number) => 16 * (digit >> 1) + 4 * (digit & 1);
