'use client';

import { Notice } from '#app/ui/notice.tsx';
import { NamesInLine } from '#app/ui/person-name.tsx';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Lookalike } from '#lib/signing/find-membership.ts';

interface NoMembershipProps {
  title: string;
  todo?: string;
  rolls: ReadonlyMap<string, RollHeader>;
  lookalikes: readonly Lookalike[];
}

/** None of the person's memberships is in the groups that are meant, and which these are. */
export function NoMembership({ title, todo, rolls, lookalikes }: NoMembershipProps) {
  return (
    <Notice kind="info" title={title} todo={todo}>
      <p>
        <span>It is for </span>
        <NamesInLine names={[...rolls.values()].map((header) => `“${header.group.name}”`)} />.
      </p>
      {lookalikes.length > 0 && (
        <p>
          <strong>Beware:</strong> one of them bears the name of a group you belong to, and has another issuer. It may be a trap.
        </p>
      )}
    </Notice>
  );
}
