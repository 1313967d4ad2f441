// SPEC §10.3: points on the wire
import { INVERSE_OF_EIGHT, multiplyPublic, type Point, timesEight } from './point.ts';

/*
 * What mixers and openers send is read as eight times what it says: a wire point D on the curve stands for the point meant 8 · D,
 * which lies in the prime subgroup whatever D is. So nobody pays for a subgroup check, and a small-order part says nothing.
 */

/** 8 · D, the point that a wire point means. It is in the prime subgroup, perhaps the identity. SPEC §10.3. */
export function pointMeant(wire: Point): Point {
  return timesEight(wire);
}

/**
 * (8⁻¹ mod l) · P: the wire point of the prime subgroup that means P, a point of that subgroup. Whoever passes something on
 * starts from this, never from the wire point that came in: a small-order part on it would travel along and mark it (T38).
 */
export function wirePointOf(meant: Point): Point {
  return multiplyPublic(meant, INVERSE_OF_EIGHT);
}
