import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getContext } from '#lib/server/current-context.ts';
import { readNewestDecisions } from '#lib/server/moderation/list.ts';
import { PageHead, Stack } from '../ui/page-parts.tsx';
import { DecisionTable } from './decision-table.tsx';

export const metadata: Metadata = { title: 'What was hidden' };

/** Everything that the operator has hidden, refused and shown again, newest first. Nothing is ever taken out of this list. */
export default async function ModerationPage({ searchParams }: { searchParams: Promise<{ before?: string | string[] }> }) {
  const { before } = await searchParams;
  if (before !== undefined && !/^[1-9]\d{0,14}$/.test(String(before))) notFound();
  const ctx = await getContext();
  const { decisions, next } = await readNewestDecisions(ctx, before === undefined ? null : Number(before));
  return (
    <>
      <PageHead
        title="What was hidden"
        lead={
          <p>
            Whoever runs this site can hide a statement or a group, and says why. They cannot open a name, change a statement, or stop one
            that somebody has signed.
          </p>
        }
      />
      <Stack>
        <p>
          Each decision stands here for good, by the hash of what it is about and never by its text. The record of a hidden statement can
          still be downloaded and checked by its hash, and its trustees go on. Programs read{' '}
          <a href="/api/anonymous/moderation?after=0">the same list</a>.
        </p>
        <DecisionTable decisions={decisions} />
        {next !== undefined && (
          <p>
            <Link prefetch={false} href={`/moderation?before=${next}`}>
              Older ones
            </Link>
          </p>
        )}
        {ctx.operator.contact && (
          <p>
            <span>To object, write to </span>
            <bdi translate="no">{ctx.operator.contact}</bdi>.
          </p>
        )}
      </Stack>
    </>
  );
}
