'use client';

import { RefusalNotice } from '#app/s/[id]/sign/refusal-notice.tsx';
import type { Refusal } from '#app/s/[id]/sign/refusal-words.ts';
import { ProgressBar } from '#app/ui/progress.tsx';
import { useReading } from '#app/ui/use-reading.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { ownTime } from '#lib/browser/platform-clock.ts';
import type { EndedKey } from '#lib/protocol/member/key-end.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { type EligibleMembership, findMembership, type Lookalike, type RollPlace } from '#lib/signing/find-membership.ts';
import { admitChallenge, type LoadedChallenge, lookAtGroup } from '#lib/signing/load-challenge.ts';
import { reachOf } from '#lib/signing/seen-rolls.ts';
import { identityOf } from '#lib/signing/wallet.ts';
import { AnswerOffer } from './answer-offer.tsx';
import { describeNoAnswer } from './refused-question.ts';

interface PrepareAnswerProps {
  loaded: LoadedChallenge;
  eligible: EligibleMembership;
  lookalikes: readonly Lookalike[];
  wallet: Wallet;
}

/** `history`: of the group, up to the roll that is asked for. `ended`: keys of issuers. */
type Prepared = { place: RollPlace; history: RollHeader[]; ended: EndedKey[] };

/** Looks whether this wallet answers the question at all, and finds the member in the roll, all of which is fetched. */
export function PrepareAnswer({ loaded, eligible, lookalikes, wallet }: PrepareAnswerProps) {
  // What it works with is fixed by this component's key.
  const { value, error, isReading, again } = useReading((signal) => prepare(loaded, eligible, wallet, signal), []);

  if (isReading) return <ProgressBar label="Looking at the group’s list of questions and its roll, which everybody downloads whole" />;
  if (!value?.ok) {
    const refusal = value ? describeNoAnswer(value.code, value.detail) : unreachable(error);
    return <RefusalNotice refusal={refusal} onRetry={again} />;
  }
  return <AnswerOffer loaded={loaded} {...value.value} identity={identityOf(wallet)} lookalikes={lookalikes} />;
}

async function prepare(
  { context, ahead }: LoadedChallenge,
  eligible: EligibleMembership,
  wallet: Wallet,
  signal: AbortSignal,
): Promise<Checked<Prepared>> {
  const shown = await lookAtGroup(anonymousApi, eligible.group, reachOf(wallet, eligible.group, eligible.header), { signal });
  if (!shown.ok) return shown;
  const clocks = { own: ownTime(), platform: ownTime() - ahead };
  const admitted = admitChallenge(context, eligible.group, wallet, shown.value, clocks);
  if (!admitted.ok) return admitted;
  const place = await findMembership(anonymousApi, eligible, identityOf(wallet), { signal });
  if (!place.ok) return place;
  const ended = await anonymousApi.listEndedKeys({ signal });
  return { ok: true, value: { place: place.value, history: admitted.value, ended } };
}

function unreachable(error: unknown): Refusal {
  return describeNoAnswer('UNREACHABLE', error instanceof ApiError ? error.message : 'The roll could not be fetched.');
}
