// SPEC §9.3: the Merkle tree over a list of hashes
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { Hex32 } from '../messages/hash.ts';

/** The Merkle Tree Hash of RFC 9162 §2.1.1 over hashes (32 bytes each, in order); of no entries it is SHA-256 of nothing. */
export function merkleRoot(hashes: readonly Hex32[]): Hex32 {
  return bytesToHex(treeHash(hashes.map((hash) => hexToBytes(hash))));
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
