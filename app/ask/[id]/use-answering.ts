'use client';

import type { Refusal } from '#app/s/[id]/sign/refusal-words.ts';
import { PROOF_STAGES, type ProofWork, useProver } from '#app/s/[id]/sign/use-prover.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { type SealedAnswer, sealAnswer } from '#lib/protocol/challenge/answer.ts';
import { type AnsweringRequest, makeAnswer } from '#lib/signing/make-answer.ts';
import { describeNoAnswer } from './refused-question.ts';

/** The stages that the reader sees, in order; the last one is the sending. */
export const ANSWER_STAGES = [...PROOF_STAGES, 'Handing it to the site for the asker'] as const;
const SENDING = ANSWER_STAGES.length - 1;
const PATIENCE_SECONDS = 600;

type Answering =
  | { at: 'idle' }
  | ProofWork
  | { at: 'failed'; refusal: Refusal /** Made, and not taken so far. */; sealed?: SealedAnswer }
  | { at: 'made'; sealed: SealedAnswer }
  | { at: 'sent' };

/** Makes an answer in the worker, encrypts it to the asker, and hands it in or leaves that to the person. */
export function useAnswering(request: AnsweringRequest) {
  const { verificationKey } = request.context.challenge;
  const { state, show, run, prover, close, cancel } = useProver<Answering>(verificationKey);
  const answering: Answering = state;

  async function send(sealed: SealedAnswer, signal: AbortSignal) {
    show({ at: 'working', stage: SENDING });
    const onWait = (waiting: number) => show({ at: 'working', stage: SENDING, waiting });
    try {
      await anonymousApi.postAnswer(sealed, { signal, onWait, patienceSeconds: PATIENCE_SECONDS });
      show({ at: 'sent' });
      close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      show({ at: 'failed', refusal: describeNoAnswer(error.code, error.message), sealed });
    }
  }

  const answer = (how: 'send' | 'save') =>
    run(async (signal) => {
      show({ at: 'working', stage: 0 });
      const made = await makeAnswer(request, prover(signal), secureRandom);
      if (!made.ok) return show({ at: 'failed', refusal: describeNoAnswer(made.code, made.detail) });
      const sealed = sealAnswer(request.context, made.value, secureRandom);
      if (how === 'send') await send(sealed, signal);
      else show({ at: 'made', sealed });
    });

  return {
    answering,
    answer,
    sendAgain: (sealed: SealedAnswer) => run((signal) => send(sealed, signal)),
    cancel,
    /** Whether stopping now certainly leaves nothing behind. */
    canCancel: answering.at === 'working' && answering.stage < SENDING,
  };
}
