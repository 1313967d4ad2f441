// SPEC §4.4: the file of a roll's leaves, which every signer downloads whole, and the form in which a tree is stored

import { bytesToHex } from '@noble/hashes/utils.js';
import { MAX_DEPTH, type RollHeader } from '#lib/protocol/member/roll.ts';
import { leavesOf, MIDDLE_DEPTH, middleLevel, PADDING, type RollTree } from '#lib/protocol/member/roll-tree.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Field, fieldFromBytes, fieldToBytes } from '#lib/protocol/numbers/field.ts';

const WIDTH = 32;

/** The middle nodes and leaves of a roll, as `findPath` takes them. */
export type RollFile = { middle: Field[]; leaves: Field[] };

/** Lays out a roll: the middle nodes if the depth is above 8, then the leaves up to the last member; 32 bytes each, big-endian. */
export function encodeRollFile(tree: RollTree): Uint8Array {
  return encodeNumbers(tree.depth > MIDDLE_DEPTH ? [middleLevel(tree), leavesOf(tree)] : [leavesOf(tree)]);
}

/**
 * Reads a roll file. That middle nodes and leaves belong to the header's root is not checked here: `findPath` does it for
 * one block, `checkRollLeaves` for all of them.
 */
export function decodeRollFile(header: Pick<RollHeader, 'depth'>, bytes: Uint8Array): Checked<RollFile, 'ROLL_FILE'> {
  const above = header.depth > MIDDLE_DEPTH ? 2 ** MIDDLE_DEPTH : 0;
  const count = bytes.length / WIDTH;
  if (!Number.isInteger(count) || count <= above || count > above + 2 ** header.depth)
    return refuse('ROLL_FILE', 'the roll file has another length');
  const numbers = decodeNumbers(bytes);
  if (numbers === null) return refuse('ROLL_FILE', 'the roll file holds something that is not a field element');
  const leaves = numbers.slice(above);
  const places = 2 ** header.depth;
  const middle = above > 0 ? numbers.slice(0, above) : [...leaves, ...new Array<Field>(places - leaves.length).fill(PADDING)];
  return accept({ middle, leaves });
}

/** Reads the list of a roll's capsule hashes; whether it is whole is for `findOwnCapsule`. Null for anything but whole hashes. SPEC §4.5. */
export function decodeNames(bytes: Uint8Array): Hex32[] | null {
  if (bytes.length % WIDTH !== 0) return null;
  return Array.from({ length: bytes.length / WIDTH }, (_, i) => bytesToHex(bytes.subarray(i * WIDTH, (i + 1) * WIDTH)));
}

const HEAD = 4;

/** All nodes of a tree, to be kept for the next roll: the depth in a byte, the number of leaves in three, the levels from the leaves. */
export function encodeTree(tree: RollTree): Uint8Array {
  const count = leavesOf(tree).length;
  return encodeNumbers(tree.levels, Uint8Array.of(tree.depth, count >> 16, count >> 8, count));
}

/**
 * Reads what `encodeTree` wrote. Only the form is checked, no hash: it must come from one's own storage.
 * @returns null for anything else, as after a change of the form
 */
export function decodeTree(bytes: Uint8Array): RollTree | null {
  const [depth = 0, high = 0, middle = 0, low = 0] = bytes;
  const count = (high << 16) | (middle << 8) | low;
  if (depth > MAX_DEPTH || count > 2 ** depth) return null;
  const lengths = Array.from({ length: depth + 1 }, (_, level) => Math.ceil(count / 2 ** level));
  if (bytes.length !== HEAD + total(lengths) * WIDTH) return null;
  const numbers = decodeNumbers(bytes.subarray(HEAD));
  if (numbers === null) return null;
  let start = 0;
  const levels = lengths.map((length) => {
    start += length;
    return numbers.slice(start - length, start);
  });
  return { depth, levels };
}

function total(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}

function encodeNumbers(lists: readonly (readonly Field[])[], head = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(head.length + total(lists.map((list) => list.length)) * WIDTH);
  bytes.set(head);
  let at = head.length;
  for (const list of lists)
    for (const number of list) {
      bytes.set(fieldToBytes(number), at);
      at += WIDTH;
    }
  return bytes;
}

function decodeNumbers(bytes: Uint8Array): Field[] | null {
  const numbers: Field[] = [];
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const number = fieldFromBytes(bytes.subarray(at, at + WIDTH));
    if (number === null) return null;
    numbers.push(number);
  }
  return numbers;
}
