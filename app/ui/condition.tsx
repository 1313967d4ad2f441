import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';
import { describeTrigger } from '#lib/signing/trigger-words.ts';

interface ConditionProps {
  trigger: Trigger;
  /** Gives a group's name. */
  nameOf: (group: Hex32) => string;
}

/**
 * The condition of a statement as the end of a sentence: “the names open once …”. It is signed, so no program that translates pages
 * may touch it; each group's name is isolated (FSI, PDI), so that it cannot rearrange the numbers beside it.
 */
export function Condition({ trigger, nameOf }: ConditionProps) {
  return <bdi translate="no">{describeTrigger(trigger, (group) => `\u2068${quote(nameOf(group))}\u2069`)}</bdi>;
}
