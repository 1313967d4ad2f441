// SPEC §5.9: what of a condition can never hold, and what adds nothing

import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import {
  type Counts,
  countTogether,
  groupsOf,
  isTriggerMet,
  leastSignatures,
  type Trigger,
  totalOf,
  weighSignatures,
} from '#lib/protocol/statement/trigger.ts';

/** The places to turn to on the way from the whole condition to a part of it; empty for the whole. */
export type PartPath = readonly number[];

/**
 * Something that the author of a condition should know of one part. `never`: it cannot hold, and the condition is refused. `idle`: the
 * condition means the same without it. `raised`: it takes more than it says, because of the number that opens at a time.
 */
export type PartNote = { path: PartPath; kind: 'never' | 'idle' | 'raised' /** A sentence for the author. */; text: string };

type Setting = { sizes: Counts; together: number; nameOf: (group: Hex32) => string };

/**
 * Looks at every part of a well-formed trigger, the whole first. `sizes` are the members of each group of the statement; `nameOf` gives a
 * group's name. Whoever builds a condition is told by it while they do; `checkTrigger` decides. SPEC §5.9.
 */
export function judgeParts(trigger: Trigger, setting: Setting, path: PartPath = []): PartNote[] {
  const own = judgeOne(trigger, setting);
  const below = partsOf(trigger).flatMap((part, i) => judgeParts(part, setting, [...path, i]));
  const never = new Set(below.flatMap(({ kind, path: at }) => (kind === 'never' ? [at[path.length] as number] : [])));
  const idle = findIdle(trigger, setting.sizes, never).map(
    (i): PartNote => ({ path: [...path, i], kind: 'idle', text: IDLE[joinOf(trigger)] }),
  );
  return [...(own ? [{ path, ...own }] : []), ...below, ...idle];
}

/** The parts of which a trigger is composed; none for one that counts. */
export function partsOf(trigger: Trigger): readonly Trigger[] {
  return 'all' in trigger ? trigger.all : 'any' in trigger ? trigger.any : 'of' in trigger ? trigger.of : [];
}

function judgeOne(trigger: Trigger, { sizes, together, nameOf }: Setting): Omit<PartNote, 'path'> | null {
  if ('of' in trigger && trigger.atLeast > trigger.of.length)
    return {
      kind: 'never',
      text: `${trigger.of.length === 1 ? 'There is one part' : `There are ${trigger.of.length} parts`} here, so ${trigger.atLeast} of them can never hold.`,
    };
  if (partsOf(trigger).length > 0) return null;
  const stray = groupsOf(trigger).find((group) => !sizes.has(group));
  if (stray !== undefined) return { kind: 'never', text: `${quote(nameOf(stray))} is not one of the groups of this statement.` };
  if (!isTriggerMet(trigger, sizes)) return { kind: 'never', text: describeTooMany(trigger, sizes, nameOf) };
  if (!isTriggerMet(trigger, countTogether(sizes, together)))
    return { kind: 'never', text: describeTooApart(trigger, { sizes, together, nameOf }) };
  if ('group' in trigger && trigger.count < together)
    return {
      kind: 'raised',
      text: `Names of a group open ${together} or more at a time, so it takes ${together} of ${quote(nameOf(trigger.group))} and not ${trigger.count}.`,
    };
  return null;
}

function describeTooMany(trigger: Trigger, sizes: Counts, nameOf: Setting['nameOf']): string {
  if ('weights' in trigger)
    return `If everybody signs, the signatures weigh ${weighSignatures(trigger.weights, sizes)}, so ${trigger.total} is never reached.`;
  const count = 'count' in trigger ? trigger.count : 0;
  if (!('group' in trigger))
    return `The groups you chose have ${countOf(totalOf(sizes), 'member', 'members')} in all, so ${count} can never sign.`;
  return `${quote(nameOf(trigger.group))} has ${countOf(sizes.get(trigger.group) ?? 0, 'member', 'members')}, so ${count} of them can never sign.`;
}

