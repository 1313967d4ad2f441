import { bn254 } from '@noble/curves/bn254.js';
import type { Entry, Proof } from '#lib/protocol/board/signature.ts';
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

/** An entry that passes every check but the last and dearest. */
export function makeJunk(statement: string, group: string): Entry {
  return {
    type: 'entry',
    statement,
    said: { action: 'sign', group },
    nullifier: String(randomField(systemRandom)),
    ephemeral: formatPoint(multiplySecret(BASE, randomScalar(systemRandom))),
    ciphertext: ['1', '2', '3', '4'],
    proof: JUNK_PROOF,
  };
}
