import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { type Counts, checkTrigger, type Trigger } from '#lib/protocol/statement/trigger.ts';

export type NamedGroup = { id: Hex32; name: string; size: number };

/**
 * Reads a trigger in which `<name>` stands for the id of the group of that name, and `<group>` for the only one.
 * @throws Error with a sentence when it is not a trigger over these groups, or can never be met
 */
export function fillTrigger(text: string, groups: readonly NamedGroup[]): Trigger {
  const idOf = (name: string): Hex32 => {
    const only = groups.length === 1 && name === 'group' ? groups[0] : undefined;
    const found = only ?? groups.find((group) => group.name === name);
    if (!found) throw new Error(`The trigger names the group “${name}”. The roster has: ${groups.map((group) => group.name).join(', ')}.`);
    return found.id;
  };
  const filled = text.replaceAll(/"<((?:[^"\\<>]|\\.)*)>"/g, (_, name: string) => `"${idOf(JSON.parse(`"${name}"`) as string)}"`);
  const json = parseJson(filled);
  if (!json.ok) throw new Error(`The trigger is not JSON: ${json.detail}.`);
  const trigger = checkTrigger(json.value, sizesOf(groups));
  if (!trigger.ok) throw new Error(`The trigger cannot be used: ${trigger.detail}.`);
  return trigger.value;
}

export function sizesOf(groups: readonly NamedGroup[]): Counts {
  return new Map(groups.map(({ id, size }) => [id, size]));
}
