import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sealPoint } from '#lib/protocol/key/sealing.ts';
import { KernelArithmetic } from '#lib/protocol/numbers/kernel-arithmetic.ts';
import { BASE, INVERSE_OF_EIGHT, SCALAR_ORDER, type Scalar, toScalar } from '#lib/protocol/numbers/point.ts';
import { type Random, randomScalar } from '#lib/protocol/numbers/random.ts';
import { makeOpening } from '#lib/protocol/reveal/opening.ts';
import { makeKey } from '../support/world.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';
import { mixBy, waveOf } from './reveal-scene.ts';

const scene = createScene('secret scalars', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [3], trigger: { count: 3 } });

/** Every scalar that was drawn, and what arithmetic was given in a time that may tell it. */
const drawn = new Set<bigint>();
const told = new Set<bigint>();
const noting: Random = (length) => {
  const bytes = scene.random(length);
  for (let at = 0; length % 48 === 0 && at < length; at += 48) {
    drawn.add(BigInt(`0x${Buffer.from(bytes.subarray(at, at + 48)).toString('hex')}`) % SCALAR_ORDER);
  }
  return bytes;
};
/** Whether any of these scalars, its opposite or an eighth of it was told. */
const areTold = (scalars: Iterable<bigint>) =>
  [...scalars].some((s) => [s, -s, s * INVERSE_OF_EIGHT, -s * INVERSE_OF_EIGHT].some((of) => told.has(toScalar(of))));

beforeAll(() => {
  const { multiplyPublic, multiplyAllPublic, sumOfProducts } = KernelArithmetic.prototype;
  vi.spyOn(KernelArithmetic.prototype, 'multiplyPublic').mockImplementation(function (this: KernelArithmetic, point, scalar) {
    told.add(scalar);
    return multiplyPublic.call(this, point, scalar);
  });
  vi.spyOn(KernelArithmetic.prototype, 'multiplyAllPublic').mockImplementation(function (this: KernelArithmetic, points, scalar) {
    told.add(scalar);
    return multiplyAllPublic.call(this, points, scalar);
  });
  vi.spyOn(KernelArithmetic.prototype, 'sumOfProducts').mockImplementation(function (this: KernelArithmetic, points, scalars) {
    for (const scalar of scalars) told.add(scalar);
    return sumOfProducts.call(this, points, scalars);
  });
});
afterAll(() => vi.restoreAllMocks());

describe('secret scalars are multiplied in a time that does not tell them', () => {
  it('T53: in a key generation, a mix, an opening and a seal: coefficients, sealing secrets, randomness, dealt shares and shares', () => {
    const key = makeKey(scene.context, scene.committee, noting);
    const dealt = key.secrets.flatMap(({ coefficients }) =>
      key.authors.map(({ trustee }) => coefficients.reduce((sum, coefficient, i) => sum + coefficient * BigInt(trustee) ** BigInt(i), 0n)),
    );
    sealPoint(BASE, key.keyed.key, randomScalar(noting));
    const group = scene.context.statement.rolls[0]!.group;
    const { setting } = waveOf(scene.context.id, key.keyed.key, new Map([[group, [BASE, BASE.double()]]]), scene.random);
    const { end } = mixBy(setting, key.authors.slice(0, 1), noting);
    makeOpening(key.authors[0]!, key.keyed, key.shares[0] as Scalar, end, true, noting);
    expect(told.size).toBeGreaterThan(20);
    expect(drawn.size).toBeGreaterThan(20);
    expect(areTold(drawn)).toBe(false);
    expect(areTold(dealt.map(toScalar))).toBe(false);
    expect(areTold(key.shares)).toBe(false);
  });
});
