// From members in their places to the tree of a roll: all of it in blocks that can be made apart, or only what has changed
import { leafOf } from '#lib/protocol/member/credential.ts';
import { depthFor } from '#lib/protocol/member/roll.ts';
import { changeTree, joinTrees, PADDING, plantTree, type RollTree } from '#lib/protocol/member/roll-tree.ts';
import { type Field, type FieldText, parseField } from '#lib/protocol/numbers/field.ts';
import type { RosterMember } from './issuer-file.ts';

/** Who has a place, or what stands there where nothing else is known; null where nobody has it. */
export type Occupant = { commitment: FieldText; name: string } | { leaf: FieldText } | null;

/** Makes the tree over one block of places. It may do so in another thread. */
export type PlantBlock = (occupants: readonly Occupant[], depth: number) => RollTree | Promise<RollTree>;

const BLOCK_DEPTH = 10;

/** The leaves of a block and the tree over them, in this thread. */
export const plantBlock = (occupants: readonly Occupant[], depth: number): RollTree => plantTree(occupants.map(leafFor), depth);

/**
 * The tree over all places. Blocks of 1,024 are asked for at once, so whoever plants them decides how many are made at a time.
 * `onProgress` is told the share of blocks that are done, 0 to 1.
 */
export async function plantRoll(
  members: readonly RosterMember[],
  {
    plant = plantBlock,
    onProgress = () => {},
  }: { plant?: PlantBlock | undefined; onProgress?: ((share: number) => void) | undefined } = {},
): Promise<RollTree> {
  const occupants = occupantsOf(members);
  const depth = depthFor(occupants.length);
  const size = 2 ** Math.min(depth, BLOCK_DEPTH);
  const starts = Array.from({ length: Math.ceil(occupants.length / size) }, (_, i) => i * size);
  let done = 0;
  const blocks = starts.map(async (start) => {
    const block = await plant(occupants.slice(start, start + size), Math.log2(size));
    done += 1;
    onProgress(done / starts.length);
    return block;
  });
  return joinTrees(await Promise.all(blocks), depth);
}

/** The tree after members have come and gone, from the tree before. The two lists hold the same people in the same order. */
export function replantRoll(tree: RollTree, before: readonly RosterMember[], after: readonly RosterMember[]): RollTree {
  const moved = after.flatMap((member, i) => (member.place === before[i]?.place ? [] : [{ left: before[i]?.place, member }]));
  const changes = new Map<number, Field>();
  for (const { left } of moved) if (left !== undefined) changes.set(left, PADDING);
  // Afterwards, because a place that somebody left may have been given to somebody else.
  for (const { member } of moved) if (member.place !== undefined) changes.set(member.place, leafFor(occupantOf(member)));
  return changeTree(tree, depthFor(endOf(after)), changes);
}

function occupantsOf(members: readonly RosterMember[]): Occupant[] {
  const occupants = new Array<Occupant>(endOf(members)).fill(null);
  for (const member of members) if (member.place !== undefined) occupants[member.place] = occupantOf(member);
  return occupants;
}

/** How many places there are up to the last member. */
function endOf(members: readonly RosterMember[]): number {
  return members.reduce((end, { place }) => Math.max(end, (place ?? -1) + 1), 0);
}

function occupantOf({ commitment, leaf, name }: RosterMember): Occupant {
  if (leaf !== undefined) return { leaf };
  if (commitment === undefined) throw new TypeError('"members" has one with a place and no commitment');
  return { commitment, name };
}

function leafFor(occupant: Occupant): Field {
  if (occupant === null) return PADDING;
  const number = parseField('leaf' in occupant ? occupant.leaf : occupant.commitment);
  if (number === null) throw new TypeError('"occupants" has one whose commitment or leaf is no number');
  return 'leaf' in occupant ? number : leafOf(number, occupant.name);
}
