import { findBadProofs } from '#lib/proof/find-bad-proofs.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import type { RollFailure } from '#lib/protocol/member/roll.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { ProofToCheck } from '#lib/protocol/record/report.ts';
import { type LeavesToCheck, type NamesToCheck, type OpeningToCheck, type StepToCheck, workHere } from '#lib/protocol/record/work.ts';
import type { MixFailure } from '#lib/protocol/reveal/mix.ts';
import type { NamesFailure, RevealedName } from '#lib/protocol/reveal/names.ts';
import type { OpeningFailure } from '#lib/protocol/reveal/opening.ts';
import type { JobHandlers } from '#lib/room/jobs.ts';

/** What a thread does for the check of a record. Inputs and outputs can be copied from thread to thread. */
export type CheckJobs = {
  proofs: { input: { hash: Hex32; key: VerificationKey; batch: readonly ProofToCheck[] }; output: number[] };
  leaves: { input: LeavesToCheck; output: Checked<true, RollFailure> };
  step: { input: StepToCheck; output: Checked<true, MixFailure> };
  opening: { input: OpeningToCheck; output: Checked<true, OpeningFailure> };
  names: { input: NamesToCheck; output: Checked<RevealedName[], NamesFailure> };
};

/** What is done for each job. Keys are kept by hash, so that each is prepared once. */
export function createCheckJobs(random: Random): JobHandlers<CheckJobs> {
  const keys = new Map<Hex32, VerificationKey>();
  return {
    proofs: ({ hash, key, batch }) => {
      const kept = keys.get(hash) ?? key;
      keys.set(hash, kept);
      return findBadProofs(kept, batch, random);
    },
    leaves: workHere.checkLeaves,
    step: workHere.checkStep,
    opening: workHere.checkOpening,
    names: workHere.checkNames,
  };
}
