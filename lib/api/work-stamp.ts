// SPEC §13: work that a client does to be heard by a busy platform. Back's hashcash; asked for under load only, and more work goes
// first, as in Tor's proposal 327.
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** The header that carries a stamp. */
export const WORK_HEADER = 'Round-Robin-Work';
/** What a place in the queue of a ceremony costs at the least: some 16,000 hashes. */
export const PLACE_WORK = 14;
/** What a challenge costs, and an answer that is to be relayed: a quarter of a million hashes, and a quarter of that. */
export const CHALLENGE_WORK = 18;
export const ANSWER_WORK = 16;
/** The most that a client of ours does: some 16 million hashes, half a minute in a browser. */
export const MOST_WORK = 24;

// With the hash and the stamp 55 bytes: one block of SHA-256.
const TAG = utf8ToBytes('roundrobin/work');
const STAMP = /^[0-9a-f]{16}$/;
/** Hashes between two pauses: some 10 ms. */
const HASHES_AT_ONCE = 4_000;

/**
 * The work that a stamp shows: the zero bits with which SHA-256(tag ‖ hash ‖ stamp) begins. Each bit doubles what it costs to find.
 * @param about the hash of what is sent with it: no stamp serves twice
 * @param stamp 16 hex digits; anything else shows no work
 */
export function workOf(about: Hex32, stamp: string | null): number {
  if (stamp === null || !STAMP.test(stamp)) return 0;
  return zeroBits(sha256(concatBytes(TAG, hexToBytes(about), hexToBytes(stamp))));
}

/**
 * Looks for a stamp that shows `work` bits, with pauses in which a page stays alive.
 * @throws the reason of `signal`
 */
export async function makeStamp(about: Hex32, work: number, signal?: AbortSignal): Promise<string> {
  const bytes = concatBytes(TAG, hexToBytes(about), new Uint8Array(8));
  const counter = new DataView(bytes.buffer, bytes.length - 8);
  for (let tried = 0; ; tried++) {
    if (tried % HASHES_AT_ONCE === 0) await pauseFor(signal);
    counter.setBigUint64(0, BigInt(tried));
    if (zeroBits(sha256(bytes)) >= work) return tried.toString(16).padStart(16, '0');
  }
}

async function pauseFor(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}

function zeroBits(hash: Uint8Array): number {
  const first = hash.findIndex((byte) => byte !== 0);
  return first < 0 ? 8 * hash.length : 8 * first + Math.clz32(hash[first] as number) - 24;
}
