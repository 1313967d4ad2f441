import type { Metadata } from 'next';
import { getContext } from '#lib/server/current-context.ts';
import { listChoices } from '#lib/server/groups/list.ts';
import { describePlatform } from '#lib/server/platform/describe.ts';
import { chooseGroups, namedGroups } from '../new/draft.ts';
import { BrowserGate } from '../ui/browser-gate.tsx';
import { PageHead } from '../ui/page-parts.tsx';
import { AskForm } from './ask-form.tsx';

export const metadata: Metadata = { title: 'Ask for proofs of membership' };

/** Where anybody asks members of groups to prove that they belong. `?group=` names a group to begin with. */
export default async function AskPage({ searchParams }: { searchParams: Promise<{ group?: string | string[] }> }) {
  const platform = describePlatform(await getContext());
  const groups = await listChoices(await getContext(), namedGroups((await searchParams).group));
  return (
    <>
      <PageHead
        title="Ask members to prove that they belong"
        lead="You learn how many members of a group answer, each counted once, and can show it to anybody. You learn no name, and neither does anybody else."
      />
      <BrowserGate keepsNothing>
        <AskForm platform={platform} groups={groups} first={chooseGroups(platform, groups)} />
      </BrowserGate>
    </>
  );
}
