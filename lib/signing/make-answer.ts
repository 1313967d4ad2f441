import { type Answer, sayMember } from '#lib/protocol/challenge/answer.ts';
import type { ChallengeContext } from '#lib/protocol/challenge/challenge.ts';
import { membershipKey } from '#lib/protocol/challenge/membership-key.ts';
import type { Identity } from '#lib/protocol/member/credential.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { type ProvenPlace, type Prover, prepareProof } from './make-entry.ts';

/** Who answers what: a checked challenge and the member's place in a roll of it. */
export type AnsweringRequest = { context: ChallengeContext; place: ProvenPlace; identity: Identity };

/** Makes an answer: a proof for the scope of this challenge, sealed to the one constant key. Nothing leaves the device here. SPEC §14.3. */
export async function makeAnswer(
  { context, place, identity }: AnsweringRequest,
  prove: Prover,
  random: Random,
): Promise<Checked<Answer, 'PROOF_OTHER' | 'PROOF_INVALID'>> {
  const { verificationKey } = context.challenge;
  const said = sayMember(place.group);
  const { proven, job } = prepareProof({ context, key: membershipKey(), verificationKey, place, identity, said }, random);
  const proof = await prove(job);
  if (!proof.ok) return proof;
  const { a, b, c } = proof.value;
  return accept({ type: 'answer', challenge: context.id, ...proven, proof: { a, b, c } });
}
