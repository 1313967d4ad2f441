// SPEC §10.4, §14.2: points of which nobody knows a discrete logarithm
import { hashToField, type Tag } from '../messages/hash.ts';
import type { Json } from '../messages/json.ts';
import { type Point, pointAt } from './point.ts';
import { pointMeant } from './wire-point.ts';

/**
 * The point with y = F(tag, value with `counter`) and even x, for the first counter from 0 at which the curve has one of which
 * eight times is not the identity. It may have a small-order part: as a wire point it means a point of the prime subgroup. It is
 * for public values only, for its time depends on them.
 */
export function hashToCurve(tag: Tag, value: { readonly [key: string]: Json }): Point {
  for (let counter = 0; ; counter++) {
    const point = pointAt(hashToField(tag, { ...value, counter }), 0);
    if (point !== null && !pointMeant(point).is0()) return point;
  }
}
