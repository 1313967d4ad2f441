import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getContext } from '../../lib/server/current-context.ts';
import { AppError } from '../../lib/server/errors.ts';
import { listStatements } from '../../lib/server/statements/list.ts';
import { ButtonLink } from '../ui/button.tsx';
import { PageHead, Stack } from '../ui/page-parts.tsx';
import { StatementList } from './statement-list.tsx';

export const metadata: Metadata = { title: 'Statements' };

/** Every statement on this site, newest first, in pages. */
export default async function StatementsPage({ searchParams }: { searchParams: Promise<{ before?: string | string[] }> }) {
  const { before } = await searchParams;
  const ctx = await getContext();
  const { statements, next } = await listStatements(ctx, { before: typeof before === 'string' ? before : undefined }).catch(
    (error: unknown) => {
      if (error instanceof AppError) notFound();
      throw error;
    },
  );
  return (
    <>
      <PageHead title="Statements" action={<ButtonLink href="/new">Write a new statement</ButtonLink>} />
      <Stack>
        {statements.length > 0 ? <StatementList statements={statements} /> : <p>There are none{before ? ' before these' : ' yet'}.</p>}
        {next && (
          <p>
            <Link href={`/statements?before=${next}`}>Older ones</Link>
          </p>
        )}
      </Stack>
    </>
  );
}
