// SPEC §4.3: the tree over the leaves of a roll, kept with all its nodes so that a change costs only the nodes above it

import { hashToField } from '../messages/hash.ts';
import type { Field } from '../numbers/field.ts';
import { hash2 } from '../numbers/poseidon.ts';

/** The leaf that stands in every empty place. Nobody has a credential for it: that would be a preimage of Poseidon. SPEC §4.3. */
export const PADDING: Field = hashToField('padding', 'no credential');
/** Levels between the root and the middle nodes of a roll file; a shallower roll has no middle level. */
export const MIDDLE_DEPTH = 8;

/**
 * The complete tree of 2^depth places. `levels[0]` holds the leaves up to the last member, `levels[depth]` the root; what a
 * level lacks at its end are nodes over nothing but padding. Never changed in place.
 */
export type RollTree = { readonly depth: number; readonly levels: readonly (readonly Field[])[] };

/** The root of the tree over nothing but padding, at each level from 0. */
const emptyNodes: Field[] = [PADDING];

/** The tree over leaves in their places. @throws RangeError when there are more than 2^depth */
export function plantTree(leaves: readonly Field[], depth: number): RollTree {
  return raise([withoutPadding(leaves)], depth);
}

/**
 * The tree after some places have got other leaves, and perhaps another depth: it hashes the nodes above those places and no
 * others, so one more member of a roll of depth 16 costs 16 hashes. @throws RangeError as `plantTree`
 */
export function changeTree(tree: RollTree, depth: number, changes: ReadonlyMap<number, Field>): RollTree {
  const leaves = [...leavesOf(tree)];
  for (const [place, leaf] of changes) {
    while (leaves.length < place) leaves.push(PADDING);
    leaves[place] = leaf;
  }
  const levels = [withoutPadding(leaves)];
  requireRoom(levels, depth);
  let touched = new Set(changes.keys());
  for (let level = 0; level < depth; level++) {
    const below = levels[level] as Field[];
    const known = tree.levels[level + 1] ?? [];
    touched = new Set([...touched].map((place) => place >> 1));
    if (level >= tree.depth) touched.add(0); // a deeper tree has all of the old one under its first node
    const nodes = Array.from({ length: Math.ceil(below.length / 2) }, (_, place) =>
      touched.has(place) ? parentOf(below, place, level) : (known[place] ?? emptyNode(level + 1)),
    );
    levels.push(nodes);
  }
  return { depth, levels };
}

/** One tree out of trees of one depth that stand side by side, made apart to share the work. */
export function joinTrees(blocks: readonly RollTree[], depth: number): RollTree {
  const blockDepth = blocks[0]?.depth ?? 0;
  const levels = Array.from({ length: blockDepth + 1 }, (_, level) =>
    blocks.flatMap((block, i) => {
      const nodes = block.levels[level] ?? [];
      const isLast = i === blocks.length - 1;
      return isLast ? nodes : [...nodes, ...new Array<Field>(2 ** (blockDepth - level) - nodes.length).fill(emptyNode(level))];
    }),
  );
  return raise(levels, depth);
}

/** The leaves in their places, up to the last member. */
export function leavesOf(tree: RollTree): readonly Field[] {
  return tree.levels[0] ?? [];
}

export function rootOf(tree: RollTree): Field {
  return tree.levels[tree.depth]?.[0] ?? emptyNode(tree.depth);
}

/** The root of the complete tree of 2^depth leaves. SPEC §4.3. */
export function rollRoot(leaves: readonly Field[], depth: number): Field {
  return rootOf(plantTree(leaves, depth));
}

/**
 * The nodes 8 levels below the root (the leaves themselves in a roll of depth 8 or less), 2^min(8, depth) of them. With
 * them a signer needs only the leaves of one block to find a path, and still checks it against the signed root. SPEC §4.4.
 */
export function middleLevel(tree: RollTree): Field[] {
  const level = Math.max(0, tree.depth - MIDDLE_DEPTH);
  const nodes = tree.levels[level] ?? [];
  return Array.from({ length: 2 ** (tree.depth - level) }, (_, i) => nodes[i] ?? emptyNode(level));
}

/** Where two lists of leaves differ, and what the second has there: the changes that lead from the one to the other. */
export function findChanges(before: readonly Field[], after: readonly Field[]): Map<number, Field> {
  const changes = new Map<number, Field>();
  for (let place = 0; place < Math.max(before.length, after.length); place++) {
    const leaf = after[place] ?? PADDING;
    if (leaf !== (before[place] ?? PADDING)) changes.set(place, leaf);
  }
  return changes;
}

/** Adds the levels that lack. */
function raise(lowest: readonly (readonly Field[])[], depth: number): RollTree {
  const levels = [...lowest];
  requireRoom(levels, depth);
  for (let level = levels.length - 1; level < depth; level++) {
    const below = levels[level] as readonly Field[];
    levels.push(Array.from({ length: Math.ceil(below.length / 2) }, (_, place) => parentOf(below, place, level)));
  }
  return { depth, levels };
}

function parentOf(below: readonly Field[], place: number, level: number): Field {
  return hash2(below[2 * place] ?? emptyNode(level), below[2 * place + 1] ?? emptyNode(level));
}

function emptyNode(level: number): Field {
  for (let known = emptyNodes.length; known <= level; known++) {
    const node = emptyNodes[known - 1] as Field;
    emptyNodes.push(hash2(node, node));
  }
  return emptyNodes[level] as Field;
}

function requireRoom([leaves = []]: readonly (readonly Field[])[], depth: number): void {
  if (leaves.length > 2 ** depth) throw new RangeError('"depth" is too small for the leaves');
}

function withoutPadding(leaves: readonly Field[]): Field[] {
  return leaves.slice(0, leaves.findLastIndex((leaf) => leaf !== PADDING) + 1);
}
