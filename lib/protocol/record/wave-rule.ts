// SPEC §12.4: whether the entries of a wave may open together, as far as a record shows it
import type { Hex32 } from '../messages/hash.ts';
import type { Statement } from '../statement/statement.ts';
import { isTriggerMet, totalOf } from '../statement/trigger.ts';

/** What the rule looks at of an entry; 1 stands for no personal minimum. */
type Opened = { group: Hex32; minimum: number };

/**
 * Why entries may not open together, after those counted in `before`; null if they may: the trigger holds for all opened so far and
 * these, no personal minimum exceeds their number, and no group has fewer than `together` here. That nobody is missing who should
 * have been in the wave is what the trustees who opened it vouch for.
 */
export function findWaveFault(
  { trigger, together }: Pick<Statement, 'trigger' | 'together'>,
  before: ReadonlyMap<Hex32, number>,
  entries: readonly Opened[],
): string | null {
  const here = countByGroup(entries);
  const after = new Map(before);
  for (const [group, count] of here) after.set(group, (after.get(group) ?? 0) + count);
  if ([...here.values()].some((count) => count < together)) return `fewer than ${together} of one group open together`;
  if (!isTriggerMet(trigger, after)) return 'the trigger is not met';
  const size = totalOf(after);
  return entries.some(({ minimum }) => minimum > size) ? 'a personal minimum is not met' : null;
}

function countByGroup(entries: readonly Pick<Opened, 'group'>[]): Map<Hex32, number> {
  const counts = new Map<Hex32, number>();
  for (const { group } of entries) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
}
