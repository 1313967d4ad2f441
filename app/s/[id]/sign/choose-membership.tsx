'use client';

import { useState } from 'react';
import { Stack } from '#app/ui/page-parts.tsx';
import type { Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { findEligible, usableFor } from '#lib/signing/find-membership.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { isSameMembership } from '#lib/signing/wallet.ts';
import { ForkedRoll } from './forked-roll.tsx';
import { FromWords } from './from-words.tsx';
import type { Later } from './held-signature.tsx';
import { MembershipRadios } from './membership-radios.tsx';
import { NoMembership } from './no-membership.tsx';
import { PrepareSigning } from './prepare-signing.tsx';

interface ChooseMembershipProps {
  id: string;
  action: Said['action'];
  loaded: LoadedStatement;
  statementKey: Keyed;
  wallet: Wallet;
  later: Later;
}

/** Which membership to sign with; with one there is nothing to choose. */
export function ChooseMembership({ id, action, loaded, statementKey, wallet, later }: ChooseMembershipProps) {
  const found = findEligible(loaded.context, wallet);
  const { lookalikes } = found;
  const eligible = usableFor(action, found);
  const [chosen, setChosen] = useState<Membership>();
  const picked = eligible?.find(({ membership }) => chosen && isSameMembership(membership, chosen)) ?? eligible?.[0];

  if (!eligible) return <ForkedRoll of="statement" act="sign" />;
  if (!picked)
    return (
      <Stack gap="wide">
        <NoMembership
          title="None of your memberships is in a group of this statement."
          todo="Only members whom the issuer had admitted when the statement opened can sign it."
          rolls={loaded.context.rolls}
          lookalikes={lookalikes}
        />
        {action === 'withdraw' && <FromWords loaded={loaded} wallet={wallet} />}
      </Stack>
    );

  return (
    <Stack gap="wide">
      {eligible.length > 1 && (
        <MembershipRadios
          legend={action === 'sign' ? 'Sign as a member of' : 'You signed as a member of'}
          hint={
            action === 'sign' ? 'You count once, whichever you choose.' : 'A signature is taken back under the group in which it was made.'
          }
          eligible={eligible}
          picked={picked}
          onPick={(place) => setChosen(eligible[place]?.membership)}
        />
      )}
      <PrepareSigning
        key={`${picked.group} ${picked.membership.name}`}
        id={id}
        action={action}
        loaded={loaded}
        statementKey={statementKey}
        eligible={picked}
        lookalikes={lookalikes}
        wallet={wallet}
        later={later}
        onFound={setChosen}
      />
    </Stack>
  );
}
