'use client';

import { useState } from 'react';
import { ForkedRoll } from '#app/s/[id]/sign/forked-roll.tsx';
import { MembershipRadios } from '#app/s/[id]/sign/membership-radios.tsx';
import { NoMembership } from '#app/s/[id]/sign/no-membership.tsx';
import { ClockNotice } from '#app/ui/clock-notice.tsx';
import { Section, Stack } from '#app/ui/page-parts.tsx';
import { OpenWallet } from '#app/vault/open-wallet.tsx';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { findEligible } from '#lib/signing/find-membership.ts';
import type { LoadedChallenge } from '#lib/signing/load-challenge.ts';
import { QuestionFacts, QuotedPurpose } from '../question.tsx';
import { PrepareAnswer } from './prepare-answer.tsx';
import { QuestionGate } from './question-gate.tsx';

/** A question as this device has checked it, and the way to an answer. */
export function AnswerQuestion({ id }: { id: string }) {
  return (
    <QuestionGate id={id}>
      {(loaded) => (
        <Stack gap="wide">
          <QuotedPurpose challenge={loaded.context.challenge} domain={loaded.domain} />
          <p>
            Proves membership only. The words above may be quoted as yours. Nobody should ask this of you face to face; alone, it names you.
          </p>
          <QuestionFacts context={loaded.context} made={loaded.made} />
          <ClockNotice ahead={loaded.ahead} />
          <Section title="Your answer">
            <OpenWallet>{(wallet) => <ChooseGroup loaded={loaded} wallet={wallet} />}</OpenWallet>
          </Section>
        </Stack>
      )}
    </QuestionGate>
  );
}

/** As a member of which group to answer; with one membership there is nothing to choose. */
function ChooseGroup({ loaded, wallet }: { loaded: LoadedChallenge; wallet: Wallet }) {
  const { eligible, forked, lookalikes } = findEligible(loaded.context, wallet);
  const [chosen, setChosen] = useState(0);
  const picked = eligible[chosen] ?? eligible[0];
  if (forked.length > 0) return <ForkedRoll of="question" act="answer" />;
  if (!picked)
    return (
      <NoMembership title="None of your memberships is in a group that is asked." rolls={loaded.context.rolls} lookalikes={lookalikes} />
    );
  return (
    <Stack gap="wide">
      {eligible.length > 1 && (
        <MembershipRadios
          legend="Answer as a member of"
          hint="You count once, whichever you choose. Everybody to whom the answers are shown sees the group."
          eligible={eligible}
          picked={picked}
          onPick={setChosen}
        />
      )}
      <PrepareAnswer
        key={`${picked.group} ${picked.membership.name}`}
        loaded={loaded}
        eligible={picked}
        lookalikes={lookalikes}
        wallet={wallet}
      />
    </Stack>
  );
}
