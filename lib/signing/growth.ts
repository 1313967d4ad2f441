// SPEC §5.8: how a group came to its size, as far as its rolls tell

import { groupId } from '#lib/protocol/member/group.ts';
import { nameGroupsOf } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { writeDay } from './clock.ts';
import type { NameOf, Warning } from './warnings.ts';

const WEEK_SECONDS = 7 * 86_400;

type Sized = Pick<RollHeader, 'number' | 'size' | 'time'>;

/** The newest roll by which a group had grown by more than a third within a week, and from how many. Rolls newest first. */
export function findFastGrowth<Roll extends Sized>(history: readonly Roll[]): { from: number; roll: Roll } | null {
  for (const [i, roll] of history.entries()) {
    const from = leastWithin(history, i + 1, roll.time - WEEK_SECONDS);
    if (from !== null && 3 * (roll.size - from) > from) return { from, roll };
  }
  return null;
}

/** The smallest size that a group had from a moment on until a roll, before which `at` comes; rolls newest first. Null without one. */
function leastWithin(history: readonly Sized[], at: number, since: number): number | null {
  let least: number | null = null;
  for (let i = at; i < history.length; i++) {
    const { size, time } = history[i] as Sized;
    least = Math.min(size, least ?? size);
    if (time <= since) break;
  }
  return least;
}

/** The roll with which more than half of the members of the newest one came at once; the largest such step. Rolls newest first. */
export function findFilledAtOnce<Roll extends Sized>(history: readonly Roll[]): { added: number; roll: Roll } | null {
  const [newest] = history;
  let largest: { added: number; roll: Roll } | null = null;
  for (const [i, roll] of history.entries()) {
    const before = history[i + 1]?.size ?? (roll.number === 1 ? 0 : roll.size); // of a history that does not begin with the first, nothing is said
    const added = roll.size - before;
    if (added > (largest?.added ?? 0)) largest = { added, roll };
  }
  return newest && largest && 2 * largest.added > newest.size ? { ...largest, added: Math.min(largest.added, newest.size) } : null;
}

/**
 * What the rolls of a group tell about members who may be invented, in sentences for whoever takes part.
 * @param nameOf the names of all groups that are meant beside this one
 * @param history checked by `checkHistory`, newest first, up to the roll that is meant
 */
export function growthWarnings(history: readonly RollHeader[], nameOf: NameOf = nameGroupsOf(history.slice(0, 1))): Warning[] {
  const [newest] = history;
  if (!newest) return [];
  const group = groupId(newest.group);
  const named = quote(nameOf(group));
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
