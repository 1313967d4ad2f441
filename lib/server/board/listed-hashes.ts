// Lists of hashes as bytes, also in threads: nothing here may need Next.
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** The hashes that a column of bytes holds, 32 bytes each, in order. */
export function splitHashes(bytes: Uint8Array): Hex32[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytesToHex(bytes.subarray(i * 32, (i + 1) * 32)));
}

export function joinHashes(hashes: readonly Hex32[]): Uint8Array {
  return hexToBytes(hashes.join(''));
}
