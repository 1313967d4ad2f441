'use client';

import { type ReactNode, useRef } from 'react';
import { groupId } from '#lib/protocol/member/group.ts';
import { nameGroupsOf } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { PartNote, PartPath } from '#lib/signing/trigger-parts.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { Fieldset, Select, TextInput } from '../ui/field.tsx';
import { Words } from '../ui/words.tsx';
import css from './trigger-builder.module.css';
import { type DraftFault, type ListKind, type TriggerDraft, turnInto, withPart } from './trigger-draft.ts';

/** What every part of the builder is given beside itself. */
interface BuilderSetting {
  headers: readonly RollHeader[];
  /** What to say of parts: of what can be read, and of what cannot. */
  notes: readonly (PartNote | DraftFault)[];
}

interface PartProps extends BuilderSetting {
  part: TriggerDraft;
  path: PartPath;
  onChange: (part: TriggerDraft) => void;
  /** Takes it away; the whole condition has none. */
  onRemove?: () => void;
}

const KINDS: readonly { kind: TriggerDraft['kind']; words: string }[] = [
  { kind: 'count', words: 'so many people, of any group' },
  { kind: 'group', words: 'so many people of one group' },
  { kind: 'weights', words: 'so much weight, where groups weigh differently' },
  { kind: 'all', words: 'all of these' },
  { kind: 'any', words: 'any of these' },
  { kind: 'atLeast', words: 'at least so many of these' },
];
/** As deep as a person can still read; deeper ones are for the JSON field, which takes 8 levels. */
const DEEPEST = 4;

/** Builds any condition of the protocol, part by part. */
export function TriggerBuilder(props: Omit<PartProps, 'path' | 'onRemove'>) {
  return <PartFields {...props} path={[]} />;
}

function PartFields({ part, path, headers, notes, onChange, onRemove }: PartProps) {
  const groups = headers.map(({ group }) => groupId(group));
  const own = notes.filter((note) => note.path.join('.') === path.join('.'));
  const isDeepest = path.length + 1 >= DEEPEST;
  return (
    <Fieldset
      legend={path.length === 0 ? 'The names open once there are' : `Part ${path.map((at) => at + 1).join('.')}`}
      error={own.length > 0 && <Words>{own.map(({ text }) => text).join(' ')}</Words>}
    >
      <div className={css.part}>
        <Select
          label="What it asks for"
          value={part.kind}
          onChange={(event) => onChange(turnInto(part, event.target.value as TriggerDraft['kind'], groups))}
        >
          {KINDS.filter(({ kind }) => !isDeepest || kind === part.kind || !isList(kind)).map(({ kind, words }) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </Select>
        {'parts' in part ? (
          <ListFields {...{ part, path, headers, notes, onChange }} />
        ) : (
          <CountFields part={part} headers={headers} onChange={onChange} />
        )}
        {onRemove && (
          <div>
            <Button kind="link" onClick={onRemove}>{`Take part ${path.map((at) => at + 1).join('.')} away`}</Button>
          </div>
        )}
      </div>
    </Fieldset>
  );
}

function isList(kind: TriggerDraft['kind']): kind is ListKind {
  return kind === 'all' || kind === 'any' || kind === 'atLeast';
}

interface ListProps extends Omit<PartProps, 'part' | 'onRemove'> {
  part: Extract<TriggerDraft, { kind: ListKind }>;
}

function ListFields({ part, path, headers, notes, onChange }: ListProps) {
  const add = useRef<HTMLDivElement>(null);
  function change(at: number, changed: TriggerDraft | null) {
    onChange({ ...part, parts: withPart(part.parts, at, changed) });
    if (changed === null) add.current?.querySelector('button')?.focus(); // what had the focus is gone
  }
  return (
    <>
      {part.kind === 'atLeast' && (
        <NumberField label="Parts that have to hold" value={part.least} onChange={(least) => onChange({ ...part, least })} />
      )}
      <div className={css.parts}>
        {part.parts.map((one, i) => (
          <PartFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a part is nothing but its place
            key={i}
            part={one}
            path={[...path, i]}
            headers={headers}
            notes={notes}
            onChange={(changed) => change(i, changed)}
            onRemove={() => change(i, null)}
          />
        ))}
        <div ref={add}>
          <ButtonRow>
            <Button kind="secondary" onClick={() => onChange({ ...part, parts: [...part.parts, nextPart(part, headers)] })}>
              {path.length === 0 ? 'Add a part' : `Add to part ${path.map((at) => at + 1).join('.')}`}
            </Button>
          </ButtonRow>
        </div>
      </div>
    </>
  );
}

/** A part for the first group that the list does not count yet. */
function nextPart({ parts }: ListProps['part'], headers: readonly RollHeader[]): TriggerDraft {
  const counted = new Set(parts.map((part) => (part.kind === 'group' ? part.group : '')));
  const group = headers.map((header) => groupId(header.group)).find((id) => !counted.has(id));
  return group === undefined ? { kind: 'count', count: '' } : { kind: 'group', group, count: '' };
}

interface CountProps {
  part: Exclude<TriggerDraft, { kind: ListKind }>;
  headers: readonly RollHeader[];
  onChange: (part: TriggerDraft) => void;
}

function CountFields({ part, headers, onChange }: CountProps) {
  const nameOf = nameGroupsOf(headers);
  if (part.kind === 'count') return <NumberField label="People" value={part.count} onChange={(count) => onChange({ ...part, count })} />;
  if (part.kind === 'group')
    return (
      <div className={css.row}>
        <NumberField label="People" value={part.count} onChange={(count) => onChange({ ...part, count })} />
        <Select label="Of" value={part.group} onChange={(event) => onChange({ ...part, group: event.target.value })}>
          {!headers.some(({ group }) => groupId(group) === part.group) && <option value={part.group}>Choose a group</option>}
          {headers.map(({ group }) => (
            <option key={groupId(group)} value={groupId(group)} translate="no">
              {nameOf(groupId(group))}
            </option>
          ))}
        </Select>
      </div>
    );
  return (
    <>
      {headers.map(({ group }) => (
        <NumberField
          key={groupId(group)}
          label={<Words>{`What a signature of ${quote(nameOf(groupId(group)))} weighs`}</Words>}
          value={part.weights[groupId(group)] ?? ''}
          onChange={(weight) => onChange({ ...part, weights: { ...part.weights, [groupId(group)]: weight } })}
        />
      ))}
      {Object.entries(part.weights)
        .filter(([id, weight]) => weight !== '' && !headers.some(({ group }) => groupId(group) === id))
        .map(([id, weight]) => (
          <NumberField
            key={id}
            label={`What a signature of a group weighs that you did not choose (${id.slice(0, 8)}…)`}
            value={weight}
            onChange={(changed) => onChange({ ...part, weights: { ...part.weights, [id]: changed } })}
          />
        ))}
      <NumberField label="Weight needed in all" value={part.total} onChange={(total) => onChange({ ...part, total })} />
    </>
  );
}

function NumberField({ label, value, onChange }: { label: ReactNode; value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      label={label}
      inputMode="numeric"
      autoComplete="off"
      size={6}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
