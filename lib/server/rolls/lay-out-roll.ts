import { decodeTree, encodeRollFile, encodeTree } from '#lib/api/roll-file.ts';
import { checkRollLeaves, type RollFailure, type RollHeader } from '#lib/protocol/member/roll.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';

/**
 * Checks the leaves of a roll and lays out its file and its tree. `before` is the stored tree of the roll before: with it only
 * what has changed is hashed. A tree that was stored wrongly must not keep a good roll out, so what it refuses is judged again
 * without it.
 */
export function layOutRoll(
  header: RollHeader,
  leaves: readonly string[],
  before: Uint8Array | null,
): Checked<{ file: Uint8Array; tree: Uint8Array }, RollFailure> {
  const known = before && decodeTree(before);
  const quick = known && checkRollLeaves(header, leaves, known);
  const checked = quick?.ok ? quick : checkRollLeaves(header, leaves);
  return checked.ok ? accept({ file: encodeRollFile(checked.value), tree: encodeTree(checked.value) }) : checked;
}
