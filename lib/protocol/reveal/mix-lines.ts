// SPEC §10.5: a mix as lines
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { canonicalJson, parseJson } from '../messages/json.ts';
import { checkShape } from '../messages/shape.ts';
import { checkTrusteeMessage } from '../messages/trustee-message.ts';
import type { StatementContext } from '../statement/statement.ts';
import { type Mix, type MixList, type MixStep, mixListShape } from './mix.ts';

/** The lines of a step, without line feeds: the mix, then its lists. */
export function mixLines({ mix, lists }: MixStep): string[] {
  return [canonicalJson(mix), ...lists.map((list) => canonicalJson(list))];
}

type Context = Pick<StatementContext, 'id' | 'statement'>;
type HeadFailure = 'NOT_JSON' | 'BAD_SHAPE' | 'OTHER_STATEMENT' | 'UNKNOWN_TRUSTEE' | 'TRUSTEE_SIGNATURE';

/** Reads the first line of a mix and checks its author's signature: before anything else of it is read. SPEC §2.2, §10.5. */
export function parseMixHead(context: Context, line: string): Checked<Mix, HeadFailure> {
  const parsed = parseJson(line);
  if (!parsed.ok) return parsed;
  const checked = checkTrusteeMessage(context, parsed.value);
  if (!checked.ok) return checked;
  return checked.value.type === 'mix' ? accept(checked.value) : refuse('BAD_SHAPE', 'the first line is not a mix');
}

/**
 * Reads a whole mix, signature first. Lists are read one by one, so that `lines` may split a long text as it goes; that there are as
 * many as the mix names is checked here, everything else of them by `readStep`.
 */
export function parseMixLines(context: Context, lines: Iterable<string>): Checked<MixStep, HeadFailure | 'MIX_LIST'> {
  const rest = lines[Symbol.iterator]();
  const head = parseMixHead(context, rest.next().value ?? '');
  if (!head.ok) return head;
  const lists: MixList[] = [];
  for (const _ of head.value.lists) {
    const { done, value } = rest.next();
    if (done) return refuse('MIX_LIST', 'a list of the mix is missing');
    const parsed = parseJson(value);
    if (!parsed.ok) return parsed;
    const shaped = checkShape(mixListShape, parsed.value);
    if (!shaped.ok) return shaped;
    lists.push(shaped.value);
  }
  return rest.next().done ? accept({ mix: head.value, lists }) : refuse('MIX_LIST', 'there are more lists than the mix names');
}
