'use client';

import Link from 'next/link';
import { useMemo } from 'react';
import { IssuerGate } from '#app/issuer/issuer-gate.tsx';
import { countStates, listMembers, type MemberState } from '#app/issuer/member-list.ts';
import { FactList } from '#app/ui/fact-list.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { PageColumns, PageHead, Stack } from '#app/ui/page-parts.tsx';
import { Time } from '#app/ui/time.tsx';
import { findGroup, groupIdsOf, type IssuedGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import { ANONYMITY_FLOOR } from '#lib/protocol/member/roll.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { AddPeople } from './add-people.tsx';
import { HostileEmployer } from './hostile-employer.tsx';
import { Invitations } from './invitations.tsx';
import { OpeningChoice } from './opening-choice.tsx';
import { PublishRoll } from './publish-roll.tsx';
import { RollSchedule } from './roll-schedule.tsx';
import { TrusteeChoice } from './trustee-choice.tsx';
import { useReplies } from './use-replies.ts';
import { WaitingDrafts } from './waiting-drafts.tsx';

/** Everything an issuer does with one group, in the order in which it is done. */
export function GroupDesk({ id }: { id: string }) {
  return (
    <IssuerGate>
      {(issuer) =>
        groupIdsOf(issuer).includes(id) ? (
          <OwnGroup issuer={issuer} id={id} />
        ) : (
          <>
            <PageHead title="A group of another key" />
            <Notice
              kind="info"
              title="The key of this group is not in this browser."
              todo={
                <>
                  Restore your file under{' '}
                  <Link prefetch={false} href="/issuer">
                    My groups
                  </Link>
                  , or look at{' '}
                  <Link prefetch={false} href={`/groups/${id}`}>
                    its public page
                  </Link>
                  .
                </>
              }
            />
          </>
        )
      }
    </IssuerGate>
  );
}

function OwnGroup({ issuer, id }: { issuer: Issuer; id: Hex32 }) {
  const group = findGroup(issuer, id);
  const replies = useReplies(id);
  const members = useMemo(() => listMembers(group), [group]);
  const counts = useMemo(() => countStates(members), [members]);
  return (
    <>
      <PageHead
        kicker={
          <Link prefetch={false} href="/issuer">
            My groups
          </Link>
        }
        title={group.name}
        lead={
          members.length === 0 && (
            <p>{`Invite its members first, at least ${ANONYMITY_FLOOR}. Once they have accepted, you publish a roll, and they can sign.`}</p>
          )
        }
      />
      <PageColumns
        main={
          <Stack gap="wide">
            {members.length > 0 && <Standing counts={counts} group={group} id={id} />}
            {members.length > 0 && <Invitations issuer={issuer} id={id} members={members} replies={replies} />}
            {members.length > 0 && (
              <PublishRoll issuer={issuer} id={id} waiting={counts.accepted} leaving={counts.leaving} replies={replies} />
            )}
            <WaitingDrafts id={id} />
            <AddPeople issuer={issuer} id={id} onInvited={replies.refresh} />
          </Stack>
        }
        beside={
          <>
            <TrusteeChoice id={id} group={group} />
            {group.lastRoll && <OpeningChoice issuer={issuer} id={id} />}
            <RollSchedule id={id} group={group} />
            <HostileEmployer id={id} group={group} />
          </>
        }
      />
    </>
  );
}

function Standing({ counts, group, id }: { counts: Record<MemberState, number>; group: IssuedGroup; id: Hex32 }) {
  return (
    <FactList
      facts={[
        { term: 'No reply yet', value: countOf(counts.invited, 'person', 'people') },
        { term: 'Accepted, in no roll yet', value: countOf(counts.accepted, 'person', 'people') },
        {
          term: 'In the public roll',
          value: group.unsent ? (
            `Roll ${group.lastRoll?.number} is signed and not confirmed yet.`
          ) : group.lastRoll ? (
            <span>
              <span>{`${countOf(group.lastRoll.size, 'member', 'members')}, in roll ${group.lastRoll.number} of `}</span>
              <Time at={group.lastRoll.time} detail="day" /> (
              <Link prefetch={false} href={`/groups/${id}`}>
                public page
              </Link>
              )
            </span>
          ) : (
            'There is no roll yet.'
          ),
        },
      ]}
    />
  );
}
