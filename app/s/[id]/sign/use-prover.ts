'use client';

import { type Dispatch, type SetStateAction, useCallback, useEffect, useRef } from 'react';
import { provingBytes } from '#lib/browser/artifacts.ts';
import { ProofWorker } from '#lib/browser/proof-worker.ts';
import type { ProvingReport } from '#lib/browser/proving-worker.ts';
import { walletVault } from '#lib/browser/vaults.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Prover } from '#lib/signing/make-entry.ts';
import type { Refusal } from './refusal-words.ts';

/** The stages of a proof that the reader sees, in order; what is done with it comes after. */
export const PROOF_STAGES = [
  'Fetching what proofs are made with',
  'Working out your proof',
  'Making the proof and the seal',
  'Checking it as everybody will',
] as const;
const STAGE_OF: Record<ProvingReport['stage'], number> = { files: 0, witness: 1, proof: 2, check: 3 };

/** Something made with a proof, as it is shown while it is made. */
export type ProofWork = {
  at: 'working';
  stage: number;
  done?: number /** Seconds that a busy platform asked to wait. */;
  waiting?: number;
};

/** What becomes of such work, whatever is made. */
type Shown = { at: 'idle' } | ProofWork | { at: 'failed'; refusal: Refusal };

/**
 * A worker for the proofs of one page, which fetches what it needs while the person reads. `run` does work that can be cancelled.
 * @param show the setter of the state in which the page part is
 */
export function useProver<State extends { at: string }>(verificationKey: Hex32, show: Dispatch<SetStateAction<State | Shown>>) {
  const worker = useRef<ProofWorker>(null);
  const abort = useRef<AbortController>(null);

  const onReport = useCallback(
    ({ stage, bytes }: ProvingReport) => {
      const total = provingBytes(verificationKey);
      const done = bytes !== undefined && total > 0 ? { done: Math.min(1, bytes / total) } : {};
      // What is fetched while the person still reads is not shown.
      show((before) => (before.at === 'working' ? { at: 'working', stage: STAGE_OF[stage], ...done } : before));
    },
    [verificationKey, show],
  );

  useEffect(() => {
    const own = new ProofWorker();
    worker.current = own;
    // While the person reads; if it fails, the proving itself says so.
    own.prepare(verificationKey, { onReport }).catch(() => {});
    return () => {
      own.close();
      abort.current?.abort();
    };
  }, [verificationKey, onReport]);

  const run = useCallback(
    async (work: (signal: AbortSignal) => Promise<void>) => {
      const controller = new AbortController();
      abort.current = controller;
      try {
        // The wallet does not lock itself in the middle of it; when it is locked by hand, this page part goes away and the worker ends.
        await walletVault().hold(() => work(controller.signal));
      } catch (error) {
        show(controller.signal.aborted ? { at: 'idle' } : { at: 'failed', refusal: describeFailure(error) });
      }
    },
    [show],
  );

  return {
    run,
    prover: (signal: AbortSignal): Prover => (worker.current as ProofWorker).prover({ signal, onReport }),
    close: () => worker.current?.close(),
    cancel: () => abort.current?.abort(new DOMException('cancelled', 'AbortError')),
  };
}

function describeFailure(error: unknown): Refusal {
  const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
  return {
    title: isTimeout
      ? 'Making the proof took too long.'
      : error instanceof Error && error.message
        ? error.message
        : 'The proof could not be made.',
    lost: 'Nothing was sent.',
    todo: 'Try again. If it keeps happening, use a newer browser or another device: proofs need some 300 MB of memory.',
    isAlarm: false,
    canRetry: true,
  };
}
