import { type Answer, answerSignals } from '#lib/protocol/challenge/answer.ts';
import type { Challenge, ChallengeContext } from '#lib/protocol/challenge/challenge.ts';
import { countTally, type TallyFailure } from '#lib/protocol/challenge/tally.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Json, parseJson } from '#lib/protocol/messages/json.ts';
import type { ProofSystem } from '#lib/protocol/record/report.ts';

/** The largest tally that is read, in bytes: MOST_ANSWERS with room to spare. */
export const LARGEST_TALLY = 128 * 1024 * 1024;

/** Of one group of a challenge: the roll that was asked for, and how many answered as members of it. */
export type AnswerCount = { header: RollHeader; count: number };

export type TallyReport = {
  /** Whether all of it holds. If not, nothing else in it counts. */
  ok: boolean;
  /** The hash of the challenge; null when the tally could not be read so far. */
  id: Hex32 | null;
  challenge: Challenge | null;
  groups: AnswerCount[];
  /** Different members that answered, each counted once over all groups. */
  members: number;
  failures: { code: TallyFailure | 'NOT_JSON' | 'BAD_PROOF'; detail: string }[];
};

const NOTHING: Omit<TallyReport, 'failures'> = { ok: false, id: null, challenge: null, groups: [], members: 0 };

/** Whether a text begins as a tally does: sorted, or as programs write it that keep their own order. A record begins with its statement. */
export function looksLikeTally(start: string): boolean {
  return /^\s*\{\s*("(answers|challenge)"\s*:|"type"\s*:\s*"tally")/.test(start);
}

/** Checks the text of a tally: everything by SPEC §14.6, the proofs last. Nothing is asked of any server. */
export async function checkTally(text: string, proofs: ProofSystem): Promise<TallyReport> {
  const json = parseJson(text);
  if (!json.ok) return { ...NOTHING, failures: [{ code: json.code, detail: json.detail ?? '' }] };
  return checkTallyValue(json.value, proofs);
}

async function checkTallyValue(value: Json, proofs: ProofSystem): Promise<TallyReport> {
  const counted = countTally(value, proofs.isListed);
  if (!counted.ok) return { ...NOTHING, failures: [{ code: counted.code, detail: counted.detail ?? '' }] };
  const { context, answers, counts } = counted.value;
  const bad = await findBadAnswers(context, answers, proofs);
  const groups = [...context.rolls].map(([group, header]) => ({ header, count: counts.get(group) ?? 0 }));
  return {
    ...{ ok: bad.length === 0, id: context.id, challenge: context.challenge, groups, members: answers.length },
    failures: bad.map((at) => ({ code: 'BAD_PROOF', detail: `answer ${at + 1}: its proof does not hold for this challenge` })),
  };
}

/** The positions of the answers whose proofs do not hold for this challenge and its rolls, ascending. SPEC §14.3. */
export function findBadAnswers(context: ChallengeContext, answers: readonly Answer[], proofs: ProofSystem): Promise<number[]> {
  const batch = answers.map((answer) => ({ proof: answer.proof, publicSignals: answerSignals(context, answer) }));
  return proofs.findBadProofs(context.challenge.verificationKey, batch);
}
