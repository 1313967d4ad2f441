import { bls12_381 } from '@noble/curves/bls12-381.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { hex32, unixTime } from '#lib/protocol/messages/shape.ts';

// A beacon is public randomness that nobody knew while people contributed. It is announced before the first contribution,
// by source and moment, so that nobody can pick one that suits them.

/** log2 of the number of SHA-256 rounds that the beacon's value goes through. Whoever verifies makes them again: 2^20 take seconds. */
const iterations = z.int().min(10).max(20);
const hexValue = z.string().regex(/^([0-9a-f]{2}){16,64}$/, 'expected 16 to 64 bytes in lower-case hex');

/** How the beacon of a ceremony is announced. */
export const beaconPlanShape = z.discriminatedUnion('kind', [
  /** One round of a drand network with the scheme bls-unchained-g1-rfc9380. Its value can be checked by everybody for ever. */
  z.strictObject({
    kind: z.literal('drand'),
    chain: hex32,
    publicKey: z.string().regex(/^[0-9a-f]{192}$/),
    round: z.int().min(1),
    time: unixTime,
    iterations,
  }),
  /** Something public, told in words. That the value is what the words say must be compared by people. */
  z.strictObject({ kind: z.literal('public'), source: z.string().min(10).max(500), time: unixTime, iterations }),
  /** A value that is known from the start and so adds nothing. For development only. */
  z.strictObject({ kind: z.literal('known'), value: hexValue, iterations }),
]);
export type BeaconPlan = z.infer<typeof beaconPlanShape>;

/** The value that was used, with drand's signature where there is one. */
export const beaconShape = z.strictObject({
  value: hexValue,
  signature: z
    .string()
    .regex(/^[0-9a-f]{96}$/)
    .optional(),
});
export type Beacon = z.infer<typeof beaconShape>;

export type BeaconFailure = 'BEACON_EARLY' | 'BEACON_DIFFERS';

/** The drand network "quicknet" of the League of Entropy: a round every three seconds since 2023-08-23T15:09:27Z. */
export const QUICKNET = {
  chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  publicKey:
    '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb' +
    '5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  genesis: 1692803367,
  period: 3,
} as const;

const DRAND_DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

/** Announces the first round of quicknet at or after a moment, in seconds since 1970. */
export function planQuicknet(time: number, rounds = 10): BeaconPlan {
  const { chain, publicKey, genesis, period } = QUICKNET;
  const round = Math.ceil((time - genesis) / period) + 1;
  return { kind: 'drand', chain, publicKey, round, time: genesis + (round - 1) * period, iterations: rounds };
}

/**
 * Whether the beacon could be known at a time, seconds since 1970: whoever contributes from then on could choose by it. A value
 * that is known from the start adds nothing, so it closes nothing.
 */
export function isBeaconDue(plan: BeaconPlan, time: number): boolean {
  return plan.kind !== 'known' && time >= plan.time;
}

/**
 * Judges a beacon against its announcement.
 *
 * @param now seconds since 1970, to refuse a value from before the announced moment; left out when a finished ceremony is checked
 * @returns BEACON_EARLY, or BEACON_DIFFERS when it cannot be the announced value. For `public` plans any value passes: what it
 *   was taken from is for people to compare.
 */
export function checkBeacon(plan: BeaconPlan, beacon: Beacon, now?: number): Checked<Beacon, BeaconFailure> {
  if (plan.kind === 'known') {
    return beacon.value === plan.value && beacon.signature === undefined
      ? accept(beacon)
      : refuse('BEACON_DIFFERS', 'another value was announced');
  }
  if (now !== undefined && !isBeaconDue(plan, now)) return refuse('BEACON_EARLY', `announced for ${formatBeaconTime(plan.time)}`);
  if (plan.kind === 'public') {
    return beacon.signature === undefined ? accept(beacon) : refuse('BEACON_DIFFERS', 'no drand round was announced');
  }
  if (beacon.signature === undefined) return refuse('BEACON_DIFFERS', 'the signature of the announced drand round is missing');
  if (!isDrandRound(plan.publicKey, plan.round, beacon.signature))
    return refuse('BEACON_DIFFERS', `not round ${plan.round} of the announced network`);
  const value = bytesToHex(sha256(hexToBytes(beacon.signature)));
  return beacon.value === value ? accept(beacon) : refuse('BEACON_DIFFERS', 'the value is not the hash of the signature');
}

/** The plan in words, for people. */
export function describeBeaconPlan(plan: BeaconPlan): string {
  if (plan.kind === 'known') return `the value ${plan.value}, known beforehand, so without effect`;
  const source = plan.kind === 'drand' ? `round ${plan.round} of the drand network ${plan.chain}` : plan.source;
  return `${source}, at ${formatBeaconTime(plan.time)}`;
}

export function formatBeaconTime(time: number): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z');
}

function isDrandRound(publicKey: string, round: number, signature: string): boolean {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(round));
  const bls = bls12_381.shortSignatures;
  try {
    const message = bls.hash(sha256(bytes), DRAND_DOMAIN);
    return bls.verify(hexToBytes(signature), message, hexToBytes(publicKey));
  } catch {
    return false;
  }
}
