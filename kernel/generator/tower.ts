import type { Bound } from './bounds.ts';
import { type Element, elementAt, type Formula, offset, QUAD, type Quad } from './formula.ts';

// The tower over Fq² = Fq[u]/(u² + 1): Fq⁶ = Fq²[v]/(v³ - 9 - u) and Fq¹² = Fq⁶[w]/(w² - v). Three or six elements of Fq², one
// behind the other; each between the steps in memory as `REDUCED` promises. Sums of products are left open until they are stored:
// then all their terms are added up and reduced at once.

/** Bytes of an element of Fq², four side by side. */
export const PAIR = 2 * QUAD;
/** What an element between the steps is, which is always what a reduction left: at most so many thousandths of p. */
export const REDUCED = 501n;

/** A sum that was not yet made: for each component of Fq² its terms. */
export type Open = readonly (readonly (readonly [number, Quad])[])[];
export type Sextic = readonly [Element, Element, Element];

export function pairAt(formula: Formula, pointer: string, index = 0, thousandths = REDUCED): Element {
  return elementAt(offset(pointer, PAIR * index), 2, formula.normal(thousandths));
}

export function sexticAt(formula: Formula, pointer: string, index = 0): Sextic {
  return [0, 1, 2].map((i) => pairAt(formula, pointer, 3 * index + i)) as unknown as Sextic;
}

export function open(...terms: (readonly [number, Element])[]): Open {
  return [0, 1].map((component) => terms.map(([times, element]) => [times, element[component]!] as const));
}

export function add(...sums: readonly Open[]): Open {
  return [0, 1].map((component) => sums.flatMap((sum) => sum[component]!));
}

export function scale(times: number, sum: Open): Open {
  return sum.map((terms) => terms.map(([factor, quad]) => [factor * times, quad] as const));
}

/** Adds up and reduces. */
export function settle(formula: Formula, sum: Open, into = formula.temporary()): Element {
  return sum.map((terms, component) => {
    const sorted = [...terms].sort(([first], [second]) => second - first); // so that sums of the same form share a function
    return formula.component(offset(into, QUAD * component), ...sorted, 'reduce');
  });
}

/** The same, into a place that is read later. */
export function store(formula: Formula, sum: Open, into: string, what: string, bound: Bound = formula.normal(REDUCED)): Element {
  const element = settle(formula, sum, into);
  formula.stored(element, bound, what);
  return element;
}

/** By Karatsuba. */
export function multiply(formula: Formula, a: Element, b: Element): Open {
  const [first, second] = [formula.temporary(), formula.temporary()];
  const low = formula.times(first, a[0]!, b[0]!);
  const high = formula.times(offset(first, QUAD), a[1]!, b[1]!);
  const left = formula.component(second, [1, a[0]!], [1, a[1]!]);
  const right = formula.component(offset(second, QUAD), [1, b[0]!], [1, b[1]!]);
  const cross = formula.times(second, left, right);
  return [
    [
      [1, low],
      [-1, high],
    ],
    [
      [1, cross],
      [-1, low],
      [-1, high],
    ],
  ];
}

/** (a₀ + a₁) (a₀ - a₁) and twice a₀ a₁. */
export function square(formula: Formula, a: Element): Open {
  const [first, second] = [formula.temporary(), formula.temporary()];
  const sum = formula.component(first, [1, a[0]!], [1, a[1]!]);
  const difference = formula.component(offset(first, QUAD), [1, a[0]!], [-1, a[1]!]);
  const real = formula.times(first, sum, difference);
  return [[[1, real]], [[2, formula.times(second, a[0]!, a[1]!)]]];
}

/** (9 + u) a = (9 a₀ - a₁) + (9 a₁ + a₀) u, in two steps, since sums of nine digits are not exact. */
export function twist(formula: Formula, a: Element): Open {
  const [low, high] = a as readonly [Quad, Quad];
  const place = formula.temporary();
  const real = formula.component(place, [3, low], 'reduce');
  const imaginary = formula.component(offset(place, QUAD), [3, high], 'reduce');
  return [
    [
      [3, real],
      [-1, high],
    ],
    [
      [3, imaginary],
      [1, low],
    ],
  ];
}

/** Six products in Fq² (Karatsuba). */
export function multiplySextic(formula: Formula, a: Sextic, b: Sextic): [Open, Open, Open] {
  const t = [0, 1, 2].map((i) => settle(formula, multiply(formula, a[i]!, b[i]!)));
  const crossed = (i: number, j: number) => {
    const [left, right] = [a, b].map((of) => settle(formula, open([1, of[i]!], [1, of[j]!]))) as [Element, Element];
    const product = settle(formula, multiply(formula, left, right));
    return settle(formula, open([1, product], [-1, t[i]!], [-1, t[j]!]));
  };
  return [
    add(open([1, t[0]!]), twist(formula, crossed(1, 2))),
    add(open([1, crossed(0, 1)]), twist(formula, t[2]!)),
    open([1, crossed(0, 2)], [1, t[1]!]),
  ];
}

/** a (b + c v): five products in Fq². */
export function multiplyByTwo(formula: Formula, a: Sextic, b: Element, c: Element): [Open, Open, Open] {
  const [first, second] = [settle(formula, multiply(formula, a[0], b)), settle(formula, multiply(formula, a[1], c))];
  const left = settle(formula, open([1, a[0]], [1, a[1]]));
  const right = settle(formula, open([1, b], [1, c]));
  const crossed = open([1, settle(formula, multiply(formula, left, right))], [-1, first], [-1, second]);
  const top = settle(formula, multiply(formula, a[2], c));
  return [add(open([1, first]), twist(formula, top)), crossed, add(multiply(formula, a[2], b), open([1, second]))];
}

export function settleSextic(formula: Formula, sums: readonly Open[]): Sextic {
  return sums.map((sum) => settle(formula, sum)) as unknown as Sextic;
}

/** v a = 9 + u times a₂, a₀, a₁. */
export function shift(formula: Formula, a: Sextic): [Open, Open, Open] {
  return [twist(formula, a[2]), open([1, a[0]]), open([1, a[1]])];
}

export function addSextic(formula: Formula, ...terms: (readonly [number, Sextic])[]): Sextic {
  return settleSextic(
    formula,
    [0, 1, 2].map((i) => open(...terms.map(([times, of]) => [times, of[i]!] as const))),
  );
}

export function storeSextic(formula: Formula, sums: readonly Open[], into: string, index: number, what: string): void {
  for (const [i, sum] of sums.entries()) store(formula, sum, offset(into, PAIR * (3 * index + i)), what);
}
