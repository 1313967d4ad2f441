'use client';

import { useEffect, useState } from 'react';
import { RefusalNotice } from '#app/s/[id]/sign/refusal-notice.tsx';
import type { Refusal } from '#app/s/[id]/sign/refusal-words.ts';
import { Button } from '#app/ui/button.tsx';
import { ProgressBar } from '#app/ui/progress.tsx';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { ownTime } from '#lib/browser/platform-clock.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { type EligibleMembership, findMembership, type Lookalike, type RollPlace } from '#lib/signing/find-membership.ts';
import { admitChallenge, type LoadedChallenge, lookAtGroup } from '#lib/signing/load-challenge.ts';
import { identityOf } from '#lib/signing/wallet.ts';
import { AnswerOffer } from './answer-offer.tsx';
import { describeNoAnswer } from './refused-question.ts';

interface PrepareAnswerProps {
  loaded: LoadedChallenge;
  eligible: EligibleMembership;
  lookalikes: readonly Lookalike[];
  wallet: Wallet;
}

/** `history`: of the group, up to the roll that is asked for. */
type Prepared = { place: RollPlace; history: RollHeader[] };

/** Looks whether this wallet answers the question at all, and finds the member in the roll, all of which is fetched. */
export function PrepareAnswer({ loaded, eligible, lookalikes, wallet }: PrepareAnswerProps) {
  const [state, setState] = useState<Prepared | { refusal: Refusal } | null>(null);
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks again; the rest is fixed by this component's key
  useEffect(() => {
    const leaving = new AbortController();
    setState(null);
    prepare(loaded, eligible, wallet, leaving.signal).then(
      (checked) => setState(checked.ok ? checked.value : { refusal: describeNoAnswer(checked.code, checked.detail) }),
      (error: unknown) => {
        const message = error instanceof ApiError ? error.message : 'The roll could not be fetched.';
        if (!leaving.signal.aborted) setState({ refusal: describeNoAnswer('UNREACHABLE', message) });
      },
    );
    return () => leaving.abort();
  }, [round]);

  if (!state) return <ProgressBar label="Looking at the group’s list of questions and its roll, which everybody downloads whole" />;
  if ('refusal' in state)
    return (
      <RefusalNotice
        refusal={state.refusal}
        action={
          state.refusal.canRetry ? (
            <Button kind="secondary" onClick={() => setRound(round + 1)}>
              Try again
            </Button>
          ) : undefined
        }
      />
    );
  return <AnswerOffer loaded={loaded} {...state} identity={identityOf(wallet)} lookalikes={lookalikes} />;
}

async function prepare(
  { context, ahead }: LoadedChallenge,
  eligible: EligibleMembership,
  wallet: Wallet,
  signal: AbortSignal,
): Promise<Checked<Prepared>> {
  const shown = await lookAtGroup(anonymousApi, eligible.group, { signal });
  if (!shown.ok) return shown;
  const clocks = { own: ownTime(), platform: ownTime() - ahead };
  const admitted = admitChallenge(context, eligible.group, wallet, shown.value, clocks);
  if (!admitted.ok) return admitted;
  const place = await findMembership(anonymousApi, eligible, identityOf(wallet), { signal });
  return place.ok ? { ok: true, value: { place: place.value, history: admitted.value } } : place;
}
