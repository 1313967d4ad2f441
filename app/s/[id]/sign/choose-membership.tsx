'use client';

import { useState } from 'react';
import { Fieldset, Radio } from '#app/ui/field.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { NamesInLine, PersonName } from '#app/ui/person-name.tsx';
import type { Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { findEligible } from '#lib/signing/find-membership.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { PrepareSigning } from './prepare-signing.tsx';

interface ChooseMembershipProps {
  id: string;
  action: Said['action'];
  loaded: LoadedStatement;
  statementKey: Keyed;
  wallet: Wallet;
}

/** Which membership to sign with; with one there is nothing to choose. */
export function ChooseMembership({ id, action, loaded, statementKey, wallet }: ChooseMembershipProps) {
  const { eligible, lookalikes } = findEligible(loaded.context, wallet);
  const [chosen, setChosen] = useState(0);
  const picked = eligible[chosen] ?? eligible[0];

  if (!picked)
    return (
      <Notice
        kind="info"
        title="None of your memberships is in a group of this statement."
        todo="Only members whom the issuer had admitted when the statement opened can sign it."
      >
        <p>
          <span>It is for </span>
          <NamesInLine names={[...loaded.context.rolls.values()].map((header) => `“${header.group.name}”`)} />.
        </p>
        {lookalikes.length > 0 && (
          <p>
            <strong>Beware:</strong> one of them bears the name of a group you belong to, and has another issuer. It may be a trap.
          </p>
        )}
      </Notice>
    );

  return (
    <Stack gap="wide">
      {eligible.length > 1 && (
        <Fieldset
          legend={action === 'sign' ? 'Sign as a member of' : 'You signed as a member of'}
          hint={
            action === 'sign' ? 'You count once, whichever you choose.' : 'A signature is taken back under the group in which it was made.'
          }
        >
          {eligible.map(({ membership, group }, i) => (
            <Radio
              key={`${group} ${membership.name}`}
              name="membership"
              checked={picked === eligible[i]}
              onChange={() => setChosen(i)}
              label={<PersonName name={membership.group.name} />}
              hint={
                <>
                  as <PersonName name={membership.name} />
                </>
              }
            />
          ))}
        </Fieldset>
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
      />
    </Stack>
  );
}
