// What goes into the memory of the module of Baby Jubjub and comes out of it. Pointers are byte offsets in it.
import { babyjubjub } from '@noble/curves/misc.js';
import type { BigPoint } from './big-arithmetic.ts';
import type { EdwardsExports } from './edwards-module.ts';

const { Point } = babyjubjub;
const NUMBER_BYTES = 32;
/** Of a point outside the module: X, Y, T and Z. */
const POINT_BYTES = 4 * NUMBER_BYTES;
/** Of a point inside it. */
const QUAD = 160;

export class KernelMemory {
  private readonly exports: EdwardsExports;
  private view: BigUint64Array;

  constructor(exports: EdwardsExports) {
    this.exports = exports;
    this.view = new BigUint64Array(exports.memory.buffer);
  }

  /** Takes back the memory that some work was given, also where it fails. */
  releasing<T>(work: () => T): T {
    const start = this.exports.mark();
    try {
      return work();
    } finally {
      this.exports.release(start);
    }
  }

  /** The same, and overwrites it. */
  overwriting<T>(work: () => T): T {
    const start = this.exports.mark();
    try {
      return work();
    } finally {
      this.exports.erase(start);
    }
  }

  placePoint(point: BigPoint): number {
    return this.placePoints([point]);
  }

  placePoints(points: readonly BigPoint[]): number {
    const at = this.exports.allocate(points.length * POINT_BYTES);
    for (const [i, point] of points.entries()) this.writePoint(point, at + i * POINT_BYTES);
    return at;
  }

  placeNumbers(numbers: readonly bigint[]): number {
    const at = this.exports.allocate(numbers.length * NUMBER_BYTES);
    for (const [i, number] of numbers.entries()) this.writeNumber(number, at + i * NUMBER_BYTES);
    return at;
  }

  /** The point that some work leaves at a place. */
  result(work: (into: number) => void): BigPoint {
    const point = this.exports.allocate(QUAD);
    work(point);
    const at = this.exports.allocate(POINT_BYTES);
    this.exports.leavePoint(point, at);
    return this.readPoint(at);
  }

  /** What some work makes of points side by side, whose number four divides, with a Z of 1. */
  changed(points: readonly BigPoint[], work: (at: number) => void): BigPoint[] {
    const { exports } = this;
    const outside = this.placePoints(points);
    const inside = exports.allocate(points.length * QUAD);
    exports.enterAll(outside, points.length, inside);
    work(inside);
    exports.leaveAll(inside, points.length, outside);
    return points.map((_, i) => this.readPoint(outside + i * POINT_BYTES));
  }

  private readPoint(at: number): BigPoint {
    const [X, Y, T, Z] = [0, 1, 2, 3].map((i) => this.readNumber(at + i * NUMBER_BYTES)) as [bigint, bigint, bigint, bigint];
    return new Point(X, Y, Z, T);
  }

  private writePoint({ X, Y, T, Z }: BigPoint, at: number): void {
    this.writeNumber(X, at);
    this.writeNumber(Y, at + NUMBER_BYTES);
    this.writeNumber(T, at + 2 * NUMBER_BYTES);
    this.writeNumber(Z, at + 3 * NUMBER_BYTES);
  }

  /** 32 bytes, little-endian: a word takes the lowest 64 bits of what it is given. */
  private writeNumber(value: bigint, at: number): void {
    const words = this.words();
    const word = at / 8;
    words[word] = value;
    words[word + 1] = value >> 64n;
    words[word + 2] = value >> 128n;
    words[word + 3] = value >> 192n;
  }

  readNumber(at: number): bigint {
    const words = this.words();
    const word = at / 8;
    const half = (place: number) => (words[place] as bigint) | ((words[place + 1] as bigint) << 64n);
    return half(word) | (half(word + 2) << 128n);
  }

  /** A memory that has grown has another buffer. */
  private words(): BigUint64Array {
    if (this.view.length === 0) this.view = new BigUint64Array(this.exports.memory.buffer);
    return this.view;
  }
}
