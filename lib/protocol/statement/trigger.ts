// SPEC §5.4: the trigger
import { z } from 'zod';
import { type Checked, refuse } from '../messages/checked.ts';
import type { Hex32 } from '../messages/hash.ts';
import { checkShape, hex32, positive, type Shape } from '../messages/shape.ts';

/** The condition under which names open. Every operator is monotone: one more signature never un-meets a trigger. */
export type Trigger =
  | { count: number }
  | { group: Hex32; count: number }
  | { weights: Record<Hex32, number>; total: number }
  | { all: Trigger[] }
  | { any: Trigger[] }
  | { atLeast: number; of: Trigger[] };

/** Counts by group id: members of a roll, or distinct nullifiers of signatures. */
export type Counts = ReadonlyMap<Hex32, number>;

const MAX_NESTING = 8;
const MAX_NODES = 64;
const MOST_JUDGED = 4096;
const TOGETHER = { many: 5, few: 3 };

/** A trigger of which no part is looked at: `checkTrigger` refuses it for their number, and a list of their faults would take gigabytes. */
const endless = z.custom<Trigger>((value) => measure(value, 1).nodes > MOST_JUDGED);

export const triggerShape: Shape<Trigger> = z.lazy(() =>
  z.union([
    endless,
    z.strictObject({ count: positive }),
    z.strictObject({ group: hex32, count: positive }),
    z.strictObject({ weights: z.record(hex32, positive.max(1_000_000)), total: positive }),
    z.strictObject({ all: z.array(triggerShape).min(1) }),
    z.strictObject({ any: z.array(triggerShape).min(1) }),
    z.strictObject({ atLeast: positive, of: z.array(triggerShape).min(1) }),
  ]),
);

/**
 * Judges a trigger against the sizes of the statement's rolls. Refused: zero, an empty list, a group that the statement
 * does not name, and any part that could not be met if every member of every roll signed (T19). Rolls of fewer than `together`
 * members count as empty there, for no wave opens a name of theirs. SPEC §5.4.
 */
export function checkTrigger(value: unknown, sizes: Counts, together: number): Checked<Trigger, 'BAD_TRIGGER'> {
  const shaped = readTrigger(value);
  if (!shaped.ok) return shaped;
  const fault = findFault(shaped.value, countTogether(sizes, together));
  return fault === null ? shaped : refuse('BAD_TRIGGER', fault);
}

/** Whether a value is a trigger at all: outline, nesting and number of nodes, for which no roll is needed. SPEC §5.4. */
export function readTrigger(value: unknown): Checked<Trigger, 'BAD_TRIGGER'> {
  const outline = measure(value, 1);
  if (outline.nesting > MAX_NESTING) return refuse('BAD_TRIGGER', `the trigger is nested deeper than ${MAX_NESTING} levels`);
  if (outline.nodes > MAX_NODES) return refuse('BAD_TRIGGER', `the trigger has more than ${MAX_NODES} parts`);
  const shaped = checkShape(triggerShape, value);
  return shaped.ok ? shaped : refuse('BAD_TRIGGER', `the trigger is not well formed (${shaped.detail})`);
}

/** What of these counts can be in one wave at most: groups of which there are fewer than `together` count as empty. SPEC §5.4. */
export function countTogether(counts: Counts, together: number): Counts {
  return new Map([...counts].map(([group, count]) => [group, count < together ? 0 : count]));
}

/** Whether the signatures counted by group meet the trigger. The one function that decides it, everywhere. SPEC §5.4. */
export function isTriggerMet(trigger: Trigger, counts: Counts): boolean {
  if ('weights' in trigger) return weighSignatures(trigger.weights, counts) >= trigger.total;
  if ('all' in trigger) return trigger.all.every((part) => isTriggerMet(part, counts));
  if ('any' in trigger) return trigger.any.some((part) => isTriggerMet(part, counts));
  if ('atLeast' in trigger) return trigger.of.filter((part) => isTriggerMet(part, counts)).length >= trigger.atLeast;
  if ('group' in trigger) return (counts.get(trigger.group) ?? 0) >= trigger.count;
  return totalOf(counts) >= trigger.count;
}

/**
 * A lower bound on the number of signatures with which the trigger can be met; exact where parts that have to hold together share no
 * signatures. Forms and sign pages show it and warn below 3. SPEC §5.5.
 */
export function leastSignatures(trigger: Trigger, sizes: Counts): number {
  if ('weights' in trigger) return leastByWeight(trigger, sizes);
  if ('any' in trigger) return trigger.any.map((part) => leastSignatures(part, sizes)).reduce((least, one) => Math.min(least, one));
  if ('atLeast' in trigger) {
    const least = trigger.of.map((part) => leastSignatures(part, sizes)).sort((a, b) => a - b);
    return areApart(trigger.of) ? sumOf(least.slice(0, trigger.atLeast)) : (least[trigger.atLeast - 1] as number);
  }
  if ('all' in trigger) {
    const least = trigger.all.map((part) => leastSignatures(part, sizes));
    const byGroup = new Map<Hex32, number>();
    for (const part of trigger.all) if ('group' in part) byGroup.set(part.group, Math.max(byGroup.get(part.group) ?? 0, part.count));
    return least.reduce((most, one) => Math.max(most, one), areApart(trigger.all) ? sumOf(least) : totalOf(byGroup));
  }
  return trigger.count;
}

