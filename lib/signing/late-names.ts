// SPEC §10.1: when further names come out after the first wave

import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { type Counts, totalOf } from '#lib/protocol/statement/trigger.ts';

/** What holds further names of one group back: `sealed` of it have signed and are not open, `left` of it have not signed. */
export type LateGroup = { group: Hex32; sealed: number; left: number; more: number };

/**
 * For each group, how many more of it have to sign at the least before further names of it open: as many as are missing to `together`,
 * else one. Exact where nobody is sealed and newcomers ask for no minimum; with somebody sealed it is a lower bound, for minima are not
 * public. The trigger is met and no wave is due. Groups smaller than `together` never open and are left out. SPEC §10.1.
 * @param live counts of the last checkpoint, opened ones among them
 */
export function findLateGroups(sizes: Counts, live: Counts, opened: Counts, together: number): LateGroup[] {
  return [...sizes].flatMap(([group, size]) => {
    if (size < together) return [];
    const sealed = (live.get(group) ?? 0) - (opened.get(group) ?? 0);
    const left = size - (live.get(group) ?? 0);
    return [{ group, sealed, left, more: Math.max(1, together - sealed) }];
  });
}

/** Whether enough people are left for further names of the group to open. */
export function canOpenMore({ sealed, left, more }: LateGroup, together: number, anybodyLeft: number): boolean {
  return sealed >= together ? anybodyLeft > 0 : left >= more;
}

/** The same in a sentence. `nameOf` gives a group's name; `anybodyLeft`: how many of all groups have not signed. */
export function describeLate({ group, sealed, left, more }: LateGroup, together: number, setting: LateSetting): string {
  const name = quote(setting.nameOf(group));
  const people = more === 1 ? '1 more' : `${more} more`;
  const have = more === 1 ? 'has' : 'have';
  if (!canOpenMore({ group, sealed, left, more }, together, setting.anybodyLeft))
    return sealed >= together
      ? `${sealed} of ${name} wait for more people than there are, and nobody is left to sign.`
      : `Of ${name} too few are left for further names to come out.`;
  if (sealed >= together)
    return `${sealed} of ${name} are sealed and wait for more people: at least 1 more has to sign, of whatever group.`;
  if (sealed === 0)
    return together === 1
      ? `Each further name of ${name} comes out by itself, unless its owner waits for more people.`
      : `${people} of ${name} ${have} to sign before further names of it come out, ${together} or more together.`;
  return `At least ${people} of ${name} ${have} to sign before further names of it come out, ${together} or more together: ${sealed} ${sealed === 1 ? 'is' : 'are'} sealed and waiting.`;
}

type LateSetting = { nameOf: (group: Hex32) => string; anybodyLeft: number };

/** How many members of all groups have not signed. */
export function countLeft(groups: readonly LateGroup[]): number {
  return totalOf(new Map(groups.map(({ group, left }) => [group, left])));
}
