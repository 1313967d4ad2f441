// SPEC §3.4: HPKE, RFC 9180 in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20-Poly1305
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Random } from '../numbers/random.ts';

const KEM_SUITE = concatBytes(utf8ToBytes('KEM'), Uint8Array.of(0, 0x20));
const HPKE_SUITE = concatBytes(utf8ToBytes('HPKE'), Uint8Array.of(0, 0x20, 0, 0x01, 0, 0x03));
const MODE_BASE = Uint8Array.of(0);
const EMPTY = new Uint8Array(0);

/** Bytes of an X25519 key and of the key that a sealed message begins with. */
const HPKE_KEY_BYTES = 32;
/** By how many bytes a sealed message is longer than its plaintext. */
export const HPKE_OVERHEAD = HPKE_KEY_BYTES + 16;

export type HpkeKeyPair = { secretKey: Uint8Array; publicKey: Uint8Array };

/** A key pair out of 32 random bytes: DeriveKeyPair of RFC 9180 §7.1.3. Kept by who is to open, as long as messages may come. */
export function createHpkeKeyPair(random: Random): HpkeKeyPair {
  const prk = labeledExtract(KEM_SUITE, EMPTY, 'dkp_prk', random(HPKE_KEY_BYTES));
  return hpkeKeyPairOf(labeledExpand(KEM_SUITE, prk, 'sk', EMPTY, HPKE_KEY_BYTES));
}

/** The pair of a secret key that was kept: 32 bytes. */
export function hpkeKeyPairOf(secretKey: Uint8Array): HpkeKeyPair {
  return { secretKey, publicKey: x25519.getPublicKey(secretKey) };
}

/** Whether something can be sealed to this key: 32 bytes that are no point of small order, with which all secrets are zero. */
export function isHpkeKey(publicKey: Uint8Array): boolean {
  return publicKey.length === HPKE_KEY_BYTES && agree(Uint8Array.from({ length: HPKE_KEY_BYTES }).fill(1), publicKey) !== null;
}

/**
 * Seals one message to a key: enc ‖ ciphertext, without associated data. Nobody but the key's holder can open it, and only
 * with the same `info`. It says nothing about who sealed it: a secret in `info` can. RFC 9180 §6.1.
 * @throws RangeError for a key that `isHpkeKey` refuses
 */
export function sealHpke(publicKey: Uint8Array, info: Uint8Array, plain: Uint8Array, random: Random, associated = EMPTY): Uint8Array {
  const ephemeral = createHpkeKeyPair(random);
  const shared = agree(ephemeral.secretKey, publicKey);
  if (shared === null) throw new RangeError('"publicKey" is no key to which anything can be sealed');
  const { key, nonce } = schedule(shared, ephemeral.publicKey, publicKey, info);
  return concatBytes(ephemeral.publicKey, chacha20poly1305(key, nonce, associated).encrypt(plain));
}

/** Opens what `sealHpke` made; null for anything that was not sealed to this key with this `info`, or was changed since. */
export function openHpke(
  { secretKey, publicKey }: HpkeKeyPair,
  info: Uint8Array,
  sealed: Uint8Array,
  associated = EMPTY,
): Uint8Array | null {
  const enc = sealed.slice(0, HPKE_KEY_BYTES);
  const shared = enc.length === HPKE_KEY_BYTES ? agree(secretKey, enc) : null;
  if (shared === null) return null;
  const { key, nonce } = schedule(shared, enc, publicKey, info);
  try {
    return chacha20poly1305(key, nonce, associated).decrypt(sealed.subarray(HPKE_KEY_BYTES));
  } catch {
    return null;
  }
}

/** X25519; null where the result is zero, as RFC 9180 §7.1.4 demands. */
function agree(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  try {
    return x25519.getSharedSecret(secretKey, publicKey);
  } catch {
    return null;
  }
}

/** ExtractAndExpand of §4.1 and KeySchedule of §5.1 for mode_base: no pre-shared key, and the first message of the context. */
function schedule(dh: Uint8Array, enc: Uint8Array, publicKey: Uint8Array, info: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const prk = labeledExtract(KEM_SUITE, EMPTY, 'eae_prk', dh);
  const shared = labeledExpand(KEM_SUITE, prk, 'shared_secret', concatBytes(enc, publicKey), 32);
  const pskIdHash = labeledExtract(HPKE_SUITE, EMPTY, 'psk_id_hash', EMPTY);
  const infoHash = labeledExtract(HPKE_SUITE, EMPTY, 'info_hash', info);
  const context = concatBytes(MODE_BASE, pskIdHash, infoHash);
  const secret = labeledExtract(HPKE_SUITE, shared, 'secret', EMPTY);
  return {
    key: labeledExpand(HPKE_SUITE, secret, 'key', context, 32),
    nonce: labeledExpand(HPKE_SUITE, secret, 'base_nonce', context, 12),
  };
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, keyMaterial: Uint8Array): Uint8Array {
  return extract(sha256, concatBytes(utf8ToBytes('HPKE-v1'), suite, utf8ToBytes(label), keyMaterial), salt);
}

function labeledExpand(suite: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array {
  const labeled = concatBytes(Uint8Array.of(length >> 8, length & 255), utf8ToBytes('HPKE-v1'), suite, utf8ToBytes(label), info);
  return expand(sha256, prk, labeled, length);
}
