import type { Metadata } from 'next';
import Link from 'next/link';
import { getContext } from '#lib/server/current-context.ts';
import { listGroups } from '#lib/server/groups/list.ts';
import { Notice } from '../ui/notice.tsx';
import { PageHead } from '../ui/page-parts.tsx';
import { GroupTable } from './group-table.tsx';

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
