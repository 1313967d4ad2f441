'use client';

import Link from 'next/link';
import type { GroupSummary } from '#lib/api/shapes.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import { DataTable } from '../ui/data-table.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { LongList } from '../ui/long-list.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { Time } from '../ui/time.tsx';

/** Groups by name, each with its newest roll. `isWhole`: there are no others, so that one finds among these. */
export function GroupTable({ groups, isWhole }: { groups: readonly GroupSummary[]; isWhole: boolean }) {
  if (!isWhole) return <Rows groups={groups} />;
  return (
    <LongList items={groups} textOf={nameAndKey} find="Find a group" one="group" many="groups" size={50}>
      {(shown) => <Rows groups={shown} />}
    </LongList>
  );
}

function Rows({ groups }: { groups: readonly GroupSummary[] }) {
  return (
    <DataTable
      caption="Groups, by name"
      captionHidden
      rows={groups}
      rowKey={(group) => group.id}
      columns={[
        {
          heading: 'Group',
          cell: ({ id, group, ended }) => (
            <>
              <Link prefetch={false} href={`/groups/${id}`}>
                <PersonName name={group.name} />
              </Link>
              {ended && <small> Its issuer’s key has ended.</small>}
            </>
          ),
        },
        { heading: 'Members', numeric: true, cell: ({ size }) => (size === 0 ? 'No roll yet' : groupDigits(size)) },
        { heading: 'Newest roll', cell: ({ number, time }) => (number === 0 ? 'None' : <Time at={time} detail="day" />) },
        { heading: 'Issuer’s key', cell: ({ group }) => <KeyFingerprint hex={group.issuer} whose="Issuer’s key" short /> },
      ]}
    />
  );
}

function nameAndKey({ group }: GroupSummary): string {
  return `${group.name} ${group.issuer}`;
}
