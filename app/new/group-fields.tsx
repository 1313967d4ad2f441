'use client';

import type { GroupChoices } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { GroupChoice } from './group-choice.tsx';
import { OpeningNote } from './opening-note.tsx';
import type { DraftFieldsProps } from './part-props.ts';
import type { RollState } from './use-rolls.ts';

interface GroupFieldsProps extends DraftFieldsProps {
  groups: GroupChoices;
  rolls: ReadonlyMap<Hex32, RollState>;
  onChoose: (group: Hex32) => void;
}

/** The groups whose members may sign. */
export function GroupFields({ draft, change, problemOf, platform, groups, rolls, onChoose }: GroupFieldsProps) {
  function toggle(group: Hex32, on: boolean) {
    if (on) onChoose(group);
    change({ groups: on ? [...draft.groups, group] : draft.groups.filter((other) => other !== group) });
  }
  return (
    <>
      <GroupChoice
        legend="Who may sign"
        hint="Members of the groups that you choose. The roll of each group is frozen into the statement: nobody can be added afterwards."
        error={problemOf('groups')}
        guess="who signed"
        groups={groups}
        chosen={draft.groups}
        rolls={rolls}
        floor={platform.anonymityFloor}
        onChange={toggle}
      />
      {draft.groups.map((id) => {
        const roll = rolls.get(id);
        return roll?.status === 'here' && <OpeningNote key={id} group={id} name={roll.header.group.name} />;
      })}
    </>
  );
}