function describeTooApart(trigger: Trigger, { sizes, together, nameOf }: Setting): string {
  const rule = `names of a group open ${together} or more at a time`;
  if ('group' in trigger)
    return `${quote(nameOf(trigger.group))} has ${countOf(sizes.get(trigger.group) ?? 0, 'member', 'members')}, and ${rule}: none of its names can ever open.`;
  const most = totalOf(countTogether(sizes, together));
  return `The groups in which ${rule} have ${countOf(most, 'member', 'members')}: that is not enough for this, and the names of smaller groups never open.`;
}

const IDLE = {
  all: 'This adds nothing: the other parts ask for as much already.',
  any: 'This adds nothing: whenever it holds, another part holds already.',
};

/** `any` for an alternative; a list of which some but not all are asked for is neither, and nothing is said of it. */
function joinOf(trigger: Trigger): 'all' | 'any' {
  return 'any' in trigger || ('of' in trigger && trigger.atLeast === 1) ? 'any' : 'all';
}

/** Parts without which a list means the same, the later of two that mean the same. Those that can never hold are left out. */
function findIdle(trigger: Trigger, sizes: Counts, never: ReadonlySet<number>): number[] {
  const parts = partsOf(trigger);
  if ('of' in trigger && trigger.atLeast > 1 && trigger.atLeast < parts.length) return [];
  const kept = new Set(parts.map((_, i) => i).filter((i) => !never.has(i)));
  const implies = createImplies(sizes);
  const isIdle = (i: number) => {
    const others = [...kept].filter((j) => j !== i).map((j) => parts[j] as Trigger);
    if (others.length === 0) return false;
    const part = parts[i] as Trigger;
    return joinOf(trigger) === 'any' ? others.some((other) => implies(part, other)) : implies({ all: others }, part);
  };
  const idle = [...kept].reverse().filter((i) => isIdle(i) && kept.delete(i));
  return idle.reverse();
}

type Implies = (a: Trigger, b: Trigger) => boolean;

/**
 * Whether b certainly holds wherever a does, for any counts within the sizes. Never true without reason; it may miss a reason, where
 * weights or several counts over all groups play together. What was found of two parts is remembered: there are thousands of ways to
 * come to the same two, and a stranger may have written the condition.
 */
function createImplies(sizes: Counts): Implies {
  const known = new Map<Trigger, Map<Trigger, boolean>>();
  return function implies(a, b) {
    const ofA = known.get(a) ?? new Map<Trigger, boolean>();
    known.set(a, ofA);
    const found = ofA.get(b) ?? findReason(a, b, sizes, implies);
    ofA.set(b, found);
    return found;
  };
}

function findReason(a: Trigger, b: Trigger, sizes: Counts, implies: Implies): boolean {
  if ('all' in b) return b.all.every((part) => implies(a, part));
  if (!isLeaf(b) && partsOf(b).filter((part) => implies(a, part)).length >= needed(b)) return true;
  if ('group' in b && !isTriggerMet(a, new Map(sizes).set(b.group, Math.min(b.count - 1, sizes.get(b.group) ?? 0)))) return true;
  if ('count' in b && !('group' in b) && leastSignatures(a, sizes) >= b.count) return true;
  if ('weights' in b && weighsEnough(a, b)) return true;
  const sure = partsOf(a).filter((part) => implies(part, b)).length;
  return !isLeaf(a) && sure > partsOf(a).length - needed(a);
}

function weighsEnough(a: Trigger, b: { weights: Record<Hex32, number>; total: number }): boolean {
  if ('group' in a) return (b.weights[a.group] ?? 0) * a.count >= b.total;
  if (!('weights' in a)) return false;
  return a.total >= b.total && Object.entries(a.weights).every(([group, weight]) => (b.weights[group] ?? 0) >= weight);
}

function isLeaf(trigger: Trigger): boolean {
  return partsOf(trigger).length === 0;
}

/** Of how many parts a list asks that they hold. */
function needed(trigger: Trigger): number {
  if ('of' in trigger) return trigger.atLeast;
  return 'any' in trigger ? 1 : partsOf(trigger).length;
}
