'use client';

import { HidingTable } from '#app/ui/hiding-table.tsx';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import css from './sign.module.css';

/** How many a signer of one group hides among, for each way in which the names can open. */
export function WhomYouHideAmong({ context, header }: { context: StatementContext; header: RollHeader }) {
  return (
    <details className={css.details}>
      <summary>Whom you hide among</summary>
      <p>
        While your name is sealed, anybody can tell that somebody of your group has signed, and not who. When the names open, yours opens
        with others of your group, and nobody can tell which of you signed when.
      </p>
      <HidingTable conditions={context} headers={[header]} nameOf={nameGroupsBy(context.rolls)} />
      <p>{`Whoever signs after that opens with at least ${context.statement.together} of the group.`}</p>
    </details>
  );
}
