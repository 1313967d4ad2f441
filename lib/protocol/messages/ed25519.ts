// SPEC §1.7: Ed25519 and signed messages
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { type Hex32, hashHex, type Tag, taggedBytes } from './hash.ts';
import type { Json } from './json.ts';

const { Point } = ed25519;
const GROUP_ORDER = Point.Fn.ORDER;

/** A message with the Ed25519 signature of its author beside its other members. */
export type Signed<T> = T & { signature: string };

/** The public key of a 32-byte secret seed, in hex. RFC 8032 §5.1.5. */
export function publicKeyOf(seed: Uint8Array): Hex32 {
  return bytesToHex(ed25519.getPublicKey(seed));
}

/** Signs a message under its tag and returns it with its signature. RFC 8032 §5.1.6; SPEC §1.7. */
export function signMessage<T extends Record<string, unknown>>(tag: Tag, message: T, seed: Uint8Array): Signed<T> {
  return { ...message, signature: bytesToHex(ed25519.sign(taggedBytes(tag, message as Json), seed)) };
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
  if (!/^[0-9a-f]{128}$/.test(signature)) return false;
  const point = decodeKey(key);
  if (point === null) return false;
  const r = signature.slice(0, 64);
  const s = littleEndian(hexToBytes(signature.slice(64)));
  if (s >= GROUP_ORDER) return false;
  const k = littleEndian(sha512.create().update(hexToBytes(r)).update(hexToBytes(key)).update(message).digest()) % GROUP_ORDER;
  const left = s === 0n ? Point.ZERO : Point.BASE.multiplyUnsafe(s);
  const right = k === 0n ? Point.ZERO : point.multiplyUnsafe(k);
  return bytesToHex(left.subtract(right).toBytes()) === r;
}

function decodeKey(key: Hex32): InstanceType<typeof Point> | null {
  if (!/^[0-9a-f]{64}$/.test(key)) return null;
  try {
    const point = Point.fromHex(key, false);
    return point.isSmallOrder() || point.toHex() !== key ? null : point;
  } catch {
    return null;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(Uint8Array.from(bytes).reverse())}`);
}
