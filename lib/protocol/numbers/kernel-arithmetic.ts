// Multiples and sums of points of Baby Jubjub in WebAssembly: see kernel/README.md. Pointers are byte offsets in the module's memory.
import { babyjubjub } from '@noble/curves/misc.js';
import { base64 } from '@scure/base';
import { BIG_ARITHMETIC, type BigPoint, type PointArithmetic } from './big-arithmetic.ts';
import { FMA_EDWARDS } from './edwards-fma.ts';
import { SCALAR_EDWARDS } from './edwards-scalar.ts';
import { isFused } from './fused.ts';

export interface EdwardsExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Of `fma` alone. */
  multiplyAdd?(a: number, b: number, c: number): number;
  allocate(bytes: number): number;
  mark(): number;
  release(to: number): void;
  /** The same, and overwrites what was given out since. */
  erase(to: number): void;
  start(): number;
  tableBytes(): number;
  makeTable(point: number, table: number): void;
  multiply(point: number, scalar: number, isSecret: boolean, into: number): void;
  multiplyByTable(table: number, scalar: number, isSecret: boolean, into: number): void;
  /** into += scalar · point of the table. */
  addByTable(table: number, scalar: number, isSecret: boolean, into: number): void;
  timesEight(point: number, into: number): void;
  sumOfProducts(points: number, scalars: number, count: number, into: number): void;
  sumOfSecretProducts(points: number, scalars: number, count: number, into: number): void;
  /** Once, before `inverseRoot`. */
  prepareRoots(): void;
  inverseRoot(n: number, into: number): number;
  enterPoint(bytes: number, into: number): void;
  leavePoint(point: number, bytes: number): void;
}

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => unknown;
  Instance: new (module: unknown, imports: object) => { exports: unknown };
};

const MODULES = { fma: FMA_EDWARDS, scalar: SCALAR_EDWARDS };
const { Point } = babyjubjub;
const ORDER = Point.Fn.ORDER;
const NUMBER_BYTES = 32;
const POINT_BYTES = 4 * NUMBER_BYTES;
/** Of a point in the module's memory. */
const QUAD = 160;
/** Terms of a sum, far below where pointers would no longer reach, and of a sum by secrets whose doublings are done together. */
const MOST_TERMS = 2 ** 20;
const SECRETS_AT_ONCE = 128;
/** Tables of 90 kB that are kept at a time, the ones last used. */
const MOST_TABLES = 8;

/**
 * The arithmetic of a module over a memory of its own: `fma` for engines with a fused multiply-add in relaxed SIMD, `scalar` for
 * all others.
 *
 * @returns null where the engine does not run it, because it knows no WebAssembly or not these instructions, does not fuse,
 *   comes to another result, or is not allowed to by the page's content policy
 */
export function startKernelArithmetic(kind: 'fma' | 'scalar'): KernelArithmetic | null {
  const exports = loadEdwardsExports(kind);
  const kernel = exports && new KernelArithmetic(exports);
  return kernel && computesRight(kernel) ? kernel : null;
}

/** A known answer: numbers go in, through products of every lane, and out. An engine whose words have another order fails here. */
export function computesRight(arithmetic: PointArithmetic): boolean {
  try {
    return arithmetic.timesEight(Point.BASE).equals(BIG_ARITHMETIC.timesEight(Point.BASE));
  } catch {
    return false; // what came out is no point
  }
}

/** The functions of a module over a new memory, for whoever tests them one by one. Null as above. */
export function loadEdwardsExports(kind: 'fma' | 'scalar'): EdwardsExports | null {
  try {
    const module = new WebAssembly.Module(base64.decode(MODULES[kind]));
    const exports = new WebAssembly.Instance(module, {}).exports as EdwardsExports;
    return !exports.multiplyAdd || isFused(exports.multiplyAdd) ? exports : null;
  } catch {
    return null;
  }
}

export class KernelArithmetic implements PointArithmetic {
  private readonly exports: EdwardsExports;
  private view: BigUint64Array;
  private hasRoots = false;
  private readonly prepared = new WeakSet<BigPoint>([Point.BASE]);
  /** Pointers; the one used last comes last. */
  private readonly tables = new Map<BigPoint, number>();

  constructor(exports: EdwardsExports) {
    this.exports = exports;
    this.view = new BigUint64Array(exports.memory.buffer);
  }

  multiplySecret(point: BigPoint, scalar: bigint): BigPoint {
    return this.multiply(point, checked(scalar), true);
  }

  multiplyPublic(point: BigPoint, scalar: bigint): BigPoint {
    return this.multiply(point, checked(scalar), false);
  }

