import { bn254 } from '@noble/curves/bn254.js';
import { parseCoordinate } from './base-field.ts';
import type { VerificationKey } from './verification-key.ts';

const { G1, G2, fields } = bn254;

export type FirstPoint = InstanceType<typeof G1.Point>;
export type SecondPoint = InstanceType<typeof G2.Point>;

/** The points of a verification key, each in its group. */
export interface PreparedKey {
  readonly alpha: FirstPoint;
  readonly beta: SecondPoint;
  readonly gamma: SecondPoint;
  readonly delta: SecondPoint;
  readonly ic: readonly FirstPoint[];
}

const prepared = new WeakMap<VerificationKey, PreparedKey>();

/**
 * Reads a key, once.
 *
 * @throws TypeError when a point is off its curve, outside its subgroup, or not spelt canonically
 */
export function prepareKey(key: VerificationKey): PreparedKey {
  const known = prepared.get(key);
  if (known) return known;
  const [beta, gamma, delta] = [key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2].map((point) => readSecond(point.slice(0, 2).flat()));
  const fresh = {
    alpha: readFirst(key.vk_alpha_1.slice(0, 2)),
    ...{ beta: beta as SecondPoint, gamma: gamma as SecondPoint, delta: delta as SecondPoint },
    ic: key.IC.map((point) => readFirst(point.slice(0, 2))),
  };
  prepared.set(key, fresh);
  return fresh;
}

/** The point of the first group with these coordinates. @returns null off the curve; infinity has none */
export function firstPoint([x, y]: readonly bigint[]): FirstPoint | null {
  return valid(G1.Point.fromAffine({ x: x as bigint, y: y as bigint }));
}

/** The point of the second group with these components of x and of y. @returns null off the curve or outside the subgroup */
export function secondPoint([x0, x1, y0, y1]: readonly bigint[]): SecondPoint | null {
  const pair = (c0: bigint, c1: bigint) => fields.Fp2.fromBigTuple([c0, c1]);
  const point = valid(G2.Point.fromAffine({ x: pair(x0 as bigint, x1 as bigint), y: pair(y0 as bigint, y1 as bigint) }));
  return point?.isTorsionFree() ? point : null;
}

function valid<P extends FirstPoint | SecondPoint>(point: P): P | null {
  if (point.is0()) return null; // which the library takes for (0, 0)
  try {
    point.assertValidity();
    return point;
  } catch {
    return null;
  }
}

const readFirst = (texts: readonly string[]) => required(firstPoint(read(texts)));
const readSecond = (texts: readonly string[]) => required(secondPoint(read(texts)));

function read(texts: readonly string[]): bigint[] {
  return texts.map((text) => required(parseCoordinate(text)));
}

function required<T>(value: T | null): T {
  if (value === null) throw new TypeError('key: a point is not in its group');
  return value;
}
