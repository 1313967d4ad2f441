import { NUMBER_BYTES, type SumPart } from './kernel.ts';

/** The sums of a proof, with the group of each: first or second. */
export const SUM_DEGREES = { c: 1, b1: 1, a: 1, b2: 2 } as const;
export type SumName = keyof typeof SUM_DEGREES;
export const SUM_NAMES = Object.keys(SUM_DEGREES) as SumName[];

/** One of these sums, or some of its points. */
export interface SumToDo extends SumPart {
  readonly of: SumName;
}

/** What a point costs, about, and a place of the quotient with its point: measured on the key of signatures, in no unit. */
const COSTS = { c: 4, b1: 2, a: 3, b2: 6, quotient: 6 } as const;

/**
 * Divides the sums among hands, at even cost. The first piece is for the hand that also makes the quotient and the sum over its
 * `size` places, so it gets less; there may be nothing left for it. Each piece is a run of the sums laid end to end, as views.
 */
export function divideSums(whole: Readonly<Record<SumName, SumPart>>, size: number, hands: number): SumToDo[][] {
  const all = SUM_NAMES.reduce((sum, name) => sum + costOf(name, whole[name]), 0);
  const extra = size * COSTS.quotient;
  const first = hands === 1 ? all : Math.max(0, (all + extra) / hands - extra);
  const ends = Array.from({ length: hands }, (_, i) => first + (i * (all - first)) / Math.max(1, hands - 1));
  return ends.map((end, i) => cutOut(whole, ends[i - 1] ?? 0, end));
}

/** What lies between two places of the line of all costs. Where one piece ends, the next begins. */
function cutOut(whole: Readonly<Record<SumName, SumPart>>, start: number, end: number): SumToDo[] {
  let at = 0;
  return SUM_NAMES.flatMap((of) => {
    const [from, to] = [start, end].map((cost) => countUpTo((cost - at) / COSTS[of], whole[of])) as [number, number];
    at += costOf(of, whole[of]);
    const pointBytes = 2 * SUM_DEGREES[of] * NUMBER_BYTES;
    const { points, scalars } = whole[of];
    return from === to
      ? []
      : [
          {
            of,
            points: points.subarray(from * pointBytes, to * pointBytes),
            scalars: scalars.subarray(from * NUMBER_BYTES, to * NUMBER_BYTES),
          },
        ];
  });
}

const countOf = ({ scalars }: SumPart) => scalars.length / NUMBER_BYTES;
const costOf = (name: SumName, part: SumPart) => countOf(part) * COSTS[name];
const countUpTo = (place: number, part: SumPart) => Math.min(countOf(part), Math.max(0, Math.round(place)));
