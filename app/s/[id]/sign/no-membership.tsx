'use client';

import { Notice } from '#app/ui/notice.tsx';
import { NamesInLine } from '#app/ui/person-name.tsx';
import { useEndedKeys } from '#app/ui/use-ended-keys.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { Lookalike } from '#lib/signing/find-membership.ts';
import { lookalikeWarnings } from '#lib/signing/warnings.ts';

interface NoMembershipProps {
  title: string;
  todo?: string;
  rolls: ReadonlyMap<string, RollHeader>;
  lookalikes: readonly Lookalike[];
}

/** None of the person's memberships is in the groups that are meant, and which these are. */
export function NoMembership({ title, todo, rolls, lookalikes }: NoMembershipProps) {
  const ended = useEndedKeys();
  const nameOf = nameGroupsBy(rolls);
  if (ended === 'asking') return <p role="status">Comparing the groups with those that you know …</p>;
  const warnings = lookalikeWarnings(lookalikes, 'statement', ended === 'failed' ? [] : ended, nameOf);
  return (
    <Notice kind="info" title={title} todo={todo}>
      <p>
        <span>It is for </span>
        <NamesInLine names={[...rolls.keys()].map((group) => quote(nameOf(group)))} />.
      </p>
      {warnings.some(({ loud }) => loud) && (
        <p>
          <strong>Beware:</strong> one of them bears the name of a group you belong to, and has another issuer. It may be a trap.
        </p>
      )}
      {warnings.some(({ code }) => code === 'SUCCESSOR_GROUP') && (
        <p>
          One of them is your group under its issuer’s new key, as the key that you know has signed. Ask the issuer for an invitation that
          is made with the new key.
        </p>
      )}
    </Notice>
  );
}
