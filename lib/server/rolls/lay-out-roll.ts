import { decodeTree, encodeRollFile, encodeTree } from '#lib/api/roll-file.ts';
import { checkCapsules, hashCapsules } from '#lib/protocol/member/capsule.ts';
import { checkRollLeaves, type RollFailure, type RollHeader } from '#lib/protocol/member/roll.ts';
import { leavesOf, PADDING, type RollTree } from '#lib/protocol/member/roll-tree.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import { joinHashes } from '../board/listed-hashes.ts';

/** How many members a roll has that the one before had not, and the other way round. */
type RollChange = { added: number; removed: number };
export type LaidOutRoll = { file: Uint8Array; tree: Uint8Array; names: Uint8Array; changes: RollChange | null };

/**
 * Checks the leaves and the capsules of a roll and lays out its file, its tree, and the hashes of its capsules. `before` is the stored
 * tree of the roll before: with it only
 * what has changed is hashed. A tree that was stored wrongly must not keep a good roll out, so what it refuses is judged again
 * without it.
 */
export function layOutRoll(
  header: RollHeader,
  leaves: readonly string[],
  capsules: Uint8Array,
  before: Uint8Array | null,
): Checked<LaidOutRoll, RollFailure | 'BAD_CAPSULES'> {
  const named = checkCapsules(header, capsules);
  if (!named.ok) return named;
  const known = before && decodeTree(before);
  const quick = known && checkRollLeaves(header, leaves, known);
  const checked = quick?.ok ? quick : checkRollLeaves(header, leaves);
  if (!checked.ok) return checked;
  return accept({
    file: encodeRollFile(checked.value),
    tree: encodeTree(checked.value),
    names: joinHashes(hashCapsules(capsules)),
    changes: countChanges(header, quick?.ok ? known : null, checked.value),
  });
}

/** Who came and who went, by their leaves, which stay the same from roll to roll. Null without the roll before. */
function countChanges({ number }: RollHeader, before: RollTree | null, after: RollTree): RollChange | null {
  if (before === null && number > 1) return null;
  const had = membersOf(before);
  const has = membersOf(after);
  return { added: [...has].filter((leaf) => !had.has(leaf)).length, removed: [...had].filter((leaf) => !has.has(leaf)).length };
}

function membersOf(tree: RollTree | null): Set<bigint> {
  return new Set(tree ? leavesOf(tree).filter((leaf) => leaf !== PADDING) : []);
}
