import type { Statement } from '#lib/protocol/statement/statement.ts';
import { judgeFragment, type LinkVerdict } from './judge-fragment.ts';

/** What `judgeFragment` says of a fragment, or `unloaded` where the code that computes a hash does not come: then nothing was compared. */
export async function judgeLink(fragment: string, id: string, statement: Statement): Promise<LinkVerdict | 'unloaded'> {
  // Only links with a hash pay for the code that computes one.
  if (fragment.length <= 1) return judgeFragment(fragment, id, id);
  const code = await import('#lib/protocol/statement/statement.ts').catch(() => null);
  return code ? judgeFragment(fragment, id, code.statementId(statement)) : 'unloaded';
}
