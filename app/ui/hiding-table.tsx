'use client';

import { groupId } from '#lib/protocol/member/group.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import { type BranchHiding, describeFew, hidingOf } from '#lib/signing/hiding.ts';
import type { Conditions } from '#lib/signing/warnings.ts';
import { Condition } from './condition.tsx';
import { DataTable } from './data-table.tsx';
import { LongList } from './long-list.tsx';
import { PersonName } from './person-name.tsx';

interface HidingTableProps {
  conditions: Conditions;
  /** The groups that are shown, by the rolls of the statement. */
  headers: readonly RollHeader[];
  /** Gives the name of any group of the statement. */
  nameOf: (group: string) => string;
}

type Row = BranchHiding & { key: string; header: RollHeader };

/** For each group, which is named where there are several, and each way in which the names can open: how many a signer hides among before, and stands among after. */
export function HidingTable({ conditions, headers, nameOf }: HidingTableProps) {
  const rows = headers.flatMap((header) => {
    const group = groupId(header.group);
    return hidingOf(conditions, group).map((hiding, i): Row => ({ ...hiding, header, key: `${group} ${i}` }));
  });
  return (
    <LongList items={rows} textOf={({ header }) => header.group.name} find="Find a group" one="row" many="rows" size={20}>
      {(shown) => (
        <DataTable
          caption="Whom a signer hides among"
          captionHidden
          rows={shown}
          rowKey={({ key }) => key}
          columns={[
            ...(headers.length > 1
              ? [{ heading: 'A signer of', cell: ({ header }: Row) => <PersonName name={nameOf(groupId(header.group))} /> }]
              : []),
            { heading: 'The names open once', cell: ({ branch }) => <Condition trigger={branch} nameOf={nameOf} /> },
            { heading: 'Sealed, one of', numeric: true, cell: ({ header }) => groupDigits(header.size) },
            { heading: 'Then one of at least', cell: ({ own }) => describeOwn(own) },
          ]}
        />
      )}
    </LongList>
  );
}

function describeOwn(own: number | null): string {
  const few = describeFew(own);
  if (own === null) return few;
  return few ? `${groupDigits(own)}: ${few}` : groupDigits(own);
}
