// SPEC §10.4: the generators of the commitments to a permutation
import type { Steps } from '../messages/steps.ts';
import { hashToCurve } from '../numbers/hash-to-curve.ts';
import type { Point } from '../numbers/point.ts';
import { pointMeant, wirePointOf } from '../numbers/wire-point.ts';

/** A generator as verifiers and as mixers use it. Nobody knows a discrete logarithm between any two, or to B. */
type Generator = {
  /** The point that was hashed to, perhaps with a small-order part: as a wire point it means the generator. */
  hashed: Point;
  /** (8⁻¹ mod l) · H. Commitments that are sent are made from this: the small-order part of `hashed` would tell the index. */
  clean?: Point;
};

/** Generators made between two stops: some milliseconds. */
const PIECE = 32;

/** They are the same for all statements, so each is made once in the life of a program: as many as its largest wave has names. */
const known: Generator[] = [];

/** Wire points that mean H₀ … H_count, for checking: they may have small-order parts. SPEC §10.4. */
export function* generatorsToCheck(count: number): Steps<Point[]> {
  for (let i = known.length; i <= count; i++) {
    known.push({ hashed: hashToCurve('mix-generator', { index: i }) });
    if (i % PIECE === 0) yield;
  }
  return known.slice(0, count + 1).map(({ hashed }) => hashed);
}

/** Wire points of the prime subgroup that mean H₀ … H_count, for making what is sent. SPEC §10.4. */
export function* generatorsToCommit(count: number): Steps<Point[]> {
  yield* generatorsToCheck(count);
  const generators = known.slice(0, count + 1);
  for (const [i, generator] of generators.entries()) {
    generator.clean ??= wirePointOf(pointMeant(generator.hashed));
    if (i % PIECE === 0) yield;
  }
  return generators.map(({ clean }) => clean as Point);
}
