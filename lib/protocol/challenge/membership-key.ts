// SPEC §14.2: the key to which the tokens of answers are sealed
import { hashToCurve } from '../numbers/hash-to-curve.ts';
import type { Point } from '../numbers/point.ts';
import { pointMeant } from '../numbers/wire-point.ts';

let known: Point | undefined;

/**
 * The one key of all answers: a point of the prime subgroup that was hashed to, so that nobody knows its discrete logarithm and
 * no seal under it can be opened with it. Whoever made a seal can still show its randomness.
 */
export function membershipKey(): Point {
  known ??= pointMeant(hashToCurve('membership-key', {}));
  return known;
}
