import type { Metadata } from 'next';
import { getContext } from '#lib/server/current-context.ts';
import { listChoices } from '#lib/server/groups/list.ts';
import { describePlatform } from '#lib/server/platform/describe.ts';
import { findRevised } from '#lib/server/statements/find-revised.ts';
import { BrowserGate } from '../ui/browser-gate.tsx';
import { PageHead } from '../ui/page-parts.tsx';
import { ComposeForm } from './compose-form.tsx';
import { namedGroups } from './draft.ts';

export const metadata: Metadata = { title: 'New statement' };

type Asked = { group?: string | string[]; revises?: string | string[] };

/** Where anybody writes a statement; which member opens it is not known to the platform. `?group=` names a group to begin with, `?revises=` a statement to revise. */
export default async function NewStatement({ searchParams }: { searchParams: Promise<Asked> }) {
  const ctx = await getContext();
  const { group, revises } = await searchParams;
  const revised = await findRevised(ctx, typeof revises === 'string' ? revises : undefined);
  return (
    <>
      <PageHead
        title="A new statement"
        lead="Write what people are to sign together, who may sign it, and how many it takes until the names appear. A member of a group, or its issuer, opens it; nobody learns which member."
      />
      <BrowserGate>
        <ComposeForm
          platform={describePlatform(ctx)}
          groups={await listChoices(ctx, revised ? revised.statement.rolls.map((roll) => roll.group) : namedGroups(group))}
          revised={revised && { id: revised.id, statement: revised.statement }}
        />
      </BrowserGate>
    </>
  );
}
