'use client';

import Link from 'next/link';
import { findGroup, groupIdsOf, type Issuer } from '../../../../lib/issuing/issuer-file.ts';
import type { Hex32 } from '../../../../lib/protocol/hash.ts';
import { FactList } from '../../../ui/fact-list.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { PageHead, Stack } from '../../../ui/page-parts.tsx';
import { IssuerGate } from '../../issuer-gate.tsx';
import { countStates, listMembers } from '../../member-list.ts';
import { AddPeople } from './add-people.tsx';
import { Invitations } from './invitations.tsx';
import { PublishRoll } from './publish-roll.tsx';
import { TrusteeChoice } from './trustee-choice.tsx';
import { useReplies } from './use-replies.ts';

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
                  Restore your file under <Link href="/issuer">My groups</Link>, or look at{' '}
                  <Link href={`/groups/${id}`}>its public page</Link>.
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
  const members = listMembers(group);
  const counts = countStates(members);
  return (
    <>
      <PageHead
        kicker={<Link href="/issuer">My groups</Link>}
        title={group.name}
        lead={
          <FactList
            facts={[
              { term: 'Invited, no reply yet', value: counts.invited },
              { term: 'Accepted, not in a roll yet', value: counts.accepted },
              {
                term: 'In the public roll',
                value: group.lastRoll ? (
                  <>
                    {group.lastRoll.size}, roll {group.lastRoll.number} (<Link href={`/groups/${id}`}>public page</Link>)
                  </>
                ) : (
                  'No roll yet'
                ),
              },
            ]}
          />
        }
      />
      <Stack gap="wide">
        <AddPeople issuer={issuer} id={id} onInvited={replies.refresh} />
        <Invitations issuer={issuer} id={id} members={members} replies={replies} />
        <TrusteeChoice id={id} group={group} />
        <PublishRoll issuer={issuer} id={id} waiting={counts.accepted} leaving={counts.leaving} replies={replies} />
      </Stack>
    </>
  );
}
