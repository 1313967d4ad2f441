import type { TallyReport } from '#lib/checking/check-tally.ts';
import { describeGroups, describeMembers } from '#lib/checking/describe-tally.ts';
import type { ChallengeContext } from '#lib/protocol/challenge/challenge.ts';
import { quote } from '#lib/protocol/messages/quote.ts';

/** A tally in a sentence to copy, with the asker's words as such, and with the groups where it is of several. */
export function quoteTally({ challenge, id }: ChallengeContext, counted: Pick<TallyReport, 'members' | 'groups'>): string {
  const proved = counted.members === 1 ? 'has proved' : 'have proved';
  const groups = counted.groups.length > 1 ? ` (${describeGroups(counted.groups).join('; ')})` : '';
  return `${describeMembers(counted)}${groups} ${proved} that they belong, in answer to these words of ${quote(challenge.asker.name)}: ${quote(challenge.purpose.text)} (question ${id}).`;
}
