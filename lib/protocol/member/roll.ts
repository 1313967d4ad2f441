// SPEC §4.2 – §4.4: the roll
import { Group } from '@semaphore-protocol/group';
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isSignedBy, messageHash, type Signed, signMessage } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import { checkShape, fieldText, hex32, hex64, positive, unixTime } from '../messages/shape.ts';
import { type Field, formatField, parseField } from '../numbers/field.ts';
import { checkGroup, groupId, groupShape } from './group.ts';
import { changeTree, findChanges, leavesOf, MIDDLE_DEPTH, PADDING, plantTree, type RollTree, rootOf } from './roll-tree.ts';

const MIN_DEPTH = 3;
export const MAX_DEPTH = 16;
/** The least number of distinct members on which a statement may open: the anonymity floor (T16). */
export const ANONYMITY_FLOOR = 8;
/** Below this many members a statement opens, but its author and signers are warned. */
export const ANONYMITY_COMFORT = 30;

const headerMembers = {
  type: z.literal('roll'),
  group: groupShape,
  number: positive,
  /** The hash of the roll before; absent in the first. */
  previous: hex32.optional(),
  depth: z.int().min(MIN_DEPTH).max(MAX_DEPTH),
  size: positive,
  root: fieldText,
  /** The root of the hashes of the roll's capsules. SPEC §4.5. */
  names: hex32,
  /** How many members came in which way, ascending by way; the counts add up to `size`. */
  admitted: z
    .array(z.strictObject({ way: z.int().min(1).max(5), count: positive }))
    .min(1)
    .max(5)
    .optional(),
  time: unixTime,
  /** The Ed25519 keys of the trustees whom the issuer recognises, in ascending order. */
  trustees: z.array(hex32).max(64),
};
export const rollHeaderShape = z.strictObject({ ...headerMembers, signature: hex64 });
/** One published version of a group, signed by its issuer. Its leaves travel beside it. */
export type RollHeader = z.infer<typeof rollHeaderShape>;
export type RollFailure =
  | 'BAD_SHAPE'
  | 'BAD_GROUP'
  | 'ROLL_NUMBER'
  | 'ROLL_TRUSTEES'
  | 'ROLL_ADMITTED'
  | 'ROLL_SIGNATURE'
  | 'ROLL_LEAVES'
  | 'ROLL_ROOT'
  | 'ROLL_SIZE';

/** The least depth, from 3, at which a roll has room for so many leaves. */
export function depthFor(places: number): number {
  if (places > 2 ** MAX_DEPTH) throw new RangeError('"places" must be at most 65536: split the body into several groups');
  return Math.max(MIN_DEPTH, Math.ceil(Math.log2(Math.max(1, places))));
}

/** The hash that names a roll: of its header without the signature. SPEC §4.2. */
export function rollHash(header: RollHeader): Hex32 {
  return messageHash('roll', header);
}

type RollTerms = Pick<RollHeader, 'group' | 'number' | 'previous' | 'names' | 'admitted' | 'time' | 'trustees'>;

/**
 * Signs a roll over leaves in their places. Places after the last leaf, and those of removed members, hold `PADDING`.
 * @throws RangeError when two leaves are equal or there are none.
 */
export function signRoll({ leaves, ...terms }: RollTerms & { leaves: readonly Field[] }, seed: Uint8Array): Signed<RollHeader> {
  return signTree({ ...terms, tree: plantTree(leaves, depthFor(leaves.length)) }, seed);
}

/** `signRoll` over a tree that was made before, of the depth that `depthFor` gives. @throws RangeError as there */
export function signTree({ tree, previous, admitted, ...terms }: RollTerms & { tree: RollTree }, seed: Uint8Array): Signed<RollHeader> {
  const size = countMembers(leavesOf(tree));
  if (size === null || size === 0) throw new RangeError('"leaves" must hold at least one member and none twice');
  const header = {
    type: 'roll' as const,
    ...terms,
    ...(previous === undefined ? {} : { previous }),
    ...(admitted === undefined ? {} : { admitted }),
    trustees: [...terms.trustees].sort((a, b) => (a < b ? -1 : 1)),
    depth: tree.depth,
    size,
    root: formatField(rootOf(tree)),
  };
  return signMessage('roll', header, seed);
}

/** Checks a header alone: shape, group, numbering, order of trustees, ways of admission, the issuer's signature. SPEC §4.2. */
export function checkRollHeader(value: unknown): Checked<RollHeader, RollFailure> {
  const shaped = checkShape(rollHeaderShape, value);
  if (!shaped.ok) return shaped;
  const header = shaped.value;
  const group = checkGroup(header.group);
  if (!group.ok) return group;
  if ((header.number === 1) !== (header.previous === undefined)) return refuse('ROLL_NUMBER', 'only the first roll has none before it');
  if (header.trustees.some((key, i) => i > 0 && key <= (header.trustees[i - 1] as string)))
    return refuse('ROLL_TRUSTEES', 'trustees must be distinct and ascending');
  if (!isSummedUp(header)) return refuse('ROLL_ADMITTED', 'ways must be distinct and ascending, and their counts add up to the size');
  if (header.root === '0') return refuse('ROLL_ROOT', 'a root of zero belongs to no tree'); // what the circuit yields beyond its depth (T22)
  if (!isSignedBy('roll', header, header.group.issuer)) return refuse('ROLL_SIGNATURE', 'not signed by the issuer of the group');
  return accept(header);
}

