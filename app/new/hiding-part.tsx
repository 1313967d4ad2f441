'use client';

import { groupId } from '#lib/protocol/member/group.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { HidingTable } from '../ui/hiding-table.tsx';
import css from './new.module.css';
import type { DraftFieldsProps } from './part-props.ts';
import { readConditions } from './read-conditions.ts';

interface HidingPartProps extends Pick<DraftFieldsProps, 'draft'> {
  /** The rolls of the chosen groups that have arrived. */
  headers: readonly RollHeader[];
}

/** Whom those who sign will hide among, as the form stands: for each group, and each way in which the names can open. */
export function HidingPart({ draft, headers }: HidingPartProps) {
  const read = readConditions(draft, headers);
  if (!read.ok || headers.length === 0 || headers.length < draft.groups.length) return null;
  const byId = new Map(headers.map((header) => [groupId(header.group), header]));
  const sizes = new Map([...byId].map(([group, { size }]) => [group, size]));
  return (
    <details className={css.hashed}>
      <summary>Whom a signer hides among</summary>
      <HidingTable conditions={{ statement: read.value, sizes }} headers={headers} nameOf={nameGroupsBy(byId)} />
    </details>
  );
}
