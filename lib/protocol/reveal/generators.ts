// SPEC §10.4: the generators of the commitments to a permutation
import { hashToCurve } from '../numbers/hash-to-curve.ts';
import type { Point } from '../numbers/point.ts';
import { pointMeant, wirePointsOf } from '../numbers/wire-point.ts';

/** A generator as verifiers and as mixers use it. Nobody knows a discrete logarithm between any two, or to B. */
type Generator = {
  /** The point that was hashed to, perhaps with a small-order part: as a wire point it means the generator. */
  hashed: Point;
  /** (8⁻¹ mod l) · H. Commitments that are sent are made from this: the small-order part of `hashed` would tell the index. */
  clean?: Point;
};

/** They are the same for all statements, so each is made once in the life of a program: as many as its largest wave has names. */
const known: Generator[] = [];

/** Wire points that mean H₀ … H_count, for checking: they may have small-order parts. SPEC §10.4. */
export function generatorsToCheck(count: number): Point[] {
  for (let i = known.length; i <= count; i++) known.push({ hashed: hashToCurve('mix-generator', { index: i }) });
  return known.slice(0, count + 1).map(({ hashed }) => hashed);
}

/** Wire points of the prime subgroup that mean H₀ … H_count, for making what is sent. SPEC §10.4. */
export function generatorsToCommit(count: number): Point[] {
  generatorsToCheck(count);
  const generators = known.slice(0, count + 1);
  const unclean = generators.filter(({ clean }) => !clean);
  const points = wirePointsOf(unclean.map(({ hashed }) => pointMeant(hashed)));
  for (const [i, generator] of unclean.entries()) generator.clean = points[i] as Point;
  return generators.map(({ clean }) => clean as Point);
}
