// SPEC §1.8: the Merkle tree over a list of hashes
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { Hex32 } from '../messages/hash.ts';

/** The tree of RFC 9162 §2.1.1, level by level from its leaves up; a node without a neighbour stands in the level above as it is. */
export type MerkleTree = readonly (readonly Uint8Array[])[];

/** The Merkle Tree Hash of RFC 9162 §2.1.1 over hashes (32 bytes each, in order); of no entries it is SHA-256 of nothing. */
export function merkleRoot(hashes: readonly Hex32[]): Hex32 {
  return rootOfMerkleTree(plantMerkleTree(hashes));
}

export function plantMerkleTree(hashes: readonly Hex32[]): MerkleTree {
  const levels = [hashes.map((hash) => leafHash(hexToBytes(hash)))];
  for (let below = levels[0] as Uint8Array[]; below.length > 1; below = levels.at(-1) as Uint8Array[])
    levels.push(Array.from({ length: Math.ceil(below.length / 2) }, (_, i) => parentOf(below[2 * i] as Uint8Array, below[2 * i + 1])));
  return levels;
}

export function rootOfMerkleTree(tree: MerkleTree): Hex32 {
  return bytesToHex(tree.at(-1)?.[0] ?? sha256(new Uint8Array(0)));
}

/** The inclusion proof of RFC 9162 §2.1.3.1: the neighbours on the way from a leaf to the root. */
export function merklePath(tree: MerkleTree, index: number): Hex32[] {
  return tree.flatMap((level, height) => {
    const neighbour = height < tree.length - 1 ? level[(index >> height) ^ 1] : undefined;
    return neighbour ? [bytesToHex(neighbour)] : [];
  });
}

/**
 * The root of a tree of `size` leaves that has this hash at `index`, by a path. RFC 9162 §2.1.3.2.
 * @returns null when there is no such place or the path has another length
 */
export function rootOfPath(hash: Hex32, index: number, size: number, path: readonly Hex32[]): Hex32 | null {
  if (index >= size) return null;
  let node = leafHash(hexToBytes(hash));
  let used = 0;
  for (let [place, last] = [index, size - 1]; last > 0; place >>= 1, last >>= 1) {
    if (place === last && place % 2 === 0) continue; // no neighbour at this level
    const neighbour = path[used++];
    if (neighbour === undefined) return null;
    node = place % 2 === 0 ? nodeHash(node, hexToBytes(neighbour)) : nodeHash(hexToBytes(neighbour), node);
  }
  return used === path.length ? bytesToHex(node) : null;
}

function parentOf(left: Uint8Array, right: Uint8Array | undefined): Uint8Array {
  return right ? nodeHash(left, right) : left;
}

function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(0), leaf));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(1), left, right));
}
