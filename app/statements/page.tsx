import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getContext } from '#lib/server/current-context.ts';
import { AppError } from '#lib/server/errors.ts';
import { getGroupView } from '#lib/server/groups/list.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import { FollowFeeds } from '../feeds/follow-feeds.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { PageHead, Stack } from '../ui/page-parts.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { ListedStatements } from './statement-list.tsx';

export const metadata: Metadata = { title: 'Statements' };

type Query = { before?: string | string[]; group?: string | string[] };

/** Every statement on this site or of one group, newest first, in pages. */
export default async function StatementsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { before, group } = await searchParams;
  const query = { before: single(before), group: single(group) };
  const ctx = await getContext();
  const named = query.group === undefined ? null : await getGroupView(ctx, query.group).catch(orNotFound);
  const { statements, next } = await listStatements(ctx, query).catch(orNotFound);
  return (
    <>
      <PageHead
        kicker={
          named && (
            <Link prefetch={false} href={`/groups/${named.id}`}>
              <PersonName name={named.group.name} />
            </Link>
          )
        }
        title="Statements"
        action={<ButtonLink href={named ? `/new?group=${named.id}` : '/new'}>Write a new statement</ButtonLink>}
      />
      <Stack>
        {statements.length > 0 ? (
          <ListedStatements statements={statements} />
        ) : (
          <p>{before ? 'There are none before these.' : 'There are none yet.'}</p>
        )}
        {next && (
          <p>
            <Link href={`/statements?${new URLSearchParams({ ...(named ? { group: named.id } : {}), before: next })}`}>Older ones</Link>
          </p>
        )}
        <FollowFeeds group={named && { id: named.id, name: named.group.name }} />
      </Stack>
    </>
  );
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function orNotFound(error: unknown): never {
  if (error instanceof AppError) notFound();
  throw error;
}
