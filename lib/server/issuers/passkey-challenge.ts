import 'server-only';
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const LIFE_SECONDS = 300;
const NONCE_BYTES = 16;
const TIME_BYTES = 6;
const MAC_BYTES = 32;

/**
 * A challenge for a passkey that nobody has to store: nonce ‖ when it ends, Unix seconds ‖ HMAC-SHA-256 of both and of what it is for.
 * Strangers may ask for as many as they like.
 * @param purpose what it is good for, and for whom
 */
export function makeChallenge(seed: Uint8Array, purpose: string, now: number): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(NONCE_BYTES + TIME_BYTES);
  randomBytes(NONCE_BYTES).copy(head);
  head.writeUIntBE(now + LIFE_SECONDS, NONCE_BYTES, TIME_BYTES);
  return new Uint8Array(Buffer.concat([head, macOf(seed, purpose, head)]));
}

/** Whether a challenge was made here for this purpose and is not over. That it is used once is left to the caller. */
export function isOwnChallenge(seed: Uint8Array, purpose: string, challenge: Uint8Array, now: number): boolean {
  const bytes = Buffer.from(challenge);
  if (bytes.length !== NONCE_BYTES + TIME_BYTES + MAC_BYTES) return false;
  const head = bytes.subarray(0, NONCE_BYTES + TIME_BYTES);
  const isOwn = timingSafeEqual(macOf(seed, purpose, head), bytes.subarray(head.length));
  return isOwn && head.readUIntBE(NONCE_BYTES, TIME_BYTES) > now;
}

/** When a challenge that was judged ends, Unix seconds. */
export function endOfChallenge(challenge: Uint8Array): number {
  return Buffer.from(challenge).readUIntBE(NONCE_BYTES, TIME_BYTES);
}

function macOf(seed: Uint8Array, purpose: string, head: Uint8Array): Buffer {
  const key = Buffer.from(hkdfSync('sha256', seed, new Uint8Array(), 'round-robin/passkey-challenge', 32));
  return createHmac('sha256', key).update(head).update(purpose).digest();
}
