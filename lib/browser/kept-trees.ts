import 'client-only';
import { decodeTree, encodeTree } from '#lib/api/roll-file.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { type RollTree, rootOf } from '#lib/protocol/member/roll-tree.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { deleteAllValues, readValue, writeValue } from './database.ts';

/** The newest first. A roll that was prepared may be given up, so the tree of the one before stays beside it. */
type Kept = Uint8Array[];

// What is kept here only saves work. A browser that is short of space, or that refuses its storage, must not stop a roll.

/** The tree of a roll, if this browser made it and still has it. The tree holds nothing that the published roll does not. */
export async function readTree(group: Hex32, header: RollHeader | undefined): Promise<RollTree | undefined> {
  if (!header) return;
  const kept = (await readValue('trees', group).catch(() => undefined)) as Kept | undefined;
  for (const bytes of kept ?? []) {
    const tree = decodeTree(bytes);
    if (tree && formatField(rootOf(tree)) === header.root) return tree;
  }
}

/** Keeps the tree of a new roll beside the tree that it was made from, where the browser has room for it. */
export async function keepTree(group: Hex32, tree: RollTree, before: RollTree | undefined): Promise<void> {
  const kept: Kept = [tree, ...(before ? [before] : [])].map(encodeTree);
  if (kept.some((bytes) => decodeTree(bytes) === null)) return; // it is made anew the next time
  await writeValue('trees', group, kept).catch(() => {});
}

export async function forgetTrees(): Promise<void> {
  await deleteAllValues('trees');
}
