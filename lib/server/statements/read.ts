import 'server-only';
import type { StatementAnswer } from '#lib/api/shapes.ts';
import type { Context } from '../context.ts';
import { listKeyMessages } from './judge-key.ts';
import { loadStatement } from './load.ts';
import { computeOutcome } from './outcome.ts';

/** A statement with all that a signer's browser needs to check it and its key by itself. */
export async function readStatementAnswer(ctx: Context, id: string): Promise<StatementAnswer> {
  const stored = await loadStatement(ctx, id);
  const { statement, rolls } = stored.context;
  const [{ state }, keyGeneration] = await Promise.all([computeOutcome(ctx, stored), listKeyMessages(ctx.db, id)]);
  const openedBy = stored.openedBy ?? undefined;
  return { id, statement, rolls: [...rolls.values()], state, openedBy, keyGeneration, time: ctx.now() };
}
