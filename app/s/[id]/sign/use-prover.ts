'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useJob } from '#app/ui/use-job.ts';
import { provingBytes } from '#lib/browser/artifacts.ts';
import { ProofWorker } from '#lib/browser/proof-worker.ts';
import type { ProvingReport } from '#lib/browser/proving-worker.ts';
import { walletVault } from '#lib/browser/vaults.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { RoomError } from '#lib/room/room.ts';
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
 * A worker for the proofs of one page, which fetches what it needs while the person reads, and the state of the work with them. `run` does
 * work that can be stopped; what it throws is a failure, and stopped work leaves nothing behind.
 */
export function useProver<State extends { at: string }>(verificationKey: Hex32) {
  const [last, show] = useState<State | Shown>({ at: 'idle' });
  const worker = useRef<ProofWorker>(null);
  const job = useJob(describeNoProof, holdWallet);
  const { start } = job;

  const onNews = useCallback(
    ({ stage, bytes }: ProvingReport) => {
      const total = provingBytes(verificationKey);
      const done = bytes !== undefined && total > 0 ? { done: Math.min(1, bytes / total) } : {};
      // What is fetched while the person still reads is not shown.
      show((before) => (before.at === 'working' ? { at: 'working', stage: STAGE_OF[stage], ...done } : before));
    },
    [verificationKey],
  );

  useEffect(() => {
    const own = new ProofWorker();
    worker.current = own;
    // While the person reads; if it fails, the proving itself says so.
    own.prepare(verificationKey, { onNews }).catch(() => {});
    return () => own.close();
  }, [verificationKey, onNews]);

  const failed: Shown | null = job.failure && { at: 'failed', refusal: job.failure };
  const isStopped = last.at === 'working' && !job.running;
  return {
    state: failed ?? (isStopped ? { at: 'idle' as const } : last),
    show,
    run: useCallback((work: (signal: AbortSignal) => Promise<void>) => start(({ signal }) => work(signal)), [start]),
    prover: (signal: AbortSignal): Prover => (worker.current as ProofWorker).prover({ signal, onNews }),
    close: () => worker.current?.close(),
    cancel: () => job.stop(),
  };
}

/** The wallet does not lock itself in the middle of it; when it is locked by hand, the page part goes away and the work ends. */
function holdWallet(work: () => Promise<void>): Promise<void> {
  return walletVault().hold(work);
}

function describeNoProof(error: unknown): Refusal {
  const isTimeout = error instanceof RoomError && error.code === 'TIME_LIMIT';
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
