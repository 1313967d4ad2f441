// SPEC §8.1, §10.1: the personal minimum, as a signer is told of it
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { leastSignatures, totalOf } from '#lib/protocol/statement/trigger.ts';

type Conditions = Pick<StatementContext, 'sizes'> & { statement: Pick<StatementContext['statement'], 'trigger' | 'together'> };

/**
 * Reads what a signer typed as the least number of people to be named with, themselves among them. Nothing, and 1, ask for nobody.
 * @returns a sentence for the signer as the detail of a refusal
 */
export function readMinimum(text: string, { sizes }: Pick<StatementContext, 'sizes'>): Checked<number | undefined, 'BAD_MINIMUM'> {
  const typed = text.trim();
  if (typed === '') return accept(undefined);
  if (!/^[1-9]\d{0,6}$/.test(typed)) return refuse('BAD_MINIMUM', 'Give a whole number, or leave it empty.');
  const minimum = Number(typed);
  const most = totalOf(sizes);
  if (minimum > most) return refuse('BAD_MINIMUM', `Only ${most} people can sign this statement, so ${minimum} can never be named.`);
  return accept(minimum > 1 ? minimum : undefined);
}

/** What a minimum changes, in a sentence for the signer. */
export function describeMinimum(minimum: number, { statement: { trigger, together }, sizes }: Conditions): string {
  if (minimum <= Math.max(leastSignatures(trigger, sizes), together))
    return `The condition itself asks for ${minimum} people or more, so this changes nothing.`;
  return `Your name opens only once ${minimum} people, you among them, can be named. Until then it stays sealed and does not help to meet the condition.`;
}

/** What others learn of a minimum. */
export const MINIMUM_SEEN =
  'The site and the trustees see the number with your entry. When names open, the numbers become public too, tied to nobody; but whoever is named only later waited for more people.';
