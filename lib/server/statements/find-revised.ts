import 'server-only';
import { findDecisions } from '#db/moderation.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { loadStatement } from './load.ts';

/** The statement that another one claims to revise, if this platform has it and shows it. SPEC §5.1. */
export async function findRevised(ctx: Context, id: Hex32 | undefined): Promise<StatementContext | null> {
  if (id === undefined || (await findDecisions(ctx.db, [id])).size > 0) return null;
  try {
    return (await loadStatement(ctx, id)).context;
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNKNOWN_STATEMENT') return null;
    throw error;
  }
}
