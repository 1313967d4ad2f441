// SPEC §1.7: what signs and verifies with Ed25519, by one rule wherever it runs
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { Hex32 } from './hash.ts';
import { findNodeCrypto } from './node-crypto.ts';

const { Point } = ed25519;
const GROUP_ORDER = Point.Fn.ORDER;
/** Keys that were judged are kept: a board is signed by few, many times. */
const MOST_KEYS = 1_024;

export type Ed25519Engine = {
  /** The 32 bytes of the public key of a seed. RFC 8032 §5.1.5. @throws Error for a seed that is not 32 bytes */
  publicKey(seed: Uint8Array): Uint8Array;
  /** The 64 bytes of RFC 8032 §5.1.6, which follow from message and seed alone. @throws Error for a seed that is not 32 bytes */
  sign(message: Uint8Array, seed: Uint8Array): Uint8Array;
  /** Rules 2 to 4 of SPEC §1.7, for a key that satisfies rule 1. */
  holds(signature: Uint8Array, message: Uint8Array, key: Hex32): boolean;
};

/**
 * In JavaScript, for every browser. Not constant in time; a browser signs with keys that its own user holds.
 */
export const PORTABLE_ENGINE: Ed25519Engine = {
  publicKey: (seed) => ed25519.getPublicKey(seed),
  sign: (message, seed) => ed25519.sign(message, seed),
  holds(signature, message, key) {
    const [r, s] = [signature.subarray(0, 32), bytesToNumberLE(signature.subarray(32))];
    if (s >= GROUP_ORDER) return false;
    const k = bytesToNumberLE(sha512.create().update(r).update(hexToBytes(key)).update(message).digest()) % GROUP_ORDER;
    const left = s === 0n ? Point.ZERO : Point.BASE.multiplyUnsafe(s);
    const right = k === 0n ? Point.ZERO : (decodeKey(key) as InstanceType<typeof Point>).multiplyUnsafe(k);
    return bytesToHex(left.subtract(right).toBytes()) === bytesToHex(r);
  },
};

type NodeCrypto = {
  createPrivateKey(source: object): object;
  createPublicKey(source: object): { export(form: object): Uint8Array };
  sign(algorithm: null, data: Uint8Array, key: object): Uint8Array;
  verify(algorithm: null, data: Uint8Array, key: object, signature: Uint8Array): boolean;
};
/** What RFC 8410 puts before the bytes of a key. */
const PKCS8 = hexToBytes('302e020100300506032b657004220420');
const SPKI = hexToBytes('302a300506032b6570032100');

/**
 * OpenSSL, as Node has it: constant in time where it has a seed, and ten times as fast. It takes nothing that the rule refuses: S < L, k
 * modulo L and R compared as bytes are its own, and what it forgives in keys is refused before. Its newer versions refuse more (an R
 * of small order, say), so that the rule itself is asked about what it refuses: the verdict hangs on no version.
 */
function opensslEngine(crypto: NodeCrypto): Ed25519Engine {
  const der = (frame: Uint8Array, bytes: Uint8Array, type: string) => ({ key: concatBytes(frame, bytes), format: 'der', type });
  const privateKey = (seed: Uint8Array) => {
    if (seed.length !== 32) throw new RangeError('"seed" must be 32 bytes'); // OpenSSL would take the first 32 of more
    const frame = der(PKCS8, seed, 'pkcs8');
    const key = crypto.createPrivateKey(frame);
    frame.key.fill(0);
    return key;
  };
  return {
    publicKey: (seed) => crypto.createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' }).slice(SPKI.length),
    sign: (message, seed) => Uint8Array.from(crypto.sign(null, message, privateKey(seed))),
    holds: (signature, message, key) =>
      crypto.verify(null, message, crypto.createPublicKey(der(SPKI, hexToBytes(key), 'spki')), signature) ||
      PORTABLE_ENGINE.holds(signature, message, key),
  };
}

/** The engine of where this runs. */
export function findEngine(): Ed25519Engine {
  const crypto = findNodeCrypto<NodeCrypto>();
  return crypto ? opensslEngine(crypto) : PORTABLE_ENGINE;
}

const decoded = new Map<Hex32, InstanceType<typeof Point> | null>();

/** The point of a key by rule 1 of SPEC §1.7; null for any other text. */
export function decodeKey(key: Hex32): InstanceType<typeof Point> | null {
  const known = decoded.get(key);
  if (known !== undefined) return known;
  if (decoded.size >= MOST_KEYS) decoded.clear();
  const point = decodeAnew(key);
  if (key.length === 64) decoded.set(key, point);
  return point;
}

function decodeAnew(key: Hex32): InstanceType<typeof Point> | null {
  if (!/^[0-9a-f]{64}$/.test(key)) return null;
  try {
    const point = Point.fromHex(key, false);
    return point.isSmallOrder() || point.toHex() !== key ? null : point;
  } catch {
    return null;
  }
}
