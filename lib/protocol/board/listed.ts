// SPEC §9.1: the hash under which an entry stands on the board
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { type Hex32, hashHex } from '../messages/hash.ts';
import { hex32 } from '../messages/shape.ts';
import type { Random } from '../numbers/random.ts';
import { entryShape } from './signature.ts';

/** What a signer sends to the platform, and the platform to the committee: an entry and the salt that hides it in the lists. */
export const bodyShape = z.strictObject({ entry: entryShape, salt: hex32 });
export type Body = z.infer<typeof bodyShape>;

/** Drawn by the signer for each entry. Who knows entry and salt finds the entry in the public lists; nobody else does. */
export function createListingSalt(random: Random): Hex32 {
  return bytesToHex(random(32));
}

/** H(listed, {entry, salt}): all that a public list shows of an entry. `entry` is its hash. SPEC §9.1. */
export function listedHash(entry: Hex32, salt: Hex32): Hex32 {
  return hashHex('listed', { entry, salt });
}
