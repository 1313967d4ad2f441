// SPEC §5.8: whom a signer hides among
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { countTogether, isTriggerMet, leastSignatures, type Trigger } from '#lib/protocol/statement/trigger.ts';
import type { Conditions } from './warnings.ts';

/** One way in which names open, and what it hides of a signer of one group. */
export type BranchHiding = {
  branch: Trigger;
  /** The fewest names of the signer's group that open together with their own. Null: none of that group ever open. */
  own: number | null;
  /** The fewest signatures, of any group, with which the names open this way. */
  all: number;
};

/** The ways in which a trigger can be met, each enough by itself: the parts of an alternative, and everything else whole. SPEC §5.8. */
export function branchesOf(trigger: Trigger): Trigger[] {
  if ('any' in trigger) return trigger.any.flatMap(branchesOf);
  if ('atLeast' in trigger && trigger.atLeast === 1) return trigger.of.flatMap(branchesOf);
  return [trigger];
}

/** For each way in which the names open: how many of the own group a signer stands among then. `group` is one of the statement's. */
export function hidingOf({ statement: { trigger, together }, sizes }: Conditions, group: Hex32): BranchHiding[] {
  const size = sizes.get(group) ?? 0;
  const counts = new Map(countTogether(sizes, together));
  return branchesOf(trigger).map((branch) => ({
    branch,
    own: size < together ? null : Math.max(together, leastOf(branch, group, counts, { size, together })),
    all: leastSignatures(branch, sizes),
  }));
}

/**
 * The fewest signatures of one group with which a branch can be met, however many sign of the others. Conditions have dozens of branches
 * and groups, and most of them do not ask for this one.
 * @param counts of the others, and changed for the group
 */
function leastOf(
  branch: Trigger,
  group: Hex32,
  counts: Map<Hex32, number>,
  { size, together }: { size: number; together: number },
): number {
  const isEnough = (own: number) => isTriggerMet(branch, counts.set(group, own < together ? 0 : own));
  if (isEnough(0)) return 0;
  let [low, high] = [0, size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Fewer names than this can be asked one by one. */
const FEW_NAMES = 5;

/** What it means to stand among so few, in plain words, to follow the number; nothing where it is no small one. */
export function describeFew(own: number | null): string {
  if (own === null) return 'None of these names ever opens.';
  if (own === 1) return 'a name may open with nobody beside it.';
  if (own === 2) return 'each of the two knows when the other signed.';
  return own < FEW_NAMES ? 'few enough to be asked one by one.' : '';
}
