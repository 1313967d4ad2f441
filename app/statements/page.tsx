import type { Metadata } from 'next';
import Link from 'next/link';
import { LONGEST_SEARCH } from '#lib/api/shapes.ts';
import { getContext } from '#lib/server/current-context.ts';
import { getGroupView, shownName } from '#lib/server/groups/list.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import { FollowFeeds } from '../feeds/follow-feeds.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { PageHead, Stack } from '../ui/page-parts.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { orNotFound, readSearch, single } from '../ui/read-query.ts';
import { SearchForm } from './search-form.tsx';
import { ListedStatements } from './statement-list.tsx';

export const metadata: Metadata = { title: 'Statements' };

type Query = Record<'before' | 'group' | 'standing' | 'search', string | string[] | undefined>;

/** Every statement on this site or of one group, newest first, in pages. */
export default async function StatementsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { before, group, standing, search } = await searchParams;
  const { isCut, ...looked } = readSearch(search);
  const query = { before: single(before), group: single(group), standing: single(standing), search: looked.search };
  const ctx = await getContext();
  const named = query.group === undefined ? null : await getGroupView(ctx, query.group, 0).catch(orNotFound);
  const { statements, next } = await listStatements(ctx, query).catch(orNotFound);
  return (
    <>
      <PageHead
        kicker={
          named && (
            <Link prefetch={false} href={`/groups/${named.id}`}>
              <PersonName name={shownName(named)} />
            </Link>
          )
        }
        title="Statements"
        action={<ButtonLink href={named && !named.hidden ? `/new?group=${named.id}` : '/new'}>Write a new statement</ButtonLink>}
      />
      <Stack>
        <SearchForm {...query} />
        {isCut && <p>{`Only the first ${LONGEST_SEARCH} characters of what you look for were used.`}</p>}
        {statements.length > 0 ? <ListedStatements statements={statements} /> : <p>{sayNone(query, next)}</p>}
        {next && (
          <p>
            <Link prefetch={false} href={`/statements?${linkOlder(query, next)}`}>
              {statements.length === 0 ? 'Look among older ones' : 'Older ones'}
            </Link>
          </p>
        )}
        <FollowFeeds group={named && { id: named.id, name: shownName(named) }} />
      </Stack>
    </>
  );
}

type Asked = Parameters<typeof SearchForm>[0] & { before: string | undefined };

function linkOlder(query: Asked, before: string): URLSearchParams {
  const given = Object.entries({ ...query, before }).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return new URLSearchParams(given);
}

function sayNone({ before, standing, search }: Asked, next: string | undefined): string {
  if (next !== undefined) return 'None of the newer ones.';
  if (search !== undefined || standing) return 'There are none like that.';
  return before ? 'There are none before these.' : 'There are none yet.';
}
