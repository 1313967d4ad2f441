import { type Bound, constantBound, demandWithin, normal, productBound, reductionBound, squareBound, sumBound } from './bounds.ts';
import type { PrimeField } from './field.ts';
import type { Unit } from './unit.ts';

/** Four elements, one a lane: two blocks of 80 bytes, each five slots of 16 bytes with 8 bytes of either lane, the lowest digit first. */
export const QUAD = 160;
export const BLOCK = 80;
export const SLOT = 16;
const LANES = [0, 1, 2, 3];

/** Where the first slot of an element lies: a pointer, a slot behind it, and which half of the slot. */
export interface Lane {
  readonly pointer: string;
  readonly bytes: number;
  readonly half: 0 | 1;
}

/** What a sum reads: an element a lane, and what is known of them. `signs` names variables that are 1 where the sign is to be turned. */
export interface Operand {
  readonly bound: Bound;
  readonly lanes: readonly Lane[];
  readonly signs?: readonly string[];
}

/** A quad in memory. */
export interface Quad extends Operand {
  readonly pointer: string;
}

/** An element of the field or of its quadratic extension by u² = -1: one quad or two. */
export type Element = readonly Quad[];
export type Term = readonly [number, Operand];

/** How the elements of a field are computed with: writes the products, and sums digit by digit. */
export interface Arithmetic {
  /** `mul2`, `mul4`, `sqr2` and `sqr4`: of two lanes, or of a quad. The result may lie where a factor lies. */
  products(field: PrimeField, unit: Unit): string;
  /** The statements of a sum of some lanes, reduced or not. */
  sum(field: PrimeField, unit: Unit, terms: readonly Term[], reduce: boolean, into: readonly Lane[]): string[];
}

export function lanesAt(pointer: string): Lane[] {
  return LANES.map((lane) => ({ pointer, bytes: BLOCK * (lane >> 1), half: (lane & 1) as 0 | 1 }));
}

export function quadAt(pointer: string, bound: Bound): Quad {
  return { pointer, bound, lanes: lanesAt(pointer) };
}

/** Consecutive quads at a pointer. */
export function elementAt(pointer: string, degree: number, bound: Bound): Element {
  return Array.from({ length: degree }, (_, component) => quadAt(offset(pointer, QUAD * component), bound));
}

export function offset(pointer: string, bytes: number): string {
  return bytes === 0 ? pointer : `${pointer} + ${bytes}`;
}

/** A function of pointers. */
export function emitFunction(name: string, parameters: readonly string[], lines: readonly string[]): string {
  const list = parameters.map((parameter) => (parameter.includes(':') ? parameter : `${parameter}: usize`)).join(', ');
  return `export function ${name}(${list}): void {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`;
}

/**
 * The body of a generated function over quads. Every step computes the bound of its result from those of its operands and throws
 * where the arithmetic would not be exact; `stored` holds a result against what its place in memory promises.
 */
export class Formula {
  readonly lines: string[] = [];
  readonly degree: number;
  private readonly field: PrimeField;
  private readonly unit: Unit;
  private readonly arithmetic: Arithmetic;
  private temporaries = 0;

  constructor(field: PrimeField, unit: Unit, arithmetic: Arithmetic, degree: number) {
    this.field = field;
    this.unit = unit;
    this.arithmetic = arithmetic;
    this.degree = degree;
  }

  emit(line: string): void {
    this.lines.push(line);
  }

  /** A place for what is in between, at the pointer `scratch`. Its bound comes with the result that is written there. */
  temporary(): string {
    return offset('scratch', QUAD * this.degree * this.temporaries++);
  }

  get scratchBytes(): number {
    return QUAD * this.degree * this.temporaries;
  }

  /** Sum of small multiples, then the nearest multiple of p off and the carries made. */
  reduced(into: string, ...terms: (readonly [number, Element])[]): Element {
    return Array.from({ length: this.degree }, (_, component) => {
      const parts = terms.map(([times, element]) => [times, element[component]!] as const);
      return this.component(offset(into, QUAD * component), ...parts, 'reduce');
    });
  }

