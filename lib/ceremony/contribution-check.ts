import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import type { RecordedContribution } from '#lib/proof/proving-key-file.ts';
import type { Curve, CurveGroup, CurvePoint } from '#lib/proof/snarkjs.ts';
import { ChaChaStream } from './chacha.ts';

// The multi-party computation of Bowe, Gabizon and Miers (eprint 2017/1050) as the file format records it: each contributor
// multiplies delta by a secret and proves knowledge of it with a pair (s, s·x) in G1 and (p, p·x) in G2, where p is derived
// from everything before.

/** Where a chain stands after a contribution: the delta so far and the public parts of all contributions. */
export interface ChainState {
  readonly delta: CurvePoint;
  readonly publicParts: Uint8Array;
}

/** The state of a key to which nobody has contributed. */
export function startChain(curve: Curve, circuitHash: Uint8Array): ChainState {
  return { delta: curve.G1.g, publicParts: circuitHash };
}

/** BLAKE2b-512 of a contribution's public part in hex: what contributors publish. */
export function hashContribution(curve: Curve, contribution: RecordedContribution): string {
  return bytesToHex(blake2b(publicPartOf(curve, contribution), { dkLen: 64 }));
}

/**
 * Checks one contribution on top of the chain before it.
 *
 * @param rounds log2 of the rounds that are announced for a beacon: no others are made, of which there could be 2^40
 * @returns the state after it, or what is wrong with it, in words
 */
export async function checkContribution(
  curve: Curve,
  before: ChainState,
  contribution: RecordedContribution,
  rounds: number,
): Promise<ChainState | string> {
  const { deltaAfter, s, sx, spx, transcript, beacon } = contribution;
  if (![deltaAfter, s, sx].every((point) => isGroupPoint(curve.G1, point))) return 'a point is not on the curve';
  if (!isGroupPoint(curve.G2, spx) || !curve.G2.isZero(curve.G2.timesScalar(spx, curve.r))) return 'its G2 point is not in the subgroup';

  const challenge = blake2b(concatBytes(before.publicParts, uncompressed(curve.G1, s), uncompressed(curve.G1, sx)), { dkLen: 64 });
  if (bytesToHex(challenge) !== bytesToHex(transcript)) return 'it was not made on top of the contributions before it';
  const p = curve.G2.fromRng(new ChaChaStream(transcript));
  if (!(await haveSameRatio(curve, s, sx, p, spx))) return 'its proof of knowledge does not hold';
  if (!(await haveSameRatio(curve, before.delta, deltaAfter, p, spx))) return 'its delta does not follow from the delta before it';
  if (beacon && beacon.iterations !== rounds) return `it is a beacon of 2^${beacon.iterations} rounds instead of the announced 2^${rounds}`;
  if (beacon && !isFromBeacon(curve, contribution, beacon)) return 'it does not follow from the value of the beacon';
  return { delta: deltaAfter, publicParts: concatBytes(before.publicParts, publicPartOf(curve, contribution)) };
}

/** Whether b = x·a in G1 and q = x·p in G2 for one and the same x, none of them zero. */
export async function haveSameRatio(curve: Curve, a: CurvePoint, b: CurvePoint, p: CurvePoint, q: CurvePoint): Promise<boolean> {
  if (curve.G1.isZero(a) || curve.G1.isZero(b) || curve.G2.isZero(p) || curve.G2.isZero(q)) return false;
  return curve.pairingEq(a, q, curve.G1.neg(b), p);
}

/** Whether a point is on the curve and not zero. In G1 that is membership; in G2 the subgroup remains to be checked. */
export function isGroupPoint(group: CurveGroup, point: CurvePoint): boolean {
  return !group.isZero(point) && group.isValid(point);
}

function isFromBeacon(curve: Curve, { s, sx }: RecordedContribution, beacon: { value: Uint8Array; iterations: number }): boolean {
  let seed = beacon.value;
  for (let i = 0; i < 2 ** beacon.iterations; i++) seed = sha256(seed);
  const stream = new ChaChaStream(seed);
  const secret = curve.Fr.fromRng(stream);
  const expected = curve.G1.toAffine(curve.G1.fromRng(stream));
  return curve.G1.eq(expected, s) && curve.G1.eq(curve.G1.timesFr(expected, secret), sx);
}

function publicPartOf(curve: Curve, { deltaAfter, s, sx, spx, transcript }: RecordedContribution): Uint8Array {
  return concatBytes(...[deltaAfter, s, sx].map((point) => uncompressed(curve.G1, point)), uncompressed(curve.G2, spx), transcript);
}

function uncompressed(group: CurveGroup, point: CurvePoint): Uint8Array {
  const bytes = new Uint8Array(group.F.n8 * 2);
  group.toRprUncompressed(bytes, 0, point);
  return bytes;
}
