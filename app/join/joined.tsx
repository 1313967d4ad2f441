import type { Invitation } from '#lib/protocol/member/enrolment.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { ButtonLink } from '../ui/button.tsx';
import { PageHead, Section, Stack } from '../ui/page-parts.tsx';
import { StepList } from '../ui/steps.tsx';
import { PersistenceNotice } from '../vault/persistence-notice.tsx';
import { AttestedDetails } from './attestation.tsx';

/** After joining: what is true now, and the three things that come next. */
export function Joined({ invitation }: { invitation: Invitation }) {
  const { group, name } = invitation;
  return (
    <>
      <PageHead
        kicker="You have joined"
        title={group.name}
        lead={
          <p>
            Your membership is kept in this browser, and the issuer has your sealed reply. The link has done its work and opens nothing
            more.
          </p>
        }
        action={
          <ButtonLink prefetch={false} href="/wallet#copy">
            Save a copy
          </ButtonLink>
        }
      />
      <Stack>
        <AttestedDetails name={name} plain />
        <PersistenceNotice what="your membership" copy="/wallet#copy" />
      </Stack>
      <Section title="What comes next">
        <StepList
          steps={[
            {
              key: 'copy',
              title: 'Save a copy of your membership',
              text: 'It lies in this browser alone. Clearing the browser’s data, or losing this device, would lose it.',
            },
            {
              key: 'roll',
              title: 'Wait for the next roll',
              text: (
                <>
                  The issuer publishes a new list of members, without names, that includes you, and your name sealed beside it. From then on
                  you can sign. “My memberships” can tell you whether you are in it;{' '}
                  <a href={`/groups/${groupId(group)}`}>the group’s page</a> shows when one appears.
                </>
              ),
            },
            {
              key: 'sign',
              title: 'Sign from this browser',
              text: 'When somebody sends you the link of a statement, open it here. Nobody learns that you did, until enough have signed.',
            },
          ]}
        />
      </Section>
    </>
  );
}
