'use client';

import type { GroupChoices, GroupSummary } from '#lib/api/shapes.ts';
import { ANONYMITY_COMFORT } from '#lib/protocol/member/roll.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { growthWarnings } from '#lib/signing/growth.ts';
import { Checkbox, Fieldset } from '../ui/field.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { LongList } from '../ui/long-list.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { FoundGroups } from './found-groups.tsx';
import type { RollState } from './use-rolls.ts';

interface GroupChoiceProps {
  legend: string;
  hint: string;
  error: string | undefined;
  /** What people who know a small group may guess, e.g. "who signed". */
  guess: string;
  groups: GroupChoices;
  chosen: readonly Hex32[];
  rolls: ReadonlyMap<Hex32, RollState>;
  /** The fewest members. */
  floor: number;
  onChange: (group: Hex32, on: boolean) => void;
}

/** Groups to choose from, with their size and what that size hides. */
export function GroupChoice({ legend, hint, error, guess, groups, chosen, rolls, floor, onChange }: GroupChoiceProps) {
  const boxes = (shown: readonly GroupSummary[]) =>
    shown.map((summary) => <GroupBox key={summary.id} {...{ summary, guess, floor, chosen, onChange }} roll={rolls.get(summary.id)} />);
  return (
    <Fieldset legend={legend} hint={hint} error={error}>
      {groups.next === undefined ? (
        <LongList
          items={groups.groups}
          textOf={({ group }) => `${group.name} ${group.issuer}`}
          find="Find a group"
          one="group"
          many="groups"
          size={50}
        >
          {boxes}
        </LongList>
      ) : (
        <FoundGroups first={groups} chosen={chosen.flatMap((id) => summaryOf(id, groups, rolls.get(id)) ?? [])}>
          {boxes}
        </FoundGroups>
      )}
      {groups.groups.length === 0 && <p>No group has published its members here yet. An issuer makes one first.</p>}
    </Fieldset>
  );
}

/** What is shown of a group that is chosen: of one that was found since the page came, what its roll says. */
function summaryOf(id: Hex32, { groups, chosen }: GroupChoices, roll: RollState | undefined): GroupSummary | undefined {
  const known = [...chosen, ...groups].find((one) => one.id === id);
  if (known || roll?.status !== 'here') return known;
  const { group, size, number, time } = roll.header;
  return { id, group, size, number, time };
}

type GroupBoxProps = Pick<GroupChoiceProps, 'guess' | 'chosen' | 'floor' | 'onChange'> & {
  summary: GroupSummary;
  roll: RollState | undefined;
};

function GroupBox({ summary, roll, guess, chosen, floor, onChange }: GroupBoxProps) {
  return (
    <Checkbox
      name="group"
      checked={chosen.includes(summary.id)}
      disabled={summary.size < floor}
      onChange={(event) => onChange(summary.id, event.target.checked)}
      label={
        <>
          <PersonName name={summary.group.name} />
          <span>{` · ${countOf(summary.size, 'member', 'members')}`}</span>
        </>
      }
      hint={
        <>
          <span>{noteOnSize(summary.size, floor, guess)}</span>
          <span>{roll?.status === 'loading' && 'Fetching the roll … '}</span>
          {roll?.status === 'here' &&
            chosen.includes(summary.id) &&
            growthWarnings(roll.history).map(({ code, text }) => <span key={code}>{`${text} `}</span>)}
          <span>{roll?.status === 'failed' && chosen.includes(summary.id) && `${roll.text} `}</span>
          <span>Issuer </span>
          <KeyFingerprint hex={summary.group.issuer} whose="Issuer’s key" short />
        </>
      }
    />
  );
}

function noteOnSize(size: number, floor: number, guess: string): string {
  if (size === 0) return 'Has not published its members yet. ';
  if (size < floor) return `Too small: at least ${floor} are needed to hide anybody. `;
  if (size < ANONYMITY_COMFORT) return `Small: people who know the group may guess ${guess}. `;
  return '';
}
