'use client';

import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { ownTime } from '#lib/browser/platform-clock.ts';
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
import { PROOF_STAGES, type ProofWork, useProver } from './use-prover.ts';
import { describeNoWithdrawal } from './withdrawal-words.ts';

/** The stages that the reader sees, in order; the last one is the sending. */
export const STAGES = [...PROOF_STAGES, 'Handing it in'] as const;
const SENDING = STAGES.length - 1;

type Signing =
  | { at: 'idle' }
  | ProofWork
  | { at: 'failed'; refusal: Refusal /** Made, and not taken so far. */; body?: Body }
  | { at: 'signed'; body: Body; receipt: Receipt };

interface Material {
  context: StatementContext;
  key: Keyed;
  place: RollPlace;
  identity: Identity;
  action: Said['action'];
  /** Of a signature: the fewest people to be named with, the signer among them. */
  minimum?: number | undefined;
  /** Takes what is made, instead of its being handed in. */
  onMade?: ((body: Body) => void) | undefined;
}

const PATIENCE_SECONDS = 3600;

/** Makes a signature or a withdrawal in the worker and hands it in. `cancel` works until it is on its way. */
export function useSigning(material: Material) {
  const { verificationKey } = material.context.statement;
  const { state, show, run, prover, close, cancel } = useProver<Signing>(verificationKey);
  const signing: Signing = state;
  const describeRefusal = material.action === 'sign' ? describeNoSignature : describeNoWithdrawal;

  async function send(body: Body, signal: AbortSignal) {
    show({ at: 'working', stage: SENDING });
    const onWait = (waiting: number) => show({ at: 'working', stage: SENDING, waiting });
    const options = { signal, onWait, patienceSeconds: PATIENCE_SECONDS };
    const posted = await postBody(anonymousApi, material.context, body, ownTime, options);
    if (posted.ok) {
      show({ at: 'signed', body, receipt: posted.value });
      close();
    } else {
      const refusal = describeRefusal(posted.code, posted.detail ?? '');
      show({ at: 'failed', refusal, ...(refusal.canRetry ? { body } : {}) });
    }
  }

  const sign = () =>
    run(async (signal) => {
      show({ at: 'working', stage: 0 });
      const { group } = material.place;
      const said = material.action === 'sign' ? sayAye(group, material.minimum) : sayWithdrawn(group);
      const made = await makeBody({ ...material, said }, prover(signal), secureRandom);
      if (made.ok && material.onMade) material.onMade(made.value);
      else if (made.ok) await send(made.value, signal);
      else show({ at: 'failed', refusal: describeRefusal(made.code, made.detail ?? '') });
    });

  return {
    signing,
    sign,
    sendAgain: (body: Body) => run((signal) => send(body, signal)),
    cancel,
    /** Whether stopping now certainly leaves nothing behind. */
    canCancel: signing.at === 'working' && signing.stage < SENDING,
  };
}
