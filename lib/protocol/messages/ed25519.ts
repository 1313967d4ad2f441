// SPEC §1.7: Ed25519 and signed messages
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { decodeKey, findEngine } from './ed25519-engine.ts';
import { type Hex32, hashHex, type Tag, taggedBytes } from './hash.ts';
import type { Json } from './json.ts';

const ENGINE = findEngine();

/** A message with the Ed25519 signature of its author beside its other members. */
export type Signed<T> = T & { signature: string };

/** The public key of a 32-byte secret seed, in hex. RFC 8032 §5.1.5. */
export function publicKeyOf(seed: Uint8Array): Hex32 {
  return bytesToHex(ENGINE.publicKey(seed));
}

/** Signs a message under its tag and returns it with its signature. RFC 8032 §5.1.6; SPEC §1.7. */
export function signMessage<T extends Record<string, unknown>>(tag: Tag, message: T, seed: Uint8Array): Signed<T> {
  return { ...message, signature: bytesToHex(ENGINE.sign(taggedBytes(tag, message as Json), seed)) };
}

/** Whether `message.signature` is the signature of everything else in the message under the tag and key. SPEC §1.7. */
export function isSignedBy(tag: Tag, message: Signed<Record<string, unknown>>, key: Hex32): boolean {
  const { signature, ...unsigned } = message;
  return verifyEd25519(signature, taggedBytes(tag, unsigned as Json), key);
}

/** The hash that names a signed message: of all its members but the signature. SPEC §1.7. */
export function messageHash(tag: Tag, message: Signed<object>): Hex32 {
  const { signature: _, ...unsigned } = message;
  return hashHex(tag, unsigned as Json);
}

/** A key that may stand in a message: canonical, on the curve, not of small order. SPEC §1.7. */
export function isPublicKey(key: Hex32): boolean {
  return decodeKey(key) !== null;
}

/**
 * The one verification rule of this protocol (SPEC §1.7): the key is canonical and not of small order, S < L, and the
 * encoding of [S]B − [k]A equals the 32 bytes of R. There is no multiplication by the cofactor: with it, a signature whose
 * R carries a small-order part would pass here and fail elsewhere, and verifiers would disagree about a record.
 */
export function verifyEd25519(signature: string, message: Uint8Array, key: Hex32): boolean {
  return /^[0-9a-f]{128}$/.test(signature) && isPublicKey(key) && ENGINE.holds(hexToBytes(signature), message, key);
}