/** Whether no signature can count for two of these: each counts groups of its own, and none counts all groups together. */
function areApart(parts: readonly Trigger[]): boolean {
  const groups = parts.flatMap(groupsOf);
  return new Set(groups).size === groups.length && !parts.some(countsEverybody);
}

function countsEverybody(trigger: Trigger): boolean {
  const parts = 'all' in trigger ? trigger.all : 'any' in trigger ? trigger.any : 'of' in trigger ? trigger.of : [];
  return ('count' in trigger && !('group' in trigger)) || parts.some(countsEverybody);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/**
 * b for a new statement: five where the trigger asks for as many of every group that it counts, else three, so that it costs no
 * name that the trigger would open. `groups` is the number of groups of the statement.
 */
export function suggestTogether(trigger: Trigger, groups: number): number {
  return asksFor(TOGETHER.many, trigger, groups) ? TOGETHER.many : TOGETHER.few;
}

function asksFor(many: number, trigger: Trigger, groups: number): boolean {
  if ('weights' in trigger) return false;
  const parts = 'all' in trigger ? trigger.all : 'any' in trigger ? trigger.any : 'of' in trigger ? trigger.of : null;
  if (parts) return parts.every((part) => asksFor(many, part, groups));
  return 'count' in trigger && trigger.count >= many && ('group' in trigger || groups === 1);
}

/** The ids of all groups that a trigger names, each once. */
export function groupsOf(trigger: Trigger): Hex32[] {
  const named = (part: Trigger): Hex32[] => {
    if ('weights' in part) return Object.keys(part.weights);
    if ('all' in part) return part.all.flatMap(named);
    if ('any' in part) return part.any.flatMap(named);
    if ('atLeast' in part) return part.of.flatMap(named);
    return 'group' in part ? [part.group] : [];
  };
  return [...new Set(named(trigger))];
}

export function totalOf(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** What signatures weigh together; those of groups without a weight weigh nothing. */
export function weighSignatures(weights: Record<Hex32, number>, counts: Counts): number {
  return Object.entries(weights).reduce((sum, [group, weight]) => sum + weight * (counts.get(group) ?? 0), 0);
}

function leastByWeight(trigger: { weights: Record<Hex32, number>; total: number }, sizes: Counts): number {
  const heaviestFirst = Object.entries(trigger.weights).sort(([, a], [, b]) => b - a);
  let missing = trigger.total;
  let signatures = 0;
  for (const [group, weight] of heaviestFirst) {
    const used = Math.min(Math.ceil(missing / weight), sizes.get(group) ?? 0);
    signatures += used;
    missing -= used * weight;
    if (missing <= 0) break;
  }
  return signatures;
}

/** Why a well-formed trigger is vacuous, in a sentence for its author; null when it is not. */
function findFault(trigger: Trigger, sizes: Counts): string | null {
  const parts = 'all' in trigger ? trigger.all : 'any' in trigger ? trigger.any : 'of' in trigger ? trigger.of : [];
  for (const part of parts) {
    const fault = findFault(part, sizes);
    if (fault !== null) return fault;
  }
  const unknown = groupsOf(trigger).find((group) => !sizes.has(group));
  if (unknown !== undefined) return `the trigger names the group ${unknown.slice(0, 12)}…, which the statement does not`;
  if ('weights' in trigger && Object.keys(trigger.weights).length === 0) return 'a weighing needs at least one group';
  if ('atLeast' in trigger && trigger.atLeast > trigger.of.length)
    return `${trigger.atLeast} of ${trigger.of.length} conditions can never be met`;
  if (!isTriggerMet(trigger, sizes))
    return 'the trigger asks for more signatures than can be revealed: groups with too few members to open together count as empty';
  return null;
}

/** Nesting and number of parts, measured before any recursive check so that hostile input cannot exhaust the stack. */
function measure(value: unknown, nesting: number): { nesting: number; nodes: number } {
  if (nesting > MAX_NESTING || typeof value !== 'object' || value === null) return { nesting, nodes: 1 };
  const lists = ['all', 'any', 'of'].map((key) => (value as Record<string, unknown>)[key]).filter(Array.isArray);
  let [deepest, nodes] = [nesting, 1];
  for (const part of lists.flat()) {
    const inner = measure(part, nesting + 1);
    deepest = Math.max(deepest, inner.nesting);
    nodes += inner.nodes;
  }
  return { nesting: deepest, nodes };
}
