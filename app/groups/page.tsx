import type { Metadata } from 'next';
import Link from 'next/link';
import { getContext } from '#lib/server/current-context.ts';
import { readGroupsPage } from '#lib/server/groups/list.ts';
import { Notice } from '../ui/notice.tsx';
import { PageHead, Stack } from '../ui/page-parts.tsx';
import { orNotFound, readSearch, single } from '../ui/read-query.ts';
import { GroupSearch } from './group-search.tsx';
import { GroupTable } from './group-table.tsx';

export const metadata: Metadata = { title: 'Groups' };

type Query = Record<'after' | 'search', string | string[] | undefined>;

/** The groups on this site, for everybody: all of them where one page holds them, otherwise page by page and with a search. */
export default async function GroupsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const asked = await searchParams;
  const after = single(asked.after);
  const { search } = readSearch(asked.search);
  const { groups, next } = await readGroupsPage(await getContext(), { after: after ?? null, search: search ?? null }).catch(orNotFound);
  const isWhole = after === undefined && search === undefined && next === undefined;
  return (
    <>
      <PageHead
        title="Groups"
        lead={
          <p>Who can sign here. Each group has an issuer who vouches for its members; how many they are is public, who they are is not.</p>
        }
      />
      {isWhole && groups.length === 0 ? (
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
        <Stack>
          {!isWhole && <GroupSearch search={search} />}
          {groups.length > 0 ? <GroupTable groups={groups} isWhole={isWhole} /> : <p>{sayNone(next)}</p>}
          {next && (
            <p>
              <Link prefetch={false} href={`/groups?${new URLSearchParams({ ...(search ? { search } : {}), after: next })}`}>
                {groups.length === 0 ? 'Look among further ones' : 'Further groups'}
              </Link>
            </p>
          )}
        </Stack>
      )}
    </>
  );
}

function sayNone(next: string | undefined): string {
  return next === undefined ? 'There are none like that.' : 'None of the first ones.';
}
