'use client';

import { useCallback, useEffect, useRef } from 'react';
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

interface ProverHandlers {
  onStage: (stage: number, done: number | undefined) => void;
  onCancelled: () => void;
  onFailed: (refusal: Refusal) => void;
}

/**
 * A worker for the proofs of one page, which fetches what it needs while the person reads. `run` does work that can be cancelled;
 * `handlers` must stay the same from one rendering to the next.
 */
export function useProver(verificationKey: Hex32, handlers: ProverHandlers) {
  const worker = useRef<ProofWorker>(null);
  const abort = useRef<AbortController>(null);

  const onReport = useCallback(
    ({ stage, bytes }: ProvingReport) => {
      const total = provingBytes(verificationKey);
      handlers.onStage(STAGE_OF[stage], bytes !== undefined && total > 0 ? Math.min(1, bytes / total) : undefined);
    },
    [verificationKey, handlers],
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
        if (controller.signal.aborted) handlers.onCancelled();
        else handlers.onFailed(describeFailure(error));
      }
    },
    [handlers],
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
