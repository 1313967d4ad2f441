'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { provingBytes } from '#lib/browser/artifacts.ts';
import { ownTime } from '#lib/browser/platform-clock.ts';
import { ProofWorker } from '#lib/browser/proof-worker.ts';
import type { ProvingReport } from '#lib/browser/proving-worker.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import type { Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Identity } from '#lib/protocol/member/credential.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { RollPlace } from '#lib/signing/find-membership.ts';
import { makeBody, sayAye, sayWithdrawn } from '#lib/signing/make-entry.ts';
import { postBody } from '#lib/signing/post-body.ts';
import { describeNoSignature, type Refusal } from './refusal-words.ts';

/** The stages that the reader sees, in order; the last one is the sending. */
export const STAGES = [
  'Fetching what proofs are made with',
  'Working out your proof',
  'Making the proof and the seal',
  'Checking it as everybody will',
  'Handing it in',
] as const;
const STAGE_OF: Record<ProvingReport['stage'], number> = { files: 0, witness: 1, proof: 2, check: 3 };
const SENDING = STAGES.length - 1;

export type Signing =
  | { at: 'idle' }
  | { at: 'working'; stage: number; done?: number /** Seconds that a busy platform asked to wait. */; waiting?: number }
  | { at: 'failed'; refusal: Refusal /** Made, and not taken so far. */; body?: Body }
  | { at: 'signed'; body: Body; receipt: Receipt };

interface Material {
  context: StatementContext;
  key: Keyed;
  place: RollPlace;
  identity: Identity;
  action: Said['action'];
}

const PATIENCE_SECONDS = 3600;

/** Makes a signature or a withdrawal in the worker and hands it in. `cancel` works until it is on its way. */
export function useSigning(material: Material) {
  const [signing, setSigning] = useState<Signing>({ at: 'idle' });
  const worker = useRef<ProofWorker>(null);
  const abort = useRef<AbortController>(null);
  const { verificationKey } = material.context.statement;

  const report = useCallback(
    ({ stage, bytes }: ProvingReport) => {
      const total = provingBytes(verificationKey);
      const done = bytes !== undefined && total > 0 ? Math.min(1, bytes / total) : undefined;
      // What is fetched while the person still reads is not shown.
      setSigning((before) =>
        before.at === 'working' ? { at: 'working', stage: STAGE_OF[stage], ...(done === undefined ? {} : { done }) } : before,
      );
    },
    [verificationKey],
  );

  useEffect(() => {
    const own = new ProofWorker();
    worker.current = own;
    // While the person reads; if it fails, the signing itself says so.
    own.prepare(verificationKey, { onReport: report }).catch(() => {});
    return () => {
      own.close();
      abort.current?.abort();
    };
  }, [verificationKey, report]);

  const send = useCallback(
    async (body: Body, signal: AbortSignal) => {
      setSigning({ at: 'working', stage: SENDING });
      const onWait = (waiting: number) => setSigning({ at: 'working', stage: SENDING, waiting });
      const options = { signal, onWait, patienceSeconds: PATIENCE_SECONDS };
      const posted = await postBody(anonymousApi, material.context, body, ownTime, options);
      if (posted.ok) {
        setSigning({ at: 'signed', body, receipt: posted.value });
        worker.current?.close();
      } else {
        const refusal = describeNoSignature(posted.code, posted.detail ?? '');
        setSigning({ at: 'failed', refusal, ...(refusal.canRetry ? { body } : {}) });
      }
    },
    [material.context],
  );

  const run = useCallback(async (work: (signal: AbortSignal) => Promise<void>) => {
    const controller = new AbortController();
    abort.current = controller;
    try {
      await work(controller.signal);
    } catch (error) {
      if (controller.signal.aborted) setSigning({ at: 'idle' });
      else setSigning({ at: 'failed', refusal: describeFailure(error) });
    }
  }, []);

  const sign = () =>
    run(async (signal) => {
      setSigning({ at: 'working', stage: 0 });
      const prove = (worker.current as ProofWorker).prover({ signal, onReport: report });
      const { group } = material.place;
      const said = material.action === 'sign' ? sayAye(group) : sayWithdrawn(group);
      const made = await makeBody({ ...material, said }, prove, secureRandom);
      if (made.ok) await send(made.value, signal);
      else setSigning({ at: 'failed', refusal: describeNoSignature(made.code, made.detail ?? '') });
    });

  return {
    signing,
    sign,
    sendAgain: (body: Body) => run((signal) => send(body, signal)),
    cancel: () => abort.current?.abort(new DOMException('cancelled', 'AbortError')),
    /** Whether stopping now certainly leaves nothing behind. */
    canCancel: signing.at === 'working' && signing.stage < SENDING,
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
