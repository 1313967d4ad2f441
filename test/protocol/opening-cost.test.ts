import { expect, it, vi } from 'vitest';
import { BASE, formatPoint, multiplyPublic, multiplySecret, type Point, sumOfProducts } from '#lib/protocol/numbers/point.ts';
import { randomScalar } from '#lib/protocol/numbers/random.ts';
import { pointMeant } from '#lib/protocol/numbers/wire-point.ts';
import { checkOpening, makeOpening } from '#lib/protocol/reveal/opening.ts';
import { takeTokens } from '#lib/protocol/reveal/tokens.ts';
import { makeKey } from '../support/world.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';
import { authorOf, mixBy, shareOf, waveOf } from './reveal-scene.ts';

vi.mock('#lib/protocol/numbers/point.ts', { spy: true });

const { context, committee, groups, random } = createScene('opening cost', {
  ...{ setup: PLAIN_SETUP, threshold: 2, size: 4, members: [8], trigger: { count: 8 } },
});
const TOKENS = Array.from({ length: 20 }, () => multiplyPublic(BASE, randomScalar(random)));

/** Multiplications by a scalar, however long, since the last call. */
function countMultiplications(): number {
  const count = vi.mocked(multiplyPublic).mock.calls.length + vi.mocked(multiplySecret).mock.calls.length;
  vi.mocked(multiplyPublic).mockClear();
  vi.mocked(multiplySecret).mockClear();
  return count;
}

it('a wave of a committee of four costs one check an opening, and at most three multiplications a name', () => {
  const key = makeKey(context, committee, random);
  const { setting } = waveOf(context.id, key.keyed.key, new Map([[groups[0]?.id as string, TOKENS]]), random);
  const { end } = mixBy(
    setting,
    [1, 3].map((trustee) => authorOf(key, trustee)),
    random,
  );
  const openings = [1, 2, 3].map((trustee) => makeOpening(authorOf(key, trustee), key.keyed, shareOf(key, trustee), end, true, random));
  for (const pair of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    countMultiplications();
    vi.mocked(sumOfProducts).mockClear();
    const cleared = pair.map((i) => {
      const checked = checkOpening(key.keyed, end, openings[i]!);
      if (!checked.ok) throw new Error(checked.code);
      return { trustee: checked.value.trustee, points: checked.value.lists[0]?.points as Point[] };
    });
    // Two sums over the whole wave for each opening, and a proof of equality that does not grow with it.
    expect(sumOfProducts).toHaveBeenCalledTimes(2 * 2);
    expect(countMultiplications()).toBeLessThan(TOKENS.length);
    const taken = takeTokens(end.lists[0]?.items.map(([, C]) => pointMeant(C)) as Point[], cleared);
    expect(taken.map((T) => formatPoint(T).join()).sort()).toEqual(TOKENS.map((T) => formatPoint(T).join()).sort());
    expect(countMultiplications()).toBeLessThanOrEqual(3 * TOKENS.length);
  }
});
