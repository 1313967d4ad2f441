'use client';

import { groupId } from '#lib/protocol/member/group.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { leastSignatures } from '#lib/protocol/statement/trigger.ts';
import { admissionWarnings, type Conditions, triggerWarnings } from '#lib/signing/warnings.ts';
import { Fieldset, Radio, TextArea, TextInput } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { Words } from '../ui/words.tsx';
import { readConditions } from './compose-statement.ts';
import css from './new.module.css';
import type { DraftFieldsProps } from './part-props.ts';

interface TriggerFieldsProps extends DraftFieldsProps {
  /** The rolls of the chosen groups that have arrived. */
  headers: readonly RollHeader[];
}

/** When the names open: a number in all, a number of each group, or any condition of the protocol. */
export function TriggerFields({ draft, change, problemOf, headers }: TriggerFieldsProps) {
  const read = readConditions(draft, headers);
  return (
    <div className={css.part}>
      <Fieldset legend="When the names open" error={problemOf('trigger')}>
        <Radio
          name="trigger"
          label="Once enough people have signed"
          checked={draft.triggerKind === 'total'}
          onChange={() => change({ triggerKind: 'total' })}
        />
        {draft.triggerKind === 'total' && (
          <div className={css.under}>
            <TextInput
              label="Signatures needed"
              name="total"
              inputMode="numeric"
              autoComplete="off"
              size={8}
              value={draft.total}
              onChange={(event) => change({ total: event.target.value })}
            />
          </div>
        )}
        {draft.groups.length > 1 && (
          <Radio
            name="trigger"
            label="Once enough people of each group have signed"
            checked={draft.triggerKind === 'groups'}
            onChange={() => change({ triggerKind: 'groups' })}
          />
        )}
        {draft.triggerKind === 'groups' && (
          <div className={css.under}>
            {headers.map((header) => {
              const group = groupId(header.group);
              return (
                <TextInput
                  key={group}
                  label={<Words>{`Signatures needed of “${header.group.name}”`}</Words>}
                  inputMode="numeric"
                  autoComplete="off"
                  size={8}
                  value={draft.perGroup[group] ?? ''}
                  onChange={(event) => change({ perGroup: { ...draft.perGroup, [group]: event.target.value } })}
                />
              );
            })}
          </div>
        )}
        <Radio
          name="trigger"
          label="On another condition"
          hint="For those who know the protocol: any trigger of its specification, as JSON."
          checked={draft.triggerKind === 'json'}
          onChange={() => change({ triggerKind: 'json' })}
        />
        {draft.triggerKind === 'json' && (
          <div className={css.under}>
            <TextArea
              label="Trigger"
              hint={
                <>
                  For example <code translate="no">{EXAMPLE}</code>
                </>
              }
              rows={4}
              spellCheck={false}
              value={draft.triggerJson}
              onChange={(event) => change({ triggerJson: event.target.value })}
            />
            {headers.map((header) => (
              <p key={groupId(header.group)} className={css.groupId}>
                <PersonName name={header.group.name} />: <code translate="no">{groupId(header.group)}</code>
              </p>
            ))}
          </div>
        )}
      </Fieldset>
      <div role="status">
        {read.ok && headers.length > 0 && headers.length === draft.groups.length && <Least conditions={read.value} headers={headers} />}
      </div>
    </div>
  );
}

const EXAMPLE = '{"any":[{"count":50},{"group":"<id>","count":5}]}';

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
