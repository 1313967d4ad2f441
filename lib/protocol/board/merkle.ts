// SPEC §9.3: the Merkle tree of a checkpoint
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { Hex32 } from '../messages/hash.ts';

/** Levels of the padded tree under a checkpoint whose statement hides its count. */
export const HIDDEN_DEPTH = 20;
const EMPTY = new Uint8Array(32);

/** The Merkle Tree Hash of RFC 9162 §2.1.1 over entry hashes (32 bytes each, in order); of no entries it is SHA-256 of nothing. */
export function merkleRoot(hashes: readonly Hex32[]): Hex32 {
  return bytesToHex(treeHash(hashes.map((hash) => hexToBytes(hash))));
}

/** The root of a complete tree of 2^20 leaves: the entry hashes in order, then leaves of 32 zero bytes. Tells no count. SPEC §9.3. */
export function hiddenRoot(hashes: readonly Hex32[]): Hex32 {
  if (hashes.length > 2 ** HIDDEN_DEPTH) throw new RangeError('"hashes" must be at most 2^20');
  let level = hashes.map((hash) => leafHash(hexToBytes(hash)));
  let empty = leafHash(EMPTY);
  for (let depth = 0; depth < HIDDEN_DEPTH; depth++) {
    if (level.length % 2 === 1) level.push(empty);
    level = Array.from({ length: level.length / 2 }, (_, i) => nodeHash(level[2 * i] as Uint8Array, level[2 * i + 1] as Uint8Array));
    empty = nodeHash(empty, empty);
  }
  return bytesToHex(level[0] ?? empty);
}

function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return leafHash(leaves[0] as Uint8Array);
  let split = 1; // the largest power of two below the length; logarithms are not exact on every machine
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(0), leaf));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(1), left, right));
}
