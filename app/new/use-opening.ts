'use client';

import type { Refusal } from '#app/s/[id]/sign/refusal-words.ts';
import { PROOF_STAGES, type ProofWork, useProver } from '#app/s/[id]/sign/use-prover.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { updateWallet } from '#lib/browser/vaults.ts';
import type { Permit } from '#lib/protocol/permit/permit.ts';
import { makePermit, type PermitRequest } from '#lib/signing/make-permit.ts';
import { takeSlot } from '#lib/signing/permit-slots.ts';
import { describeNotOpened } from './opening-words.ts';

/** The stages that the author sees, in order; the last one is the sending. */
export const OPENING_STAGES = [...PROOF_STAGES, 'Handing the statement in'] as const;
const SENDING = OPENING_STAGES.length - 1;
const PATIENCE_SECONDS = 600;

type Opening =
  | { at: 'idle' }
  | ProofWork
  | { at: 'failed'; refusal: Refusal /** Made, and not taken so far. */; permit?: Permit }
  | { at: 'opened' }
  /** Before the issuer, which approves it or not. */
  | { at: 'waiting' };

/** Makes a permit in the worker and posts it with the statement. The slot counts as used from before it leaves. */
export function useOpening(request: PermitRequest, onOpened: () => void) {
  const { statement, id } = request.context;
  const { state, show, run, prover, close, cancel } = useProver<Opening>(statement.verificationKey);
  const opening: Opening = state;

  async function send(permit: Permit, signal: AbortSignal) {
    show({ at: 'working', stage: SENDING });
    const onWait = (waiting: number) => show({ at: 'working', stage: SENDING, waiting });
    try {
      const opened = await anonymousApi.openStatement({ statement, permit }, { signal, onWait, patienceSeconds: PATIENCE_SECONDS });
      if (opened.id !== id) throw new Error('The site answered with another statement than the one you sent.');
      show({ at: opened.waits ? 'waiting' : 'opened' });
      close();
      if (!opened.waits) onOpened();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const refusal = describeNotOpened(error.code, error.message);
      show({ at: 'failed', refusal, ...(refusal.canRetry ? { permit } : {}) });
    }
  }

  const open = () =>
    run(async (signal) => {
      show({ at: 'working', stage: 0 });
      const made = await makePermit(request, prover(signal), secureRandom);
      if (!made.ok) return show({ at: 'failed', refusal: describeNotOpened(made.code, made.detail) });
      if (!(await takeSlot(updateWallet, request))) return show({ at: 'failed', refusal: describeNotOpened('SLOT_TAKEN') });
      await send(made.value, signal);
    });

  return {
    opening,
    open,
    sendAgain: (permit: Permit) => run((signal) => send(permit, signal)),
    cancel,
    /** Whether stopping now certainly leaves nothing behind. */
    canCancel: opening.at === 'working' && opening.stage < SENDING,
  };
}
