// The two long parts of a roll, in blocks that can be made apart: what each member has in it, and the tree over the leaves
import type { CapsuleRoll } from '#lib/protocol/member/capsule.ts';
import { type Candidate, type Enlisted, enlist } from '#lib/protocol/member/enlist.ts';
import { depthFor } from '#lib/protocol/member/roll.ts';
import { joinTrees, plantTree, type RollTree } from '#lib/protocol/member/roll-tree.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import type { JobHandlers } from '#lib/room/jobs.ts';
import type { WorkRoom } from '#lib/room/room.ts';

/** Makes leaves and capsules of some members; null for whoever can have none. It may do so in another thread. */
export type EnlistBlock = (roll: CapsuleRoll, candidates: readonly Candidate[]) => MaybeLater<(Enlisted | null)[]>;
/** Makes the tree over one block of leaves in their places. It may do so in another thread. */
export type PlantBlock = (leaves: readonly Field[], depth: number) => MaybeLater<RollTree>;
type MaybeLater<T> = T | Promise<T>;
type OnProgress = (share: number) => void;

const BLOCK_DEPTH = 10;
const CANDIDATES_AT_ONCE = 256;

export const enlistBlock = (roll: CapsuleRoll, candidates: readonly Candidate[]): (Enlisted | null)[] =>
  candidates.map((candidate) => enlist(roll, candidate));

/** The same as jobs of a room. */
export type BlockJobs = {
  enlist: { input: { roll: CapsuleRoll; candidates: readonly Candidate[] }; output: (Enlisted | null)[] };
  plant: { input: { leaves: readonly Field[]; depth: number }; output: RollTree };
};
export const blockJobs: JobHandlers<BlockJobs> = {
  enlist: ({ roll, candidates }) => enlistBlock(roll, candidates),
  plant: ({ leaves, depth }) => plantTree(leaves, depth),
};

/** Has blocks made by the hands of a room. */
export function blocksBy({ run }: Pick<WorkRoom<BlockJobs>, 'run'>): { enlist: EnlistBlock; plant: PlantBlock } {
  return {
    enlist: (roll, candidates) => run('enlist', { roll, candidates }),
    plant: (leaves, depth) => run('plant', { leaves, depth }),
  };
}

/**
 * Leaf and capsule of each candidate, in their order. All blocks are asked for at once, so whoever makes them decides how many
 * are made at a time. `onProgress` is told the share of blocks that are done, 0 to 1.
 */
export async function enlistAll(
  roll: CapsuleRoll,
  candidates: readonly Candidate[],
  enlistSome: EnlistBlock = enlistBlock,
  onProgress: OnProgress = () => {},
): Promise<(Enlisted | null)[]> {
  const blocks = await inBlocks(candidates, CANDIDATES_AT_ONCE, (block) => enlistSome(roll, block), onProgress);
  return blocks.flat();
}

/** The tree over leaves in their places, as `enlistAll`. */
export async function plantRoll(
  leaves: readonly Field[],
  plant: PlantBlock = plantTree,
  onProgress: OnProgress = () => {},
): Promise<RollTree> {
  const depth = depthFor(leaves.length);
  const blockDepth = Math.min(depth, BLOCK_DEPTH);
  const blocks = await inBlocks(leaves, 2 ** blockDepth, (block) => plant(block, blockDepth), onProgress);
  return joinTrees(blocks, depth);
}

async function inBlocks<T, R>(
  list: readonly T[],
  size: number,
  make: (block: readonly T[]) => MaybeLater<R>,
  onProgress: OnProgress,
): Promise<R[]> {
  const starts = Array.from({ length: Math.ceil(list.length / size) }, (_, i) => i * size);
  let done = 0;
  return Promise.all(
    starts.map(async (start) => {
      const made = await make(list.slice(start, start + size));
      done += 1;
      onProgress(done / starts.length);
      return made;
    }),
  );
}
