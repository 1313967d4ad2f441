'use client';

import { groupId } from '#lib/protocol/member/group.ts';
import { nameGroupsOf } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { leastSignatures, type Trigger } from '#lib/protocol/statement/trigger.ts';
import { partsOf } from '#lib/signing/trigger-parts.ts';
import { admissionWarnings, type Conditions, triggerWarnings } from '#lib/signing/warnings.ts';
import { Condition } from '../ui/condition.tsx';
import { ConditionDiagram } from '../ui/condition-diagram.tsx';
import { Notice } from '../ui/notice.tsx';
import { Words } from '../ui/words.tsx';
import type { Draft } from './draft.ts';
import css from './new.module.css';
import { noteParts, readConditions } from './read-conditions.ts';

interface ConditionReadingProps {
  draft: Draft;
  /** The rolls of all groups that the author has chosen. */
  headers: readonly RollHeader[];
}

/** The condition read back as it stands: in a sentence, as a diagram, with what is wrong with it and the fewest who can meet it. */
export function ConditionReading({ draft, headers }: ConditionReadingProps) {
  const read = readConditions(draft, headers);
  if (!read.ok) {
    const isWritten = draft.triggerKind === 'built' || (draft.triggerKind === 'json' && draft.triggerJson.trim() !== '');
    return isWritten && read.code === 'BAD_TRIGGER' && <p key="fault">{<Words>{`Not a condition yet. ${read.detail}`}</Words>}</p>;
  }
  const { trigger, together } = read.value;
  const nameOf = nameGroupsOf(headers);
  // The builder says such things beside the part itself.
  const notes = draft.triggerKind === 'built' ? [] : noteParts(trigger, headers, together);
  return (
    <div key="read" className={css.part}>
      <p>
        The names open once <Condition trigger={trigger} nameOf={nameOf} />.
      </p>
      {isComposed(trigger) && <ConditionDiagram trigger={trigger} nameOf={nameOf} />}
      {notes.map(({ text }) => (
        <p key={text}>
          <Words>{text}</Words>
        </p>
      ))}
      <Least conditions={read.value} headers={headers} />
    </div>
  );
}

function isComposed(trigger: Trigger): boolean {
  return partsOf(trigger).length > 0;
}

/** The least number of people who can make the names open, and what that means for them. */
function Least({ conditions, headers }: { conditions: Conditions['statement']; headers: readonly RollHeader[] }) {
  const sizes = new Map(headers.map((header) => [groupId(header.group), header.size]));
  const least = Math.max(leastSignatures(conditions.trigger, sizes), conditions.together);
  const served = admissionWarnings(headers, conditions).filter(({ loud }) => loud);
  const warnings = [...triggerWarnings({ statement: conditions, sizes }), ...served];
  return (
    <div className={css.part}>
      <p>
        The fewest people who can make the names open: <strong>{least}</strong>.
      </p>
      {warnings.map((warning) => (
        <Notice key={warning.text} kind="warning" title={warning.text}>
          {warning.code === 'FEW_SIGNATURES' && <p>A round robin protects by numbers. Think of asking for more.</p>}
          {warning.code === 'ADMITTED_BY_SERVER' && <p>Ask for more signatures than were admitted in such ways.</p>}
        </Notice>
      ))}
    </div>
  );
}
