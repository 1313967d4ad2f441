import { membershipKey } from '#lib/protocol/challenge/membership-key.ts';
import type { Identity } from '#lib/protocol/member/credential.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { type Permit, permitScope, sayOpen } from '#lib/protocol/permit/permit.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { type ProvenPlace, type Prover, prepareProof } from './make-entry.ts';

/**
 * Who opens what: a checked statement, the member's place in the roll that it names of the member's group, and one of the member's slots of
 * this week (`weekOf` of the platform's time), which no other statement was sent with: the platform would see that both have one author.
 */
export type PermitRequest = {
  context: StatementContext;
  place: ProvenPlace;
  identity: Identity;
  week: number;
  slot: number;
};

/** Makes a permit: the body to post is {statement, permit}. Nothing leaves the device here. SPEC §5.10. */
export async function makePermit(
  { context, place, identity, week, slot }: PermitRequest,
  prove: Prover,
  random: Random,
): Promise<Checked<Permit, 'PROOF_OTHER' | 'PROOF_INVALID'>> {
  const { platform, verificationKey } = context.statement;
  const scope = permitScope(platform, place.group, week, slot);
  const said = sayOpen(place.group, context.id);
  const request = { context: { rolls: context.rolls, scope }, key: membershipKey(), verificationKey, place, identity, said };
  const { proven, job } = prepareProof(request, random);
  const proof = await prove(job);
  if (!proof.ok) return proof;
  const { a, b, c } = proof.value;
  return accept({ type: 'permit', week, slot, ...proven, proof: { a, b, c } });
}
