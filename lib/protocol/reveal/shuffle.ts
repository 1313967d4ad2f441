// SPEC §10.4: the proof of a shuffle
//
// Terelius and Wikström, "Proofs of Restricted Shuffles" (AFRICACRYPT 2010), as written out by Haenni, Locher, Koenig and Dubuis,
// "Pseudo-Code Algorithms for Verifiable Re-Encryption Mix-Nets" (FC 2017), whose letters are used: ψ and the lists of inputs e and
// outputs e′ = (A′, C′), commitments c to ψ and ĉ to the product of the uᵢ, commitments t and responses s of the sigma protocol.
// Written with + for B and K; the challenge, c in the paper, is x. Of the sigma protocol the commitments t are sent rather than the
// challenge, so that all equations of many shuffles can be checked as one sum.
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { type Hex32, hashBytes, hashHex } from '../messages/hash.ts';
import { pointText, scalarText } from '../messages/shape.ts';
import { formatPoint, hashToScalar, type Point, type PointText, type Scalar } from '../numbers/point.ts';

/** More than any list of a shuffle has: 65,536 entries are one group’s. */
const MOST = 2 ** 17;
const pointTexts = z.array(pointText).min(1).max(MOST);
const scalarTexts = z.array(scalarText).min(1).max(MOST);

/** Points are wire points. Lists have one element for each item; `t` holds t₁ t₂ t₃ t₄ t₅ and `s` the four single responses. */
export const shuffleProofShape = z.strictObject({
  c: pointTexts,
  cHat: pointTexts,
  t: z.tuple([pointText, pointText, pointText, pointText, pointText]),
  tHat: pointTexts,
  s: z.tuple([scalarText, scalarText, scalarText, scalarText]),
  sHat: scalarTexts,
  sPrime: scalarTexts,
});
export type ShuffleProof = z.infer<typeof shuffleProofShape>;

/** A sealed token in a message: (ephemeral, sealed), two points of which k trustees together take the token out. */
export type ItemText = readonly [PointText, PointText];

/** A list of sealed tokens. The points that are meant are its points, or eight times these once a mixer has made it. */
export type SealedList = { group: Hex32; items: readonly (readonly [Point, Point])[]; isWire: boolean };

/** What a shuffle is bound to: who shuffles what, at which place of which chain. */
export type ShuffleSetting = {
  statement: Hex32;
  /** K, the key of the statement. */
  key: Point;
  /** W, the content of the wave. */
  content: Hex32;
  trustee: number;
  step: number;
  /** The hash of the step before; W for the first. */
  previous: Hex32;
  group: Hex32;
};

/** seed: everything that is fixed before the uᵢ are known. */
export function seedOf(setting: ShuffleSetting, outputs: readonly ItemText[], c: readonly PointText[]): Hex32 {
  return hashHex('mix-seed', { ...setting, key: formatPoint(setting.key), size: outputs.length, outputs, c });
}

/** uᵢ for i from 1: 128 bits. */
export function vectorOf(seed: Hex32, i: number): Scalar {
  return shortScalar(hashBytes('mix-vector', { seed, index: i }));
}

/** x, the challenge. */
export function challengeOf(seed: Hex32, { cHat, t, tHat }: Pick<ShuffleProof, 'cHat' | 't' | 'tHat'>): Scalar {
  return hashToScalar('mix-challenge', { seed, cHat, t, tHat });
}

/** The first 16 bytes of a hash as a big-endian integer. */
export function shortScalar(hash: Uint8Array): Scalar {
  return BigInt(`0x${bytesToHex(hash.subarray(0, 16))}`) as Scalar;
}
