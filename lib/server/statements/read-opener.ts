import 'server-only';
import { eq } from '#db/drizzle.cjs';
import { permits } from '#db/schema/board.ts';
import type { PermitAnswer } from '#lib/api/shapes.ts';
import type { Context } from '../context.ts';
import type { StoredStatement } from './load.ts';

/** Who opened a statement, with the permit while it is kept: for its committee alone. SPEC §9.7. */
export async function readOpener(ctx: Context, { context, openedBy }: StoredStatement): Promise<PermitAnswer> {
  const [row] = await ctx.db.select({ permit: permits.body }).from(permits).where(eq(permits.statement, context.id));
  return { ...(openedBy === null ? {} : { openedBy }), ...(row ? { permit: row.permit } : {}) };
}
