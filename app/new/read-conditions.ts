/** From what an author typed to the condition under which names open, and how many open at a time. Pure. */

import { groupId } from '#lib/protocol/member/group.ts';
import { nameGroupsOf } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { type Counts, checkTrigger, readTrigger, suggestTogether, type Trigger } from '#lib/protocol/statement/trigger.ts';
import { judgeParts, type PartNote } from '#lib/signing/trigger-parts.ts';
import type { Draft } from './draft.ts';
import { draftOf, readCount, readTriggerDraft, type TriggerDraft } from './trigger-draft.ts';

const MOST_TOGETHER = 1000;

/**
 * When the names open and how many at a time, as a draft asks for it, judged against the rolls chosen; the detail of a refusal is a
 * sentence for the author.
 */
export function readConditions(
  draft: Draft,
  headers: readonly RollHeader[],
): Checked<Pick<Statement, 'trigger' | 'together'>, 'BAD_TRIGGER' | 'BAD_TOGETHER'> {
  const trigger = buildTrigger(draft, headers);
  if (!trigger.ok) return trigger;
  const shaped = readTrigger(trigger.value);
  if (!shaped.ok) return refuse('BAD_TRIGGER', sentence(shaped.detail ?? 'this condition cannot be used'));
  const together = readTogether(draft, shaped.value, headers.length);
  if (together === null)
    return refuse('BAD_TOGETHER', `Say how many names of a group open at a time: a whole number from 1 to ${MOST_TOGETHER}.`);
  const never = noteParts(shaped.value, headers, together).find(({ kind }) => kind === 'never');
  if (never) return refuse('BAD_TRIGGER', never.text);
  const checked = checkTrigger(shaped.value, sizesOf(headers), together);
  if (!checked.ok) return refuse('BAD_TRIGGER', sentence(checked.detail ?? 'this condition cannot be used'));
  return accept({ trigger: checked.value, together });
}

/** What an author should know of the parts of a well-formed condition, by the rolls of the statement. */
export function noteParts(trigger: Trigger, headers: readonly RollHeader[], together: number): PartNote[] {
  const nameOf = nameGroupsOf(headers);
  return judgeParts(trigger, { sizes: sizesOf(headers), together, nameOf });
}

/** The same for a condition that is still being built: nothing until every part of it can be read. */
export function noteDraftParts(draft: Draft, built: TriggerDraft, headers: readonly RollHeader[]): PartNote[] {
  const { trigger } = readTriggerDraft(built);
  if (trigger === null || headers.length === 0) return [];
  return noteParts(trigger, headers, readTogether(draft, trigger, headers.length) ?? 1);
}

/** What the builder begins with: what it held before, else what the form asks for now, else so many of each group. */
export function startBuilding(draft: Draft, headers: readonly RollHeader[]): TriggerDraft {
  if (draft.built !== null && draft.triggerKind !== 'json') return draft.built;
  const trigger = draft.triggerKind === 'built' ? null : buildTrigger(draft, headers);
  const shaped = trigger?.ok ? readTrigger(trigger.value) : null;
  if (shaped?.ok) return draftOf(shaped.value);
  return (
    draft.built ?? { kind: 'all', least: '2', parts: headers.map(({ group }) => ({ kind: 'group', group: groupId(group), count: '' })) }
  );
}

/** The condition as the form has it, whether or not it can be met. */
function buildTrigger(draft: Draft, headers: readonly RollHeader[]): Checked<unknown, 'BAD_TRIGGER'> {
  switch (draft.triggerKind) {
    case 'json': {
      const json = parseJson(draft.triggerJson);
      return json.ok ? accept(json.value) : refuse('BAD_TRIGGER', 'This is not JSON.');
    }
    case 'built': {
      const { trigger, faults } = readTriggerDraft(startBuilding(draft, headers));
      return trigger === null ? refuse('BAD_TRIGGER', faults[0]?.text ?? 'This condition is not complete.') : accept(trigger);
    }
    case 'total': {
      const count = readCount(draft.total);
      return count === null ? refuse('BAD_TRIGGER', 'Say how many have to sign: a whole number, 1 or more.') : accept({ count });
    }
    case 'groups':
      return buildOfGroups(draft, headers);
  }
}

function buildOfGroups(draft: Draft, headers: readonly RollHeader[]): Checked<Trigger, 'BAD_TRIGGER'> {
  const parts: { group: Hex32; count: number }[] = [];
  for (const header of headers) {
    const group = groupId(header.group);
    const typed = (draft.perGroup[group] ?? '').trim();
    if (typed === '' || typed === '0') continue;
    const count = readCount(typed);
    if (count === null)
      return refuse('BAD_TRIGGER', `Say how many of ${quote(nameGroupsOf(headers)(group))} have to sign: a whole number.`);
    parts.push({ group, count });
  }
  const [first, ...others] = parts;
  if (!first) return refuse('BAD_TRIGGER', 'Say for at least one group how many of it have to sign.');
  return accept(others.length === 0 ? first : { all: parts });
}

function readTogether(draft: Draft, trigger: Trigger, groups: number): number | null {
  const typed = draft.together.trim();
  if (typed === '') return suggestTogether(trigger, groups);
  const together = readCount(typed);
  return together === null || together > MOST_TOGETHER ? null : together;
}

function sizesOf(headers: readonly RollHeader[]): Counts {
  return new Map(headers.map((header) => [groupId(header.group), header.size]));
}

/** A detail as a sentence of its own. */
export function sentence(detail: string): string {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}${/[.!?]$/.test(detail) ? '' : '.'}`;
}