  /** One point leaves the module for two, and nothing is added outside it; without a table it is an addition of two results. */
  addSecretMultiple(sum: BigPoint, point: BigPoint, scalar: bigint): BigPoint {
    const { exports } = this;
    const table = this.tableOf(point);
    if (table === null) return sum.add(this.multiplySecret(point, scalar));
    return this.overwriting(() => {
      const factor = exports.allocate(NUMBER_BYTES);
      this.writeNumber(checked(scalar), factor);
      return this.result((into) => {
        exports.enterPoint(this.place(sum), into);
        exports.addByTable(table, factor, true, into);
      });
    });
  }

  timesEight(point: BigPoint): BigPoint {
    return this.overwriting(() => this.result((into) => this.exports.timesEight(this.place(point), into)));
  }

  prepare(point: BigPoint): void {
    this.prepared.add(point);
  }

  isTorsionFree(point: BigPoint): boolean {
    return this.multiply(point, ORDER, false).is0();
  }

  sumOfProducts(points: readonly BigPoint[], scalars: readonly bigint[]): BigPoint {
    return this.releasing(() => this.sum(points, scalars, this.exports.sumOfProducts));
  }

  sumOfSecretProducts(points: readonly BigPoint[], scalars: readonly bigint[]): BigPoint {
    let sum: BigPoint = Point.ZERO;
    for (let start = 0; start < points.length; start += SECRETS_AT_ONCE) {
      const [some, theirs] = [points, scalars].map((list) => list.slice(start, start + SECRETS_AT_ONCE)) as [BigPoint[], bigint[]];
      sum = sum.add(this.overwriting(() => this.sum(some, theirs, this.exports.sumOfSecretProducts)));
    }
    return sum;
  }

  inverseRoot(n: bigint): bigint | null {
    const { exports } = this;
    if (!this.hasRoots) exports.prepareRoots();
    this.hasRoots = true;
    return this.overwriting(() => {
      const [number, root] = [exports.allocate(NUMBER_BYTES), exports.allocate(NUMBER_BYTES)];
      this.writeNumber(n, number);
      return exports.inverseRoot(number, root) ? this.readNumber(root) : null;
    });
  }

  private multiply(point: BigPoint, scalar: bigint, isSecret: boolean): BigPoint {
    const { exports } = this;
    const table = this.tableOf(point);
    const product = () => {
      const factor = exports.allocate(NUMBER_BYTES);
      this.writeNumber(scalar, factor);
      return this.result((into) => {
        if (table === null) exports.multiply(this.place(point), factor, isSecret, into);
        else exports.multiplyByTable(table, factor, isSecret, into);
      });
    };
    return isSecret ? this.overwriting(product) : this.releasing(product);
  }

  private sum(points: readonly BigPoint[], scalars: readonly bigint[], add: EdwardsExports['sumOfProducts']): BigPoint {
    if (points.length > MOST_TERMS) throw new RangeError(`"points" must be at most ${MOST_TERMS}`);
    for (const scalar of scalars) checked(scalar);
    const from = this.exports.allocate(points.length * POINT_BYTES);
    const factors = this.exports.allocate(scalars.length * NUMBER_BYTES);
    for (const [i, point] of points.entries()) this.writePoint(point, from + i * POINT_BYTES);
    for (const [i, scalar] of scalars.entries()) this.writeNumber(scalar, factors + i * NUMBER_BYTES);
    return this.result((into) => add(from, factors, points.length, into));
  }

  /** Takes back the memory that some work was given, also where it fails. */
  private releasing<T>(work: () => T): T {
    const start = this.exports.mark();
    try {
      return work();
    } finally {
      this.exports.release(start);
    }
  }

  /** The same, and overwrites it. */
  private overwriting<T>(work: () => T): T {
    const start = this.exports.mark();
    try {
      return work();
    } finally {
      this.exports.erase(start);
    }
  }

  private tableOf(point: BigPoint): number | null {
    if (!this.prepared.has(point)) return null;
    const known = this.tables.get(point);
    const table = known ?? this.makeTable(point);
    this.tables.delete(point);
    this.tables.set(point, table);
    return table;
  }

  private makeTable(point: BigPoint): number {
    const { exports } = this;
    const oldest = this.tables.size < MOST_TABLES ? undefined : this.tables.entries().next().value;
    if (oldest) this.tables.delete(oldest[0]);
    const table = oldest ? oldest[1] : exports.allocate(exports.tableBytes());
    this.releasing(() => exports.makeTable(this.place(point), table));
    return table;
  }

  private place(point: BigPoint): number {
    const at = this.exports.allocate(POINT_BYTES);
    this.writePoint(point, at);
    return at;
  }

  /** The point that some work leaves at a place. */
  private result(work: (into: number) => void): BigPoint {
    const point = this.exports.allocate(QUAD);
    work(point);
    const at = this.exports.allocate(POINT_BYTES);
    this.exports.leavePoint(point, at);
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

  private readNumber(at: number): bigint {
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

function checked(scalar: bigint): bigint {
  if (scalar < 0n || scalar >= ORDER) throw new RangeError('"scalar" must be from 0 to l - 1');
  return scalar;
}
