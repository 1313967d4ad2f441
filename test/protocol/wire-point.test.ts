import { describe, expect, it } from 'vitest';
import { type Field, toField } from '#lib/protocol/numbers/field.ts';
import {
  BASE,
  formatPoint,
  formatPoints,
  IDENTITY,
  multiplyPublic,
  type Point,
  parseCurvePoint,
  pointAt,
} from '#lib/protocol/numbers/point.ts';
import { randomScalar } from '#lib/protocol/numbers/random.ts';
import { pointMeant, wirePointsOf } from '#lib/protocol/numbers/wire-point.ts';
import { generatorsToCheck, generatorsToCommit } from '#lib/protocol/reveal/generators.ts';
import { seeded } from '../circuits/signer.ts';
import { smallOrderPoint } from './make-vectors/odd-points.ts';

const random = seeded('wire points');
const somePoint = () => multiplyPublic(BASE, randomScalar(random));

describe('points on the wire', () => {
  it('mean eight times what they say, so that every point of the subgroup can be sent', () => {
    const points = Array.from({ length: 10 }, somePoint);
    expect(formatPoints(wirePointsOf(points).map(pointMeant))).toEqual(formatPoints(points));
  });

  it('T38: mean the same with and without a small-order part, and are passed on without it', () => {
    const marked = wirePointsOf(Array.from({ length: 8 }, somePoint)).map((wire, i) => wire.add(multiple(smallOrderPoint(), i)));
    expect(new Set(marked.map((wire) => wire.isTorsionFree()))).toEqual(new Set([true, false]));
    for (const wire of wirePointsOf(marked.map(pointMeant))) expect(wire.isTorsionFree()).toBe(true);
  });
});

describe('the point at a y', () => {
  it('is on the curve and has an even x, or does not exist, for about half of all y', () => {
    const found = Array.from({ length: 200 }, (_, i) => pointAt(toField(BigInt(i) + 2n), 0)).filter((point) => point !== null);
    expect(found.length).toBeGreaterThan(60);
    expect(found.length).toBeLessThan(140);
    for (const point of found) {
      expect(parseCurvePoint(formatPoint(point))).not.toBeNull();
      expect(point.toAffine().x % 2n).toBe(0n);
    }
  });

  it('has the other x for the other sign, and x = 0 only for one', () => {
    const y = toField(BASE.toAffine().y);
    const [even, odd] = [pointAt(y, 0), pointAt(y, 1)] as [Point, Point];
    expect(odd.equals(even.negate())).toBe(true);
    expect(pointAt(1n as Field, 1)).toBeNull();
  });

  it('finds the points of x = 0', () => {
    expect(pointAt(1n as Field, 0)?.equals(IDENTITY)).toBe(true);
    expect(formatPoint(pointAt(toField(BASE.toAffine().y), 0) as Point)[1]).toBe(formatPoint(BASE)[1]);
  });
});

describe('generators', () => {
  it('are distinct points of the prime subgroup, none the identity, and the same for every size', () => {
    const hashed = generatorsToCheck(40);
    const clean = generatorsToCommit(40);
    const meant = hashed.map(pointMeant);
    expect(new Set(meant.map((point) => formatPoint(point).join())).size).toBe(41);
    for (const [i, point] of meant.entries()) {
      expect(point.is0() || !point.isTorsionFree()).toBe(false);
      expect(pointMeant(clean[i] as Point).equals(point)).toBe(true);
      expect((clean[i] as Point).isTorsionFree()).toBe(true);
    }
    expect(generatorsToCheck(3)).toEqual(hashed.slice(0, 4));
  });

  it('T38: would tell their index by a small-order part if commitments were made from them as they were hashed', () => {
    const [hashed, clean] = [generatorsToCheck(40), generatorsToCommit(40)];
    const parts = hashed.map((wire, i) => formatPoint(wire.subtract(clean[i] as Point)).join());
    expect(new Set(parts).size).toBeGreaterThan(4);
  });
});

function multiple(point: Point, factor: number): Point {
  return Array.from({ length: factor }).reduce((sum: Point) => sum.add(point), IDENTITY);
}
