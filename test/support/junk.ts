import { bn254 } from '@noble/curves/bn254.js';
import { type Body, createListingSalt } from '#lib/protocol/board/listed.ts';
import type { Proof } from '#lib/protocol/board/signature.ts';
import { BASE, formatPoint, multiplySecret } from '#lib/protocol/numbers/point.ts';
import { randomField, randomScalar } from '#lib/protocol/numbers/random.ts';
import { systemRandom } from './world.ts';

const g2 = bn254.G2.Point.BASE.toAffine();
/** Points that are all where they should be, and prove nothing. */
export const JUNK_PROOF: Proof = {
  a: ['1', '2'],
  b: [
    [String(g2.x.c0), String(g2.x.c1)],
    [String(g2.y.c0), String(g2.y.c1)],
  ],
  c: ['1', '2'],
};

/** A signature that passes every check but the last and dearest. */
export function makeJunk(statement: string, group: string): Body {
  const randomPoint = () => formatPoint(multiplySecret(BASE, randomScalar(systemRandom)));
  const entry = {
    type: 'entry' as const,
    statement,
    said: { action: 'sign' as const, group },
    nullifier: String(randomField(systemRandom)),
    ephemeral: randomPoint(),
    sealed: randomPoint(),
    proof: JUNK_PROOF,
  };
  return { entry, salt: createListingSalt(systemRandom) };
}
