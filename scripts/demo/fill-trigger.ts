import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { type Counts, checkTrigger, suggestTogether, type Trigger } from '#lib/protocol/statement/trigger.ts';

export type NamedGroup = { id: Hex32; name: string; size: number };

/** When the names open, and how many of a group at a time. */
export type FilledTrigger = { trigger: Trigger; together: number };

/**
 * Reads a trigger in which `<name>` stands for the id of the group of that name, and `<group>` for the only one.
 * @param together how many names of a group open at a time; null for what suits the trigger
 * @throws Error with a sentence when it is not a trigger over these groups, or can never be met
 */
export function fillTrigger(text: string, groups: readonly NamedGroup[], together: number | null = null): FilledTrigger {
  const idOf = (name: string): Hex32 => {
    const only = groups.length === 1 && name === 'group' ? groups[0] : undefined;
    const found = only ?? groups.find((group) => group.name === name);
    if (!found)
      throw new Error(`The trigger names the group ${quote(name)}. The roster has: ${groups.map((group) => group.name).join(', ')}.`);
    return found.id;
  };
  const filled = text.replaceAll(/"<((?:[^"\\<>]|\\.)*)>"/g, (_, name: string) => `"${idOf(JSON.parse(`"${name}"`) as string)}"`);
  const json = parseJson(filled);
  if (!json.ok) throw new Error(`The trigger is not JSON: ${json.detail}.`);
  const well = checkTrigger(json.value, sizesOf(groups), 1);
  if (!well.ok) throw new Error(`The trigger cannot be used: ${well.detail}.`);
  const chosen = together ?? suggestTogether(well.value, groups.length);
  const trigger = checkTrigger(well.value, sizesOf(groups), chosen);
  if (!trigger.ok) throw new Error(`The trigger cannot be used with ${chosen} names at a time: ${trigger.detail}.`);
  return { trigger: trigger.value, together: chosen };
}

export function sizesOf(groups: readonly NamedGroup[]): Counts {
  return new Map(groups.map(({ id, size }) => [id, size]));
}
