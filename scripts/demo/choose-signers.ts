import { randomInt } from 'node:crypto';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Counts, isTriggerMet, type Trigger, totalOf } from '#lib/protocol/statement/trigger.ts';
import type { FilledTrigger } from './fill-trigger.ts';

/** Signatures by group that are enough for a part of a trigger, and the total that it asks for besides. */
type Demand = { groups: Map<Hex32, number>; total: number };

const MOST_DEMANDS = 500;

/**
 * How many sign in each group so that `signers` people meet the trigger and open in one wave: of each group nobody, or `together` and
 * more. Beyond what the trigger asks for, groups and places are drawn by lot.
 * @returns null when so few cannot do it
 */
export function allotSigners({ trigger, together }: FilledTrigger, sizes: Counts, signers: number): Map<Hex32, number> | null {
  for (const demand of demandsOf(trigger, sizes)) {
    if (demand.total > signers) continue;
    const least = new Map([...demand.groups].filter(([, count]) => count > 0).map(([group, count]) => [group, Math.max(count, together)]));
    const others = [...sizes].filter(([group, size]) => !least.has(group) && size >= together);
    const bySize = [...others].sort(([, a], [, b]) => b - a);
    for (const order of [shuffle(others), bySize]) {
      const allotted = fillGroups(addGroups(least, order, together, signers), sizes, signers);
      if (allotted && isTriggerMet(trigger, allotted)) return allotted;
    }
  }
  return null;
}

/** As many more groups as there are signers for. */
function addGroups(
  least: ReadonlyMap<Hex32, number>,
  others: readonly (readonly [Hex32, number])[],
  together: number,
  signers: number,
): Map<Hex32, number> {
  const groups = new Map(least);
  for (const [group] of others) if (totalOf(groups) + together <= signers) groups.set(group, together);
  return groups;
}

/** Spreads the rest over the free places of these groups by lot; null where they do not fit. */
function fillGroups(least: ReadonlyMap<Hex32, number>, sizes: Counts, signers: number): Map<Hex32, number> | null {
  const sizeOf = (group: Hex32) => sizes.get(group) ?? 0;
  const allotted = new Map([...sizes.keys()].map((group) => [group, least.get(group) ?? 0]));
  const places = [...least].flatMap(([group, count]) => new Array<Hex32>(Math.max(0, sizeOf(group) - count)).fill(group));
  const left = signers - totalOf(least);
  if (left < 0 || left > places.length || [...least].some(([group, count]) => count > sizeOf(group))) return null;
  for (const group of shuffle(places).slice(0, left)) allotted.set(group, (allotted.get(group) as number) + 1);
  return allotted;
}

/** The list in an order drawn by lot. */
export function shuffle<T>(list: readonly T[]): T[] {
  const shuffled = [...list];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
  }
  return shuffled;
}

/** The different ways to meet a trigger with few signatures, up to a limit. */
function demandsOf(trigger: Trigger, sizes: Counts): Demand[] {
  if ('weights' in trigger) return [weighed(trigger, sizes)];
  if ('any' in trigger) return trigger.any.flatMap((part) => demandsOf(part, sizes));
  if ('all' in trigger) return allOf(trigger.all, sizes);
  if ('atLeast' in trigger) return choose(trigger.of, trigger.atLeast).flatMap((parts) => allOf(parts, sizes));
  return 'group' in trigger
    ? [{ groups: new Map([[trigger.group, trigger.count]]), total: 0 }]
    : [{ groups: new Map(), total: trigger.count }];
}

function allOf(parts: readonly Trigger[], sizes: Counts): Demand[] {
  const start: Demand[] = [{ groups: new Map(), total: 0 }];
  return parts.reduce((demands, part) => {
    const more = demandsOf(part, sizes);
    return demands.flatMap((demand) => more.map((other) => both(demand, other))).slice(0, MOST_DEMANDS);
  }, start);
}

function both(a: Demand, b: Demand): Demand {
  const groups = new Map(a.groups);
  for (const [group, count] of b.groups) groups.set(group, Math.max(count, groups.get(group) ?? 0));
  return { groups, total: Math.max(a.total, b.total) };
}

function weighed(trigger: { weights: Record<Hex32, number>; total: number }, sizes: Counts): Demand {
  const groups = new Map<Hex32, number>();
  let missing = trigger.total;
  for (const [group, weight] of Object.entries(trigger.weights).sort(([, a], [, b]) => b - a)) {
    const count = Math.min(Math.max(0, Math.ceil(missing / weight)), sizes.get(group) ?? 0);
    groups.set(group, count);
    missing -= count * weight;
  }
  return { groups, total: 0 };
}

/** All ways to choose a number of parts, up to a limit. */
function choose<T>(list: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  const ways = list.flatMap((first, i) => choose(list.slice(i + 1), count - 1).map((rest) => [first, ...rest]));
  return ways.slice(0, MOST_DEMANDS);
}
