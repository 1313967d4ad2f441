import type { Metadata } from 'next';
import Link from 'next/link';
import type { GroupSummary } from '../../lib/api/shapes.ts';
import { getContext } from '../../lib/server/current-context.ts';
import { listGroups } from '../../lib/server/groups/list.ts';
import { DataTable } from '../ui/data-table.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHead } from '../ui/page-parts.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { Time } from '../ui/time.tsx';

export const metadata: Metadata = { title: 'Groups' };

/** All groups on this site, for everybody. */
export default async function GroupsPage() {
  const groups = await listGroups(await getContext());
  return (
    <>
      <PageHead
        title="Groups"
        lead={
          <p>Who can sign here. Each group has an issuer who vouches for its members; how many they are is public, who they are is not.</p>
        }
      />
      {groups.length === 0 ? (
        <Notice
          kind="info"
          title="There is no group here yet."
          todo={
            <>
              An issuer makes the first one:{' '}
              <Link prefetch={false} href="/issuer">
                for issuers
              </Link>
              .
            </>
          }
        />
      ) : (
        <GroupTable groups={groups} />
      )}
    </>
  );
}

function GroupTable({ groups }: { groups: readonly GroupSummary[] }) {
  return (
    <DataTable
      caption="All groups, by name"
      captionHidden
      rows={groups}
      rowKey={(group) => group.id}
      columns={[
        {
          heading: 'Group',
          cell: ({ id, group }) => (
            <Link prefetch={false} href={`/groups/${id}`}>
              <PersonName name={group.name} />
            </Link>
          ),
        },
        { heading: 'Members', numeric: true, cell: ({ size }) => (size === 0 ? 'No roll yet' : size.toLocaleString('en-GB')) },
        { heading: 'Newest roll', cell: ({ number, time }) => (number === 0 ? 'None' : <Time at={time} detail="day" />) },
        { heading: 'Issuer’s key', cell: ({ group }) => <KeyFingerprint hex={group.issuer} whose="Issuer’s key" short /> },
      ]}
    />
  );
}
