import { groupId } from '#lib/protocol/member/group.ts';
import { nameGroupsOf } from '#lib/protocol/member/name-groups.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { AnswerCount, TallyReport } from './check-tally.ts';

/** Who answered, in words: “17 members of “Harbour pilots””. */
export function describeMembers({ members, groups }: Pick<TallyReport, 'members' | 'groups'>): string {
  const people = countOf(members, 'member', 'members');
  const [only] = groups;
  if (groups.length === 1 && only) return `${people} of ${quote(only.header.group.name)}`;
  return `${people} of ${groups.length} groups`;
}

/** For each group how many answered as its members, and among how many; those whose names are alike are told apart. */
export function describeGroups(groups: readonly AnswerCount[]): string[] {
  const nameOf = nameGroupsOf(groups.map(({ header }) => header));
  return groups.map(({ header, count }) => `${quote(nameOf(groupId(header.group)))}: ${count} of ${header.size}, by roll ${header.number}`);
}

/** What no tally shows. SPEC §14.6. */
export const TALLY_LIMITS = [
  'It shows at least so many credentials of these rolls: never when they answered, nor that all answers are in it.',
  'It does not show that each credential belongs to another real person: for that the issuers stand with their names.',
  'It does not show whose the groups are: anybody can give a group of invented members this name. Compare the key of each issuer with the one that you know from elsewhere.',
  'It does not show who the asker is: anybody can write this name.',
  'It does not show that those who answered agree with anything else that the asker says.',
] as const;
