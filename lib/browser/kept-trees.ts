import 'client-only';
import { decodeTree, encodeTree } from '../api/roll-file.ts';
import { formatField } from '../protocol/field.ts';
import type { Hex32 } from '../protocol/hash.ts';
import type { RollHeader } from '../protocol/roll.ts';
import { type RollTree, rootOf } from '../protocol/roll-tree.ts';
import { deleteAllValues, readValue, writeValue } from './database.ts';

/** The newest first. A roll that was prepared may be given up, so the tree of the one before stays beside it. */
type Kept = Uint8Array[];

/** The tree of a roll, if this browser made it. The tree holds nothing that the published roll does not. */
export async function readTree(group: Hex32, header: RollHeader | undefined): Promise<RollTree | undefined> {
  if (!header) return;
  for (const bytes of ((await readValue('trees', group)) as Kept | undefined) ?? []) {
    const tree = decodeTree(bytes);
    if (tree && formatField(rootOf(tree)) === header.root) return tree;
  }
}

/** Keeps the tree of a new roll beside the tree that it was made from. */
export async function keepTree(group: Hex32, tree: RollTree, before: RollTree | undefined): Promise<void> {
  const kept: Kept = [tree, ...(before ? [before] : [])].map(encodeTree);
  await writeValue('trees', group, kept);
}

export async function forgetTrees(): Promise<void> {
  await deleteAllValues('trees');
}
