'use client';

import type { GroupSummary } from '#lib/api/shapes.ts';
import { ANONYMITY_COMFORT } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { groupDigits } from '../ring/ring-words.ts';
import { Checkbox, Fieldset } from '../ui/field.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { LongList } from '../ui/long-list.tsx';
import { PersonName } from '../ui/person-name.tsx';
import type { DraftFieldsProps } from './part-props.ts';
import type { RollState } from './use-rolls.ts';

interface GroupFieldsProps extends DraftFieldsProps {
  groups: readonly GroupSummary[];
  rolls: ReadonlyMap<Hex32, RollState>;
  onChoose: (group: Hex32) => void;
}

/** The groups whose members may sign, with their size and what that size hides. */
export function GroupFields({ draft, change, problemOf, platform, groups, rolls, onChoose }: GroupFieldsProps) {
  function toggle(group: Hex32, on: boolean) {
    if (on) onChoose(group);
    change({ groups: on ? [...draft.groups, group] : draft.groups.filter((other) => other !== group) });
  }

  return (
    <Fieldset
      legend="Who may sign"
      hint="Members of the groups that you choose. The roll of each group is frozen into the statement: nobody can be added afterwards."
      error={problemOf('groups')}
    >
      <LongList
        items={groups}
        textOf={({ group }) => `${group.name} ${group.issuer}`}
        find="Find a group"
        one="group"
        many="groups"
        size={50}
      >
        {(shown) => (
          <>
            {shown.map((summary) => {
              const roll = rolls.get(summary.id);
              return (
                <Checkbox
                  key={summary.id}
                  name="group"
                  checked={draft.groups.includes(summary.id)}
                  disabled={summary.size < platform.anonymityFloor}
                  onChange={(event) => toggle(summary.id, event.target.checked)}
                  label={
                    <>
                      <PersonName name={summary.group.name} />
                      <span>{` · ${groupDigits(summary.size)} ${summary.size === 1 ? 'member' : 'members'}`}</span>
                    </>
                  }
                  hint={
                    <>
                      <span>{noteOnSize(summary.size, platform.anonymityFloor)}</span>
                      <span>{roll?.status === 'loading' && 'Fetching the roll … '}</span>
                      <span>{roll?.status === 'failed' && draft.groups.includes(summary.id) && `${roll.text} `}</span>
                      <span>Issuer </span>
                      <KeyFingerprint hex={summary.group.issuer} whose="Issuer’s key" short />
                    </>
                  }
                />
              );
            })}
          </>
        )}
      </LongList>
      {groups.length === 0 && <p>No group has published its members here yet. An issuer makes one first.</p>}
    </Fieldset>
  );
}

function noteOnSize(size: number, floor: number): string {
  if (size === 0) return 'Has not published its members yet. ';
  if (size < floor) return `Too small: at least ${floor} are needed to hide anybody. `;
  if (size < ANONYMITY_COMFORT) return 'Small: people who know the group may guess who signed. ';
  return '';
}
