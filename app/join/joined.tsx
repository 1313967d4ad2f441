'use client';

import { useState } from 'react';
import { walletVault } from '#lib/browser/vaults.ts';
import type { Invitation } from '#lib/protocol/member/enrolment.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { PageHead, Section } from '../ui/page-parts.tsx';
import { StepList } from '../ui/steps.tsx';
import { UnlockWallet } from '../vault/unlock-wallet.tsx';
import { useVault } from '../vault/use-vault.ts';
import { LearnWords } from '../wallet/learn-words.tsx';
import { AttestedDetails } from './attestation.tsx';

/** After joining: the words, written down and rehearsed, then what comes next. Who knows the words already has only the latter. */
export function Joined({ invitation }: { invitation: Invitation }) {
  const view = useVault(walletVault);
  const [isLater, setLater] = useState(false);
  const [hadWords, setHadWords] = useState<boolean | null>(null);
  const wallet = view.at === 'open' ? view.value : null;
  if (wallet && hadWords === null) setHadWords(wallet.rehearsed);
  const isLearning = wallet !== null && !wallet.rehearsed && !isLater;
  return (
    <>
      <PageHead
        kicker="You have joined"
        title={invitation.group.name}
        lead={
          <p>
            Your membership is kept in this browser, encrypted, and the issuer has your sealed reply. The link has done its work and opens
            nothing more.
          </p>
        }
      />
      <AttestedDetails name={invitation.name} plain />
      {view.at === 'locked' && (
        <Section title="Unlock your memberships">
          <UnlockWallet />
        </Section>
      )}
      {isLearning && (
        <Section title="Write down these 24 words">
          <LearnWords wallet={wallet} onLater={() => setLater(true)} />
        </Section>
      )}
      {wallet && !isLearning && <NextSteps invitation={invitation} hadWords={hadWords === true} isLater={isLater} />}
    </>
  );
}

function NextSteps({ invitation, hadWords, isLater }: { invitation: Invitation; hadWords: boolean; isLater: boolean }) {
  return (
    <Section title="What comes next">
      <StepList
        steps={[
          {
            key: 'copy',
            title: isLater ? 'Write your words down' : 'Put the sheet away',
            text: (
              <>
                <span>{sheetWords(hadWords, isLater)}</span> <a href="/wallet#words">My memberships</a>
                <span> has a sheet to print with a code for each membership, and a backup file.</span>
              </>
            ),
          },
          {
            key: 'roll',
            title: 'Wait for the next roll',
            text: (
              <>
                The issuer publishes a new list of members, without names, that includes you, and your name sealed beside it. From then on
                you can sign. “My memberships” can tell you whether you are in it;{' '}
                <a href={`/groups/${groupId(invitation.group)}`}>the group’s page</a> shows when one appears.
              </>
            ),
          },
          {
            key: 'sign',
            title: 'Sign from this browser',
            text: 'When somebody sends you the link of a statement, open it here and unlock it with your passphrase. Nobody learns that you did, until enough have signed.',
          },
        ]}
      />
    </Section>
  );
}

function sheetWords(hadWords: boolean, isLater: boolean): string {
  if (isLater) return 'Clearing the browser’s data, or losing this device, loses your membership until they are on paper.';
  if (hadWords) return 'It brings this membership back, too, but does not name it yet.';
  return 'It brings your membership back on any device, if you note the group’s link and your name on it.';
}