  /** A product; over the extension by Karatsuba. The place may be that of a factor. */
  product(into: string, a: Element, b: Element): Element {
    if (this.degree === 1) return [this.times(into, a[0]!, b[0]!)];
    const [t, lower, upper, crossed] = [this.temporary(), this.temporary(), this.temporary(), this.temporary()];
    const low = this.times(lower, a[0]!, b[0]!);
    const high = this.times(upper, a[1]!, b[1]!);
    const left = this.component(t, [1, a[0]!], [1, a[1]!]);
    const right = this.component(offset(t, QUAD), [1, b[0]!], [1, b[1]!]);
    const cross = this.times(crossed, left, right);
    return [
      this.component(into, [1, low], [-1, high], 'reduce'),
      this.component(offset(into, QUAD), [1, cross], [-1, low], [-1, high], 'reduce'),
    ];
  }

  square(into: string, a: Element): Element {
    if (this.degree === 1) {
      const bound = squareBound(this.field, a[0]!.bound);
      this.emit(`${this.field.name}_sqr4(${a[0]!.pointer}, ${into});`);
      return [quadAt(into, bound)];
    }
    const [t, crossed] = [this.temporary(), this.temporary()];
    const sum = this.component(t, [1, a[0]!], [1, a[1]!]);
    const difference = this.component(offset(t, QUAD), [1, a[0]!], [-1, a[1]!]);
    const cross = this.times(crossed, a[0]!, a[1]!);
    return [this.times(into, sum, difference), this.component(offset(into, QUAD), [2, cross], 'reduce')];
  }

  /** Promises of a result what its place in memory promises to whoever reads it later. */
  stored(element: Element, bound: Bound, what: string): void {
    for (const quad of element) demandWithin(quad.bound, bound, what);
  }

  /** One quad, whatever the degree. */
  times(into: string, a: Quad, b: Quad): Quad {
    const bound = productBound(this.field, a.bound, b.bound);
    this.emit(`${this.field.name}_mul4(${a.pointer}, ${b.pointer}, ${into});`);
    return quadAt(into, bound);
  }

  /** A sum of one component. What lies in memory as quads is added up by a function that all formulas share. */
  component(into: string, ...terms: (Term | 'reduce')[]): Quad {
    const parts = terms.filter((term) => term !== 'reduce');
    const reduce = terms.includes('reduce');
    if (!parts.every(isOfQuad)) return quadAt(into, this.sum(parts, reduce, lanesAt(into)));
    const name = [this.field.name, 'sum', ...parts.map(([times]) => `${times < 0 ? 'm' : 'p'}${Math.abs(times)}`), reduce ? 'r' : ''].join(
      '_',
    );
    this.unit.share(name, () => {
      const operands = parts.map(([times, quad], i) => [times, quadAt(`a${i}`, quad.bound)] as const);
      const lines = this.arithmetic.sum(this.field, this.unit, operands, reduce, lanesAt('into'));
      return emitFunction(name, [...parts.map((_, i) => `a${i}`), 'into'], lines);
    });
    this.emit(`${name}(${[...parts.map(([, quad]) => quad.pointer), into].join(', ')});`);
    return quadAt(into, this.sumBound(parts, reduce));
  }

  /** A sum of as many lanes as there are places for, digit by digit. */
  sum(terms: readonly Term[], reduce: boolean, into: readonly Lane[]): Bound {
    for (const line of this.arithmetic.sum(this.field, this.unit, terms, reduce, into)) this.emit(line);
    return this.sumBound(terms, reduce);
  }

  /** Of an element whose value is at most so many thousandths of p, and of a constant. */
  normal(thousandths: bigint): Bound {
    return normal(this.field, thousandths);
  }

  constant(value: bigint): Bound {
    return constantBound(this.field, value);
  }

  private sumBound(terms: readonly Term[], reduce: boolean): Bound {
    const bound = sumBound(
      this.field,
      terms.map(([times, operand]) => [times, operand.bound]),
      !reduce,
    );
    return reduce ? reductionBound(this.field, bound) : bound;
  }
}

function isOfQuad(term: Term): term is readonly [number, Quad] {
  return 'pointer' in term[1];
}
