import type { Metadata } from 'next';
import { getContext } from '#lib/server/current-context.ts';
import { listGroups } from '#lib/server/groups/list.ts';
import { describePlatform } from '#lib/server/platform/describe.ts';
import { BrowserGate } from '../ui/browser-gate.tsx';
import { PageHead } from '../ui/page-parts.tsx';
import { ComposeForm } from './compose-form.tsx';

export const metadata: Metadata = { title: 'New statement' };

/** Where anybody writes a statement; whoever does is not known to the platform. `?group=` names a group to begin with. */
export default async function NewStatement({ searchParams }: { searchParams: Promise<{ group?: string | string[] }> }) {
  const ctx = await getContext();
  const { group } = await searchParams;
  return (
    <>
      <PageHead
        title="A new statement"
        lead="Write what people are to sign together, who may sign it, and how many it takes until the names appear. You need no account, and nobody learns who wrote it."
      />
      <BrowserGate>
        <ComposeForm platform={describePlatform(ctx)} groups={await listGroups(ctx)} chosen={group} />
      </BrowserGate>
    </>
  );
}
