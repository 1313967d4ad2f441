'use client';

import Link from 'next/link';
import type { GroupSummary } from '#lib/api/shapes.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import { DataTable } from '../ui/data-table.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { LongList } from '../ui/long-list.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { Time } from '../ui/time.tsx';

/** Groups by name, each with its newest roll. */
export function GroupTable({ groups }: { groups: readonly GroupSummary[] }) {
  return (
    <LongList items={groups} textOf={nameAndKey} find="Find a group" one="group" many="groups" size={50}>
      {(shown) => (
        <DataTable
          caption="All groups, by name"
          captionHidden
          rows={shown}
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
      )}
    </LongList>
  );
}

function nameAndKey({ group }: GroupSummary): string {
  return `${group.name} ${group.issuer}`;
}
