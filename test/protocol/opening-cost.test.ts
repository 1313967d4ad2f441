import { expect, it, vi } from 'vitest';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { seal } from '#lib/protocol/key/sealing.ts';
import { packName } from '#lib/protocol/member/name.ts';
import { formatPoint, multiplyPublic, multiplySecret, type Scalar, sumOfProducts } from '#lib/protocol/numbers/point.ts';
import { randomField, randomScalar } from '#lib/protocol/numbers/random.ts';
import { checkOpening, makeOpening, revealName, type Wave } from '#lib/protocol/reveal/opening.ts';
import { makeKey } from '../support/world.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

vi.mock('#lib/protocol/numbers/point.ts', { spy: true });

const { context, committee, random } = createScene('opening cost', {
  ...{ setup: PLAIN_SETUP, threshold: 2, size: 4, members: [8], trigger: { count: 8 } },
});
const NAMES = Array.from({ length: 20 }, (_, i) => `Signer ${i + 1}`);

/** Multiplications by a scalar, however long, since the last call. */
function countMultiplications(): number {
  const count = vi.mocked(multiplyPublic).mock.calls.length + vi.mocked(multiplySecret).mock.calls.length;
  vi.mocked(multiplyPublic).mockClear();
  vi.mocked(multiplySecret).mockClear();
  return count;
}

it('a wave of a committee of three costs one check an opening, and at most three multiplications a name', () => {
  const key = makeKey(context, committee, random);
  const sealedNames = NAMES.map((name) => {
    const nullifier = randomField(random);
    const made = seal(packName(name), key.keyed.key, { scope: context.scope, subject: nullifier }, randomScalar(random));
    return { nullifier: String(nullifier), ephemeral: formatPoint(made.ephemeral), ciphertext: made.ciphertext.map(String) };
  });
  const wave: Wave = { number: 1, checkpoint: 'ab'.repeat(32), items: sealedNames };
  const openings = [1, 2, 3].map((trustee) =>
    makeOpening(key.authors[trustee - 1] as Author, key.keyed, key.shares[trustee - 1] as Scalar, wave, random),
  );
  for (const pair of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    countMultiplications();
    vi.mocked(sumOfProducts).mockClear();
    const cleared = pair.map((i) => {
      const checked = checkOpening(context.id, key.keyed, wave, openings[i]!);
      if (!checked.ok) throw new Error(checked.code);
      return checked.value;
    });
    // Two sums over the whole wave for each opening, and a proof of equality that does not grow with it.
    expect(sumOfProducts).toHaveBeenCalledTimes(2 * 2);
    expect(countMultiplications()).toBeLessThan(NAMES.length);
    const names = sealedNames.map((item, i) => revealName(context.scope, item, i, cleared));
    expect(names).toEqual(NAMES.map((name) => ({ name })));
    expect(countMultiplications()).toBeLessThanOrEqual(3 * NAMES.length);
  }
});
