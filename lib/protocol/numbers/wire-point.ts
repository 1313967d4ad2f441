// SPEC §10.3: points on the wire
import { INVERSE_OF_EIGHT, multiplyAllPublic, type Point, timesEight } from './point.ts';

/*
 * What mixers and openers send is read as eight times what it says: a wire point D on the curve stands for the point meant 8 · D,
 * which lies in the prime subgroup whatever D is. So nobody pays for a subgroup check, and a small-order part says nothing.
 */

/** 8 · D, the point that a wire point means. It is in the prime subgroup, perhaps the identity. SPEC §10.3. */
export function pointMeant(wire: Point): Point {
  return timesEight(wire);
}

/**
 * (8⁻¹ mod l) · P for many points P of the prime subgroup: the wire points of that subgroup that mean them. Whoever passes something
 * on starts from these, never from the wire points that came in: a small-order part on one would travel along and mark it (T38).
 */
export function wirePointsOf(meant: readonly Point[]): Point[] {
  return multiplyAllPublic(meant, INVERSE_OF_EIGHT);
}
