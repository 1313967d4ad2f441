import 'server-only';
import { and, eq, inArray } from '#db/drizzle.cjs';
import { groups } from '#db/schema/membership.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { statementShape } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { type Opened, openStatement } from './open.ts';

/** Opens a statement for the account of an issuer, in the name of the first of its groups that the account keeps. SPEC §5.11. */
export async function openAsIssuer(ctx: Context, issuer: string, value: unknown): Promise<Opened> {
  const { rolls } = requireOk(checkShape(statementShape, value));
  const named = rolls.map(({ group }) => group);
  const [own] = await ctx.db
    .select({ id: groups.id })
    .from(groups)
    .where(and(eq(groups.issuer, issuer), inArray(groups.id, named)))
    .orderBy(groups.id)
    .limit(1);
  if (!own) throw new AppError('UNKNOWN_GROUP', 'your account keeps none of its groups');
  return openStatement(ctx, value, { by: 'account', group: own.id });
}