/**
 * Checks the leaves against a header that was checked before: canonical numbers, none zero, no member twice, as many as the
 * header says, and the root of the whole tree at the header's depth (T26). Given the tree of an earlier roll, which must be
 * known to be right, it hashes only above what has changed. SPEC §4.3.
 */
export function checkRollLeaves(header: RollHeader, texts: readonly string[], before?: RollTree): Checked<RollTree, RollFailure> {
  const leaves = texts.map(parseField);
  if (!leaves.every((leaf): leaf is Field => leaf !== null && leaf !== 0n))
    return refuse('ROLL_LEAVES', 'a leaf is not a canonical number above zero');
  if (leaves.length === 0 || leaves.length > 2 ** header.depth) return refuse('ROLL_LEAVES', 'too many or no leaves for the depth');
  if (leaves.at(-1) === PADDING) return refuse('ROLL_LEAVES', 'the list must end with a member');
  const size = countMembers(leaves);
  if (size === null) return refuse('ROLL_LEAVES', 'a member stands twice');
  if (size !== header.size) return refuse('ROLL_SIZE', `the header says ${header.size} members, there are ${size}`);
  const tree = before ? changeTree(before, header.depth, findChanges(leavesOf(before), leaves)) : plantTree(leaves, header.depth);
  if (formatField(rootOf(tree)) !== header.root) return refuse('ROLL_ROOT', 'the leaves do not have the root of the header');
  return accept(tree);
}

/** Seconds after its `time` within which a roll that follows another is published: a date further back would tell of a past that never was. */
export const MOST_ROLL_DELAY_SECONDS = 7 * 86_400;

/** Checks that a roll follows another of the same group, as the history of a group must. SPEC §4.2. */
export function followsRoll(previous: RollHeader, next: RollHeader): boolean {
  const isSameGroup = groupId(next.group) === groupId(previous.group);
  return isSameGroup && next.number === previous.number + 1 && next.previous === rollHash(previous) && next.time >= previous.time;
}

/** The most rolls of one group whose times lie within a day: the header of each is kept, and members fetch many. */
export const MOST_ROLLS_A_DAY = 100;
const DAY_SECONDS = 86_400;

/**
 * From when on a group may have its next roll, Unix seconds, by the `time` that this bears. Platforms take none before, and trustees no
 * permit by one. SPEC §4.2.
 * @param history of that group, newest first; the newest `MOST_ROLLS_A_DAY` are enough
 */
export function nextRollFrom(history: readonly Pick<RollHeader, 'time'>[]): number {
  const first = history[MOST_ROLLS_A_DAY - 1];
  return first ? first.time + DAY_SECONDS : 0;
}

export type MerklePath = { index: number; siblings: Field[] };

/**
 * The path of a leaf, from its own block and the middle nodes alone. Checks nothing against the header but the root.
 * @returns null when the middle nodes do not lead to the header's root, or the block not to its middle node. SPEC §4.4.
 */
export function findPath(header: RollHeader, leaves: readonly Field[], middle: readonly Field[], index: number): MerklePath | null {
  const size = 2 ** blockDepth(header.depth);
  const block = Math.floor(index / size);
  if (middle.length !== 2 ** Math.min(MIDDLE_DEPTH, header.depth)) return null;
  const top = new Group([...middle]);
  const nodes = padded(leaves, block * size, size);
  if (formatField(top.root as Field) !== header.root || blockRoot(nodes) !== middle[block]) return null;
  const below = size === 1 ? [] : siblingsIn(new Group(nodes), index % size);
  return { index, siblings: [...below, ...siblingsIn(top, block)] as Field[] };
}

function siblingsIn(tree: Group, index: number): bigint[] {
  return tree.generateMerkleProof(index).siblings;
}

function blockDepth(depth: number): number {
  return Math.max(0, depth - MIDDLE_DEPTH);
}

function blockRoot(block: readonly Field[]): Field {
  return block.length === 1 ? (block[0] as Field) : (new Group([...block]).root as Field);
}

function padded(leaves: readonly Field[], start: number, length: number): Field[] {
  return Array.from({ length }, (_, i) => leaves[start + i] ?? PADDING);
}

/** Whether the ways in which members were admitted rise and count each member once. */
function isSummedUp({ admitted, size }: RollHeader): boolean {
  if (admitted === undefined) return true;
  const isAscending = admitted.every(({ way }, i) => i === 0 || way > (admitted[i - 1]?.way ?? 0));
  return isAscending && admitted.reduce((sum, { count }) => sum + count, 0) === size;
}

/** How many leaves are members; null when a member stands twice. */
function countMembers(leaves: readonly Field[]): number | null {
  const members = leaves.filter((leaf) => leaf !== PADDING);
  return new Set(members).size === members.length ? members.length : null;
}
