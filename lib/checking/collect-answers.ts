import { type Answer, openAnswer } from '#lib/protocol/challenge/answer.ts';
import { type Asker, answerKeysOf } from '#lib/protocol/challenge/asker-file.ts';
import type { ChallengeContext } from '#lib/protocol/challenge/challenge.ts';
import { MOST_ANSWERS, makeTally, type Tally } from '#lib/protocol/challenge/tally.ts';
import type { ProofSystem } from '#lib/protocol/record/report.ts';
import { findBadAnswers } from './check-tally.ts';

export type Collected = {
  tally: Tally;
  /** Answers that came again from somebody who is counted already. */
  repeated: number;
  /** What was no answer, or none to this challenge, by the name of the failure. */
  refused: Record<string, number>;
};

/**
 * Opens what members have sent, in any order and from any source, and counts each member once over all groups: a nullifier counts
 * only with a proof that holds. SPEC §14.4. @throws RangeError for more than a tally holds
 */
export async function collectAnswers(
  context: ChallengeContext,
  sealed: readonly unknown[],
  asker: Asker,
  proofs: ProofSystem,
): Promise<Collected> {
  const keys = answerKeysOf(asker);
  const refused: Record<string, number> = {};
  const refuse = (code: string) => {
    refused[code] = (refused[code] ?? 0) + 1;
  };
  const opened: Answer[] = [];
  for (const one of sealed) {
    const answer = openAnswer(context, one, keys);
    if (answer.ok) opened.push(answer.value);
    else refuse(answer.code);
  }
  const bad = new Set(await findBadAnswers(context, opened, proofs));
  const members = new Map<string, Answer>();
  let repeated = 0;
  for (const [i, answer] of opened.entries()) {
    if (bad.has(i)) refuse('BAD_PROOF');
    else if (members.has(answer.nullifier)) repeated++;
    else members.set(answer.nullifier, answer);
  }
  if (members.size > MOST_ANSWERS) throw new RangeError(`A tally holds ${MOST_ANSWERS} answers, and there are more.`);
  return { tally: makeTally(context, [...members.values()]), repeated, refused };
}
