// SPEC §5.8: how a group came to its size, as far as its rolls tell

import { groupId } from '#lib/protocol/member/group.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { writeDay } from './clock.ts';
import type { Warning } from './warnings.ts';

const WEEK_SECONDS = 7 * 86_400;

type Sized = Pick<RollHeader, 'number' | 'size' | 'time'>;

/** The newest roll by which a group had grown by more than a third within a week, and from how many. Rolls newest first. */
export function findFastGrowth<Roll extends Sized>(history: readonly Roll[]): { from: number; roll: Roll } | null {
  for (const [i, roll] of history.entries()) {
    const from = leastWithin(history.slice(i + 1), roll.time - WEEK_SECONDS);
    if (from !== null && 3 * (roll.size - from) > from) return { from, roll };
  }
  return null;
}

/** The smallest size that a group had since a moment; rolls newest first. Null when there was none before. */
function leastWithin(before: readonly Sized[], since: number): number | null {
  const first = before.findIndex(({ time }) => time <= since);
  const within = before.slice(0, first < 0 ? before.length : first + 1);
  return within.reduce<number | null>((least, { size }) => Math.min(size, least ?? size), null);
}

/** The roll with which more than half of the members of the newest one came at once; the largest such step. Rolls newest first. */
export function findFilledAtOnce<Roll extends Sized>(history: readonly Roll[]): { added: number; roll: Roll } | null {
  const [newest] = history;
  let largest: { added: number; roll: Roll } | null = null;
  for (const [i, roll] of history.entries()) {
    const added = roll.size - (history[i + 1]?.size ?? 0);
    if (added > (largest?.added ?? 0)) largest = { added, roll };
  }
  return newest && largest && 2 * largest.added > newest.size ? { ...largest, added: Math.min(largest.added, newest.size) } : null;
}

/**
 * What the rolls of a group tell about members who may be invented, in sentences for whoever takes part.
 * @param history checked by `checkHistory`, newest first, up to the roll that is meant
 */
export function growthWarnings(history: readonly RollHeader[]): Warning[] {
  const [newest] = history;
  if (!newest) return [];
  const group = groupId(newest.group);
  const named = quote(newest.group.name);
  const fast = findFastGrowth(history);
  const once = findFilledAtOnce(history);
  const warnings: Warning[] = [];
  if (fast)
    warnings.push({
      code: 'GREW_FAST',
      loud: false,
      group,
      text: `${named} grew from ${fast.from} to ${countOf(fast.roll.size, 'member', 'members')} within a week, by ${writeDay(fast.roll.time)}. Its issuer can invent members: ask how so many came at once.`,
    });
  if (once && once.roll !== fast?.roll)
    warnings.push({
      code: 'FILLED_AT_ONCE',
      loud: false,
      group,
      text: `${once.added} of the ${newest.size} members of ${named} were put on its roll at once, on ${writeDay(once.roll.time)}. Only its issuer knows that they are real people.`,
    });
  return warnings;
}
