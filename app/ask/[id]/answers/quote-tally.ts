import type { TallyReport } from '#lib/checking/check-tally.ts';
import { describeMembers } from '#lib/checking/describe-tally.ts';
import type { ChallengeContext } from '#lib/protocol/challenge/challenge.ts';
import { quote } from '#lib/protocol/messages/quote.ts';

/** A tally in a sentence to copy, with the asker's words as such. */
export function quoteTally({ challenge, id }: ChallengeContext, counted: Pick<TallyReport, 'members' | 'groups'>): string {
  const proved = counted.members === 1 ? 'has proved' : 'have proved';
  return `${describeMembers(counted)} ${proved} that they belong, in answer to these words of ${quote(challenge.asker.name)}: ${quote(challenge.purpose.text)} (question ${id}).`;
}
