// Multiples and sums of points of Baby Jubjub in WebAssembly: see kernel/README.md.
import { babyjubjub } from '@noble/curves/misc.js';
import { BIG_ARITHMETIC, type BigPoint, type PointArithmetic, type SecretTerms } from './big-arithmetic.ts';
import { type EdwardsExports, loadEdwardsExports } from './edwards-module.ts';
import { KernelMemory } from './kernel-memory.ts';

const { Point } = babyjubjub;
const ORDER = Point.Fn.ORDER;
/** Terms of a sum, far below where pointers would no longer reach. */
const MOST_TERMS = 2 ** 20;
/** Points that share an inversion, and in a sum by secrets the doublings. */
const MOST_AT_ONCE = 256;
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

export class KernelArithmetic implements PointArithmetic {
  private readonly exports: EdwardsExports;
  private readonly memory: KernelMemory;
  private hasRoots = false;
  private readonly prepared = new WeakSet<BigPoint>([Point.BASE]);
  /** Pointers; the one used last comes last. */
  private readonly tables = new Map<BigPoint, number>();

  constructor(exports: EdwardsExports) {
    this.exports = exports;
    this.memory = new KernelMemory(exports);
  }

  multiplySecret(point: BigPoint, scalar: bigint): BigPoint {
    return this.multiply(point, checked(scalar), true);
  }

  multiplyPublic(point: BigPoint, scalar: bigint): BigPoint {
    return this.multiply(point, checked(scalar), false);
  }

  multiplyAllPublic(points: readonly BigPoint[], scalar: bigint): BigPoint[] {
    const { exports, memory } = this;
    checked(scalar);
    return inParts(points, Point.ZERO).flatMap(({ part, length }) => {
      const multiples = memory.releasing(() =>
        memory.changed(part, (at) => exports.multiplyAll(at, part.length, memory.placeNumbers([scalar]))),
      );
      return multiples.slice(0, length);
    });
  }

  addSecretMultiples(sums: readonly BigPoint[], terms: readonly SecretTerms[]): BigPoint[] {
    const { exports, memory } = this;
    if (terms.length > MOST_TABLES) throw new RangeError(`"terms" must be at most ${MOST_TABLES}`); // each needs its table at once
    const factors = terms.map(({ scalars }) => inParts(scalars.map(checked), 0n));
    for (const { point } of terms) this.prepare(point);
    return inParts(sums, Point.ZERO).flatMap(({ part, length }, i) => {
      const tables = terms.map(({ point }) => this.tableOf(point) as number);
      const add = (at: number) => {
        for (const [term, table] of tables.entries()) {
          exports.addAllByTable(at, table, memory.placeNumbers(factors[term]?.[i]?.part ?? []), part.length);
        }
      };
      return memory.overwriting(() => memory.changed(part, add)).slice(0, length);
    });
  }

  timesEight(point: BigPoint): BigPoint {
    const { exports, memory } = this;
    return memory.overwriting(() => memory.result((into) => exports.timesEight(memory.placePoint(point), into)));
  }

  /** Makes multiples of this object cheaper from now on. */
  prepare(point: BigPoint): void {
    this.prepared.add(point);
  }

  isTorsionFree(point: BigPoint): boolean {
    return this.multiply(point, ORDER, false).is0();
  }

  sumOfProducts(points: readonly BigPoint[], scalars: readonly bigint[]): BigPoint {
    if (points.length > MOST_TERMS) throw new RangeError(`"points" must be at most ${MOST_TERMS}`);
    return this.memory.releasing(() => this.sum(points, scalars.map(checked), this.exports.sumOfProducts));
  }

  sumOfSecretProducts(points: readonly BigPoint[], scalars: readonly bigint[]): BigPoint {
    const factors = inParts(scalars.map(checked), 0n);
    return inParts(points, Point.ZERO)
      .map(({ part }, i) => this.memory.overwriting(() => this.sum(part, factors[i]?.part ?? [], this.exports.sumOfSecretProducts)))
      .reduce<BigPoint>((all, one) => all.add(one), Point.ZERO);
  }

  inverseRoot(n: bigint): bigint | null {
    const { exports, memory } = this;
    if (!this.hasRoots) exports.prepareRoots();
    this.hasRoots = true;
    return memory.overwriting(() => {
      const [number, root] = [memory.placeNumbers([n]), memory.placeNumbers([0n])];
      return exports.inverseRoot(number, root) ? memory.readNumber(root) : null;
    });
  }

  private multiply(point: BigPoint, scalar: bigint, isSecret: boolean): BigPoint {
    const { exports, memory } = this;
    const table = this.tableOf(point);
    const product = () => {
      const factor = memory.placeNumbers([scalar]);
      return memory.result((into) => {
        if (table === null) exports.multiply(memory.placePoint(point), factor, isSecret, into);
        else exports.multiplyByTable(table, factor, isSecret, into);
      });
    };
    return isSecret ? memory.overwriting(product) : memory.releasing(product);
  }

  private sum(points: readonly BigPoint[], scalars: readonly bigint[], add: EdwardsExports['sumOfProducts']): BigPoint {
    const [from, factors] = [this.memory.placePoints(points), this.memory.placeNumbers(scalars)];
    return this.memory.result((into) => add(from, factors, points.length, into));
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
    const { exports, memory } = this;
    const oldest = this.tables.size < MOST_TABLES ? undefined : this.tables.entries().next().value;
    if (oldest) this.tables.delete(oldest[0]);
    const table = oldest ? oldest[1] : exports.allocate(exports.tableBytes());
    memory.releasing(() => exports.makeTable(memory.placePoint(point), table));
    return table;
  }
}

/** A list in parts that are computed with at once. The last is filled up to a multiple of four, for the lanes that work side by side. */
function inParts<T>(list: readonly T[], none: T): { part: readonly T[]; length: number }[] {
  return Array.from({ length: Math.ceil(list.length / MOST_AT_ONCE) }, (_, i) => {
    const own = list.slice(i * MOST_AT_ONCE, (i + 1) * MOST_AT_ONCE);
    return { part: [...own, ...Array<T>(-own.length & 3).fill(none)], length: own.length };
  });
}

function checked(scalar: bigint): bigint {
  if (scalar < 0n || scalar >= ORDER) throw new RangeError('"scalar" must be from 0 to l - 1');
  return scalar;
}
