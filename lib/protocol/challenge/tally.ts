// SPEC §14.6: the tally, with which an asker shows how many have answered
import { z } from 'zod';
import { checkRollHeader, type RollFailure, type RollHeader, rollHeaderShape } from '../member/roll.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import type { Hex32 } from '../messages/hash.ts';
import { checkShape } from '../messages/shape.ts';
import { VERSION } from '../statement/statement.ts';
import type { Counts } from '../statement/trigger.ts';
import { type Answer, type AnswerFailure, answerShape, checkAnswer } from './answer.ts';
import { type ChallengeContext, type ChallengeFailure, challengeShape, checkChallenge } from './challenge.ts';

/** The most answers in one tally. */
export const MOST_ANSWERS = 65_536;

export const tallyShape = z.strictObject({
  type: z.literal('tally'),
  version: z.literal(VERSION),
  challenge: challengeShape,
  /** The headers that the challenge names, in its order. */
  rolls: z.array(rollHeaderShape).min(1).max(64),
  /** Ascending by nullifier as a number. */
  answers: z.array(answerShape).max(MOST_ANSWERS),
});
/** Challenge, roll headers and answers: all that anybody needs to count members offline. */
export type Tally = z.infer<typeof tallyShape>;
export type TallyFailure =
  | RollFailure
  | ChallengeFailure
  | AnswerFailure
  | 'KEY_UNKNOWN'
  | 'ANSWER_ORDER'
  | 'ALREADY_ANSWERED'
  | 'TALLY_SIZE';

/** A tally of which all holds but, so far, the proofs. */
export type CountedTally = {
  context: ChallengeContext;
  answers: readonly Answer[];
  /** Answers by group id; each nullifier stands in one of them. */
  counts: Counts;
};

/** The tally of answers that were checked, proofs included, with one for each nullifier. */
export function makeTally({ challenge, rolls }: ChallengeContext, answers: readonly Answer[]): Tally {
  return {
    type: 'tally',
    version: VERSION,
    challenge,
    rolls: challenge.rolls.map(({ group }) => rolls.get(group) as RollHeader),
    answers: [...answers].sort((a, b) => (BigInt(a.nullifier) < BigInt(b.nullifier) ? -1 : 1)),
  };
}

/**
 * Checks a tally but for the proofs: challenge, rolls, key, each answer, their order, one answer a nullifier over all groups, and
 * of no group more than its roll has members. SPEC §14.6, steps 1 to 6.
 * @param isListed whether the verifier's own list has this verification key with this setup
 */
export function countTally(value: unknown, isListed: (key: Hex32, setup: Hex32) => boolean): Checked<CountedTally, TallyFailure> {
  const shaped = checkShape(tallyShape, value);
  if (!shaped.ok) return shaped;
  const { rolls, answers } = shaped.value;
  for (const header of rolls) {
    const checked = checkRollHeader(header);
    if (!checked.ok) return checked;
  }
  const checked = checkChallenge(shaped.value.challenge, rolls);
  if (!checked.ok) return checked;
  const context = checked.value;
  const { verificationKey, setup } = context.challenge;
  if (!isListed(verificationKey, setup)) return refuse('KEY_UNKNOWN', 'the challenge names a proving key that this program does not know');
  const counts = new Map([...context.rolls.keys()].map((group) => [group, 0]));
  let before: bigint | null = null;
  for (const [i, one] of answers.entries()) {
    const answer = checkAnswer(context, one);
    if (!answer.ok) return refuse(answer.code, `answer ${i + 1}: ${answer.detail ?? ''}`);
    const nullifier = BigInt(one.nullifier);
    if (before !== null && nullifier === before) return refuse('ALREADY_ANSWERED', `answers ${i} and ${i + 1} are of one member`);
    if (before !== null && nullifier < before) return refuse('ANSWER_ORDER', `answer ${i + 1} is not in its place`);
    before = nullifier;
    counts.set(one.said.group, (counts.get(one.said.group) ?? 0) + 1);
  }
  const crowded = [...counts].find(([group, count]) => count > (context.sizes.get(group) ?? 0));
  if (crowded) return refuse('TALLY_SIZE', `more answers than the roll of group ${crowded[0].slice(0, 12)}… has members`);
  return accept({ context, answers, counts });
}
