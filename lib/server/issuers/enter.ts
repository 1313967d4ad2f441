import 'server-only';
import { z } from 'zod';
import { approveIssuer, type ClerkOf, findClerk } from '#db/approve-issuer.ts';
import type { Database } from '#db/client.ts';
import { and, eq, gt, isNull } from '#db/drizzle.cjs';
import { signInLinks } from '#db/schema/clerks.ts';
import { hashToken, LINK_ACCOUNT } from '#db/sign-in-link.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { joinAsClerk } from './clerks.ts';

const entryShape = z.strictObject({ token: z.string().min(1).max(200) });

/**
 * Spends the token of a one-time link, and with it all others that only sign in the same person; of several that use it at once, one gets in.
 * @throws AppError BAD_LINK for another token, one that is too old, or was spent before; CLERK_ELSEWHERE for one that asks a clerk of
 * another issuer
 */
export async function enterByLink(ctx: Context, value: unknown): Promise<ClerkOf> {
  const { token } = requireOk(checkShape(entryShape, value));
  return ctx.db.transaction(async (tx) => {
    const [spent] = await tx
      .delete(signInLinks)
      .where(and(eq(signInLinks.token, hashToken(token)), gt(signInLinks.expiresAt, ctx.now())))
      .returning();
    if (!spent) throw new AppError('BAD_LINK');
    const { signIn, asks } = spent;
    await tx.delete(signInLinks).where(and(eq(signInLinks.signIn, signIn), isNull(signInLinks.asks)));
    return asks === null ? enterOwn(ctx, tx, signIn) : joinAsClerk(tx, asks, signIn, ctx.now());
  });
}

async function enterOwn(ctx: Context, tx: Database, signIn: string): Promise<ClerkOf> {
  if (ctx.newIssuers === 'anybody' || signIn === LINK_ACCOUNT) await approveIssuer(tx, signIn);
  const clerk = await findClerk(tx, signIn);
  if (!clerk) throw new AppError('BAD_LINK'); // it was mailed while anybody could become an issuer
  return clerk;
}
