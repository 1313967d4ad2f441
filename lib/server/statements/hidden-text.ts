import 'server-only';
import { findDecisions } from '#db/moderation.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';

/** What stands in place of the title of a hidden statement, wherever one would. */
export const HIDDEN_TEXT = { title: 'A hidden statement', language: 'en' };

/** The title in the author's language; of a hidden statement, that it is hidden. */
export async function findShownTitle(ctx: Context, { id, statement }: Pick<StatementContext, 'id' | 'statement'>): Promise<string> {
  const isHidden = (await findDecisions(ctx.db, [id])).size > 0;
  return isHidden ? HIDDEN_TEXT.title : (statement.text[0]?.title ?? '');
}
