import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';

/** A trigger as the end of a sentence: “the names open once …”. `nameOf` gives a group's name, quoted. */
export function describeTrigger(trigger: Trigger, nameOf: (group: Hex32) => string): string {
  const inner = (parts: readonly Trigger[]) =>
    parts.map((part) => (isPlain(part) ? '' : '(') + describeTrigger(part, nameOf) + (isPlain(part) ? '' : ')'));
  if ('weights' in trigger) {
    const weights = Object.entries(trigger.weights).map(([group, weight]) => `${weight} for each of ${nameOf(group)}`);
    return `the signatures weigh ${trigger.total} or more (${weights.join(', ')})`;
  }
  if ('all' in trigger) return inner(trigger.all).join(' and ');
  if ('any' in trigger) return inner(trigger.any).join(' or ');
  if ('atLeast' in trigger) return `at least ${trigger.atLeast} of these hold: ${inner(trigger.of).join('; ')}`;
  const people = countOf(trigger.count, 'person', 'people');
  const have = trigger.count === 1 ? 'has' : 'have';
  return 'group' in trigger ? `${people} of ${nameOf(trigger.group)} ${have} signed` : `${people} ${have} signed`;
}

function isPlain(trigger: Trigger): boolean {
  return 'count' in trigger || 'weights' in trigger;
}
