'use client';

import { useMemo, useState } from 'react';
import { type ListedMember, type MemberState, STATE_WORDS } from '#app/issuer/member-list.ts';
import { Select } from '#app/ui/field.tsx';
import { LongList } from '#app/ui/long-list.tsx';
import type { IssuedGroup, Issuer } from '#lib/issuing/issuer-file.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import css from './invitations.module.css';
import { MemberTable } from './member-table.tsx';
import type { useInvitations } from './use-invitations.ts';

/** Rows of the table on a page: few, because the next step stands below them. */
const ROWS = 20;

interface ListedMembersProps {
  issuer: Issuer;
  group: IssuedGroup;
  members: readonly ListedMember[];
  desk: ReturnType<typeof useInvitations>;
}

/** Everybody on the roster, or those in one state. */
export function ListedMembers({ issuer, group, members, desk }: ListedMembersProps) {
  const [state, setState] = useState<MemberState | 'all'>('all');
  const listed = useMemo(() => members.filter((member) => state === 'all' || member.state === state), [members, state]);
  return (
    <>
      <div className={css.state}>
        <Select label="Show" value={state} onChange={(event) => setState(event.target.value as MemberState | 'all')}>
          <option value="all">Everybody</option>
          {Object.entries(STATE_WORDS).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
      </div>
      <p role="status">{`${countOf(listed.length, 'person', 'people')}.`}</p>
      <LongList
        key={state}
        items={listed}
        textOf={({ name, email }) => `${name} ${email}`}
        find="Find a name or address"
        one="person"
        many="people"
        size={ROWS}
        print="page"
      >
        {(shown) => <MemberTable issuer={issuer} group={group} members={shown} desk={desk} />}
      </LongList>
    </>
  );
}
