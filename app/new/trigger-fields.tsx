'use client';

import { groupId } from '#lib/protocol/member/group.ts';
import { nameGroupsOf } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { Fieldset, Radio, TextArea, TextInput } from '../ui/field.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { Words } from '../ui/words.tsx';
import { ConditionReading } from './condition-reading.tsx';
import type { Draft } from './draft.ts';
import css from './new.module.css';
import type { DraftFieldsProps } from './part-props.ts';
import { noteDraftParts, readConditions, startBuilding } from './read-conditions.ts';
import { TriggerBuilder } from './trigger-builder.tsx';
import { readTriggerDraft } from './trigger-draft.ts';
import { TRIGGER_EXAMPLES } from './trigger-examples.ts';

interface TriggerFieldsProps extends DraftFieldsProps {
  /** The rolls of the chosen groups that have arrived. */
  headers: readonly RollHeader[];
}

const KINDS: readonly { kind: Draft['triggerKind']; label: string; hint?: string }[] = [
  { kind: 'total', label: 'Once enough people have signed' },
  { kind: 'groups', label: 'Once enough people of each group have signed' },
  { kind: 'built', label: 'On a condition of several parts', hint: 'All, any, or so many of its parts; and groups may weigh differently.' },
  { kind: 'json', label: 'On a condition written as JSON', hint: 'For those who know the protocol: any trigger of its specification.' },
];

/** When the names open: a number in all, a number of each group, or any condition of the protocol, built or written. */
export function TriggerFields(props: TriggerFieldsProps) {
  const { draft, change, problemOf, headers } = props;
  const isComplete = headers.length > 0 && headers.length === draft.groups.length;
  function choose(kind: Draft['triggerKind']) {
    const read = readConditions(draft, headers);
    if (kind === 'built') change({ triggerKind: kind, built: startBuilding(draft, headers) });
    else if (kind === 'json' && read.ok) change({ triggerKind: kind, triggerJson: canonicalJson(read.value.trigger) });
    else change({ triggerKind: kind });
  }
  return (
    <div className={css.part}>
      <Fieldset legend="When the names open" error={problemOf('trigger')}>
        {KINDS.filter(({ kind }) => kind !== 'groups' || draft.groups.length > 1 || draft.triggerKind === kind).map((one) => (
          <div key={one.kind}>
            <Radio
              name="trigger"
              label={one.label}
              hint={one.hint}
              checked={draft.triggerKind === one.kind}
              onChange={() => choose(one.kind)}
            />
            {draft.triggerKind === one.kind && (
              <div className={one.kind === 'built' ? css.built : css.under}>
                <KindFields {...props} />
              </div>
            )}
          </div>
        ))}
      </Fieldset>
      {isComplete && <Examples {...props} />}
      <div role="status">{isComplete && <ConditionReading draft={draft} headers={headers} />}</div>
    </div>
  );
}

function KindFields(props: TriggerFieldsProps) {
  const { draft, change, headers } = props;
  switch (draft.triggerKind) {
    case 'total':
      return (
        <TextInput
          label="Signatures needed"
          name="total"
          inputMode="numeric"
          autoComplete="off"
          size={8}
          value={draft.total}
          onChange={(event) => change({ total: event.target.value })}
        />
      );
    case 'groups': {
      const nameOf = nameGroupsOf(headers);
      return headers.map((header) => {
        const group = groupId(header.group);
        return (
          <TextInput
            key={group}
            label={<Words>{`Signatures needed of ${quote(nameOf(group))}`}</Words>}
            inputMode="numeric"
            autoComplete="off"
            size={8}
            value={draft.perGroup[group] ?? ''}
            onChange={(event) => change({ perGroup: { ...draft.perGroup, [group]: event.target.value } })}
          />
        );
      });
    }
    case 'built':
      return <BuiltFields {...props} />;
    case 'json':
      return <JsonFields {...props} />;
  }
}

function BuiltFields({ draft, change, problemOf, headers }: TriggerFieldsProps) {
  const built = startBuilding(draft, headers);
  const wasAsked = problemOf('trigger') !== undefined;
  const faults = readTriggerDraft(built).faults.filter(({ isMissing }) => wasAsked || !isMissing);
  return (
    <TriggerBuilder
      part={built}
      headers={headers}
      notes={[...faults, ...noteDraftParts(draft, built, headers)]}
      onChange={(part) => change({ built: part })}
    />
  );
}

const EXAMPLE = '{"any":[{"count":50},{"group":"<id>","count":5}]}';

function JsonFields({ draft, change, headers }: TriggerFieldsProps) {
  return (
    <>
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
    </>
  );
}

/** Conditions that people ask for most, of the groups that were chosen; what they fill in can be changed. */
function Examples({ change, headers }: TriggerFieldsProps) {
  const sizes = new Map(headers.map((header) => [groupId(header.group), header.size]));
  const fitting = TRIGGER_EXAMPLES.filter(({ groups }) => groups <= headers.length);
  return (
    <section className={css.examples} aria-label="Examples of conditions">
      <p>Or begin with an example and change it:</p>
      <ButtonRow>
        {fitting.map(({ words, build }) => (
          <Button key={words} kind="secondary" onClick={() => change({ triggerKind: 'built', built: build(sizes) })}>
            {words}
          </Button>
        ))}
      </ButtonRow>
      {fitting.length < TRIGGER_EXAMPLES.length && <p>More of them need more groups: choose those first.</p>}
    </section>
  );
}
