/** A condition as its builder holds it while somebody builds it: texts where a person types. Pure. */
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';
import { type PartPath, partsOf } from '#lib/signing/trigger-parts.ts';

export type ListKind = 'all' | 'any' | 'atLeast';

/** One part of it. A list keeps the number that `atLeast` asks for also while it is of another kind, so that trying loses nothing. */
export type TriggerDraft =
  | { kind: 'count'; count: string }
  | { kind: 'group'; group: Hex32; count: string }
  | { kind: 'weights'; weights: Readonly<Record<Hex32, string>>; total: string }
  | { kind: ListKind; least: string; parts: readonly TriggerDraft[] };

/** What a part lacks. `isMissing`: nothing stands there yet, which is no fault while somebody is at work. */
export type DraftFault = { path: PartPath; text: string; isMissing: boolean };

/** A whole number from 1 on that can be counted exactly, or null. */
export function readCount(text: string): number | null {
  const count = /^[1-9]\d{0,15}$/.test(text.trim()) ? Number(text) : 0;
  return count > 0 && Number.isSafeInteger(count) ? count : null;
}

/** The trigger of a draft, or what is missing in which of its parts. Whether it can be met is for `judgeParts` and `checkTrigger`. */
export function readTriggerDraft(draft: TriggerDraft): { trigger: Trigger | null; faults: readonly DraftFault[] } {
  const faults: DraftFault[] = [];
  const trigger = readPart(draft, [], faults);
  return { trigger: faults.length === 0 ? trigger : null, faults };
}

function readPart(draft: TriggerDraft, path: PartPath, faults: DraftFault[]): Trigger {
  const read = (text: string, what: string): number => {
    const count = readCount(text);
    if (count === null) faults.push({ path, isMissing: text.trim() === '', text: `Say ${what}: a whole number, 1 or more.` });
    return count ?? 1;
  };
  switch (draft.kind) {
    case 'count':
      return { count: read(draft.count, 'how many have to sign') };
    case 'group':
      if (draft.group === '') faults.push({ path, isMissing: true, text: 'Choose a group.' });
      return { group: draft.group, count: read(draft.count, 'how many of the group have to sign') };
    case 'weights': {
      const counted = Object.entries(draft.weights).filter(([, weight]) => weight.trim() !== '' && weight.trim() !== '0');
      if (counted.length === 0) faults.push({ path, isMissing: true, text: 'Give at least one group a weight.' });
      const weights = counted.map(([group, weight]) => [group, read(weight, 'what a signature of each group weighs')] as const);
      return { weights: Object.fromEntries(weights), total: read(draft.total, 'how much they have to weigh in all') };
    }
    default: {
      if (draft.parts.length === 0) faults.push({ path, isMissing: true, text: 'Add a part, or take this list away.' });
      const parts = draft.parts.map((part, i) => readPart(part, [...path, i], faults));
      if (draft.kind === 'all') return { all: parts };
      return draft.kind === 'any' ? { any: parts } : { atLeast: read(draft.least, 'how many of the parts have to hold'), of: parts };
    }
  }
}

/** The draft of a trigger: reading it gives the trigger again. */
export function draftOf(trigger: Trigger): TriggerDraft {
  if ('weights' in trigger) {
    const weights = Object.entries(trigger.weights).map(([group, weight]) => [group, String(weight)]);
    return { kind: 'weights', weights: Object.fromEntries(weights), total: String(trigger.total) };
  }
  const parts = partsOf(trigger).map(draftOf);
  if ('of' in trigger) return { kind: 'atLeast', least: String(trigger.atLeast), parts };
  if ('all' in trigger || 'any' in trigger) return { kind: 'all' in trigger ? 'all' : 'any', least: '', parts };
  const count = String(trigger.count);
  return 'group' in trigger ? { kind: 'group', group: trigger.group, count } : { kind: 'count', count };
}

/** The same part as another kind of part, with as much as possible of what was typed. `groups`: of the statement, in the form's order. */
export function turnInto(draft: TriggerDraft, kind: TriggerDraft['kind'], groups: readonly Hex32[]): TriggerDraft {
  if (kind === draft.kind) return draft;
  const count = draft.kind === 'weights' ? draft.total : 'count' in draft ? draft.count : '';
  if (kind === 'count') return { kind, count };
  if (kind === 'group') return { kind, group: draft.kind === 'group' ? draft.group : (groups[0] ?? ''), count };
  if (kind === 'weights') return { kind, total: count, weights: Object.fromEntries(groups.map((group) => [group, '1'])) };
  return 'parts' in draft ? { ...draft, kind } : { kind, least: '2', parts: [draft] };
}

/** The parts of a list with one of them changed; without it where `changed` is null. */
export function withPart(parts: readonly TriggerDraft[], at: number, changed: TriggerDraft | null): TriggerDraft[] {
  return parts.flatMap((part, i) => (i !== at ? [part] : changed === null ? [] : [changed]));
}
