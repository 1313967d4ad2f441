'use client';

import { ButtonLink } from '#app/ui/button.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { ProgressBar } from '#app/ui/progress.tsx';
import { useReading } from '#app/ui/use-reading.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import type { Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { type Identity, nullifierOf } from '#lib/protocol/member/credential.ts';
import type { EndedKey } from '#lib/protocol/member/key-end.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { type EligibleMembership, findMembership, type Lookalike, type RollPlace } from '#lib/signing/find-membership.ts';
import { lookAtCrowd } from '#lib/signing/group-history.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { type BoardSurvey, surveyBoard } from '#lib/signing/read-board.ts';
import { identityOf } from '#lib/signing/wallet.ts';
import { FromWords } from './from-words.tsx';
import type { Later } from './held-signature.tsx';
import { RefusalNotice } from './refusal-notice.tsx';
import { describeNoPlace, describeNoSignature, type Refusal } from './refusal-words.ts';
import { SignOffer } from './sign-offer.tsx';
import { WithdrawOffer } from './withdraw-offer.tsx';

interface PrepareSigningProps {
  id: string;
  action: Said['action'];
  loaded: LoadedStatement;
  statementKey: Keyed;
  eligible: EligibleMembership;
  lookalikes: readonly Lookalike[];
  wallet: Wallet;
  later: Later;
  /** Takes the membership under which somebody signed whom the roll does not hold under this name. */
  onFound: (membership: Membership) => void;
}

interface Prepared {
  identity: Identity;
  place: RollPlace;
  survey: BoardSurvey;
  /** Of the group, up to the statement's roll, newest first; of no use to whoever withdraws. */
  history: readonly RollHeader[];
  /** Keys of issuers that have ended. */
  ended: readonly EndedKey[];
}

/** Finds the member in the roll, all of which is fetched, and reads how the board stands. */
export function PrepareSigning({ id, action, loaded, statementKey, eligible, lookalikes, wallet, later, onFound }: PrepareSigningProps) {
  const work = { id, action, loaded, statementKey, eligible, wallet };
  // What it works with is fixed by this component's key.
  const { value, error, isReading, again } = useReading((signal) => prepare(work, signal), []);

  if (isReading) return <ProgressBar label="Finding you in the roll, which everybody downloads whole" />;
  if (!value?.ok) {
    const refusal = value ? refusalOf(value.code, value.detail) : unreachable(error);
    const { code } = refusal;
    const look = code === 'ALREADY_SIGNED' && (
      <ButtonLink kind="secondary" href={`/s/${id}/receipt`}>
        Look for your signature
      </ButtonLink>
    );
    return (
      <Stack gap="wide">
        <RefusalNotice refusal={refusal} onRetry={again} action={look || undefined} />
        {/* Another name may have been attested since, and this wallet may know that one alone. */}
        {code === 'NOT_IN_ROLL' && action === 'withdraw' && <FromWords loaded={loaded} wallet={wallet} onFound={onFound} />}
      </Stack>
    );
  }
  if (action === 'withdraw') return <WithdrawOffer id={id} context={loaded.context} statementKey={statementKey} {...value.value} />;
  return <SignOffer id={id} loaded={loaded} statementKey={statementKey} lookalikes={lookalikes} later={later} {...value.value} />;
}

async function prepare(
  { id, action, loaded, statementKey, eligible, wallet }: Omit<PrepareSigningProps, 'lookalikes' | 'later' | 'onFound'>,
  signal: AbortSignal,
): Promise<Checked<Prepared>> {
  const identity = identityOf(wallet);
  if (action === 'sign' && hasKeptSignature(wallet, id, formatField(nullifierOf(identity, loaded.context.scope))))
    return { ok: false, code: 'ALREADY_SIGNED' };
  const place = await findMembership(anonymousApi, eligible, identity, { signal });
  if (!place.ok) return place;
  const survey = await surveyBoard(anonymousApi, loaded.context, statementKey, { signal });
  if (!survey.ok) return survey;
  // Whoever takes a signature back is not kept from it by what is wrong with the group.
  const history = action === 'sign' ? await lookAtCrowd(anonymousApi, eligible, { signal }) : accept([]);
  if (!history.ok) return history;
  const ended = action === 'sign' ? await anonymousApi.listEndedKeys({ signal }) : [];
  return accept({ identity, place: place.value, survey: survey.value, history: history.value, ended });
}

/** Whether the wallet keeps the receipt of a signature of its own. Without one only the platform knows, and says so in the end. */
function hasKeptSignature({ receipts }: Wallet, id: string, nullifier: string): boolean {
  return receipts.some(({ entry }) => entry.statement === id && entry.said.action === 'sign' && entry.nullifier === nullifier);
}

function refusalOf(code: string, detail?: string): Refusal {
  return code === 'ALREADY_SIGNED' ? describeNoSignature(code, '') : describeNoPlace(code, detail);
}

function unreachable(error: unknown): Refusal {
  return {
    title: error instanceof ApiError ? error.message : 'The roll could not be fetched.',
    lost: 'Nothing was sent.',
    todo: 'Try again in a moment.',
    isAlarm: false,
    canRetry: true,
  };
}
