'use client';

import { useState } from 'react';
import { ForkedRoll } from '#app/s/[id]/sign/forked-roll.tsx';
import { MembershipRadios } from '#app/s/[id]/sign/membership-radios.tsx';
import { NoMembership } from '#app/s/[id]/sign/no-membership.tsx';
import { RefusalNotice } from '#app/s/[id]/sign/refusal-notice.tsx';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { askClockAhead, ownTime } from '#lib/browser/platform-clock.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkPolicyHistory, type GroupRules, judgeOpening, STANDARD_RULES } from '#lib/protocol/permit/group-policy.ts';
import { weekOf } from '#lib/protocol/permit/permit.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { type EligibleMembership, findEligible, findMembership, type RollPlace } from '#lib/signing/find-membership.ts';
import { checkCrowd, fetchHistory } from '#lib/signing/group-history.ts';
import { nextSlot } from '#lib/signing/permit-slots.ts';
import { checkNewest, reachOf } from '#lib/signing/seen-rolls.ts';
import { identityOf } from '#lib/signing/wallet.ts';
import { Stack } from '../ui/page-parts.tsx';
import { ProgressBar } from '../ui/progress.tsx';
import { useReading } from '../ui/use-reading.ts';
import { OpenWallet } from '../vault/open-wallet.tsx';
import { OpenOffer } from './open-offer.tsx';
import { describeNotOpened } from './opening-words.ts';

interface OpenAsProps {
  context: StatementContext;
  onOpened: () => void;
}

/** The way of a member: which membership, the place in the roll, then the proof. */
export function OpenAsMember({ context, onOpened }: OpenAsProps) {
  return <OpenWallet>{(wallet) => <ChooseOpener context={context} onOpened={onOpened} wallet={wallet} />}</OpenWallet>;
}

function ChooseOpener({ context, onOpened, wallet }: OpenAsProps & { wallet: Wallet }) {
  const { eligible, forked, lookalikes } = findEligible(context, wallet);
  const [chosen, setChosen] = useState(0);
  const picked = eligible[chosen] ?? eligible[0];
  if (forked.length > 0) return <ForkedRoll of="statement" act="open it" />;
  if (!picked)
    return (
      <NoMembership
        title="None of your memberships is in a group of this statement."
        todo="Change the groups, or ask a member or the issuer of one of them to open it."
        rolls={context.rolls}
        lookalikes={lookalikes}
      />
    );
  return (
    <Stack>
      {eligible.length > 1 && (
        <MembershipRadios
          legend="As a member of"
          hint="Everybody reads which group it is."
          eligible={eligible}
          picked={picked}
          onPick={setChosen}
        />
      )}
      <PrepareOpening key={picked.group} context={context} onOpened={onOpened} eligible={picked} wallet={wallet} />
    </Stack>
  );
}

interface PrepareOpeningProps extends OpenAsProps {
  eligible: EligibleMembership;
  wallet: Wallet;
}

/** Finds the member in the roll, all of which is fetched. */
function PrepareOpening({ context, onOpened, eligible, wallet }: PrepareOpeningProps) {
  // What it works with is fixed by this component's key.
  const { value, error, isReading, again } = useReading((signal) => prepare(context, eligible, wallet, signal), []);
  if (isReading) return <ProgressBar label="Finding you in the roll, which everybody downloads whole" />;
  if (value?.ok) return <OpenOffer context={context} onOpened={onOpened} wallet={wallet} onAnew={again} {...value.value} />;
  const refusal = value
    ? describeNotOpened(value.code, value.detail)
    : describeNotOpened('UNREACHABLE', error instanceof ApiError ? error.message : 'The roll could not be fetched.');
  return <RefusalNotice refusal={refusal} onRetry={again} />;
}

type Prepared = { place: RollPlace; week: number; rules: GroupRules };

/** A roll that was made for the author alone would make the proof a name: it is the newest that everybody is shown, or nothing is proven. */
async function prepare(
  context: StatementContext,
  eligible: EligibleMembership,
  wallet: Wallet,
  signal: AbortSignal,
): Promise<Checked<Prepared>> {
  const history = await fetchHistory(anonymousApi, eligible.group, reachOf(wallet, eligible.group, eligible.header), { signal });
  if (!history.ok) return history;
  const newest = checkNewest(wallet, history.value);
  if (!newest.ok) return newest;
  const crowd = checkCrowd(eligible.header, history.value);
  if (!crowd.ok) return crowd;
  const week = weekOf(ownTime() - (await askClockAhead()));
  const rules = await readRules(context, signal);
  if (!rules.ok) return rules;
  const rulesOf = (group: Hex32) => rules.value.get(group) ?? STANDARD_RULES;
  const slot = nextSlot(wallet, eligible.group, week);
  const allowed = judgeOpening(context.rolls, { by: 'member', group: eligible.group }, rulesOf, slot);
  if (!allowed.ok) return allowed;
  const place = await findMembership(anonymousApi, eligible, identityOf(wallet), { signal });
  if (!place.ok) return place;
  return accept({ place: place.value, week, rules: allowed.value });
}

/** What the issuers of a statement's groups have signed about who opens statements, by group. @throws ApiError */
async function readRules({ rolls }: StatementContext, signal: AbortSignal): Promise<Checked<ReadonlyMap<Hex32, GroupRules>>> {
  const rules = new Map<Hex32, GroupRules>();
  for (const group of rolls.keys()) {
    const history = checkPolicyHistory(group, (await anonymousApi.getPolicies(group, { signal })).policies);
    if (!history.ok) return history;
    rules.set(group, history.value.at(-1) ?? STANDARD_RULES);
  }
  return accept(rules);
}
