import 'server-only';
import { and, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import { issuers, signInLinks } from '#db/schema/membership.ts';
import { hashToken, LINK_ACCOUNT } from '#db/sign-in-link.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';

const entryShape = z.strictObject({ token: z.string().min(1).max(200) });

/**
 * Spends the token of a one-time link, and with it all other links of the account; of several that use it at once, one gets in.
 * @returns the account's id @throws AppError BAD_LINK for another token, one that is too old, or was spent before
 */
export async function enterByLink(ctx: Context, value: unknown): Promise<string> {
  const { token } = requireOk(checkShape(entryShape, value));
  return ctx.db.transaction(async (tx) => {
    const [spent] = await tx
      .delete(signInLinks)
      .where(and(eq(signInLinks.token, hashToken(token)), gt(signInLinks.expiresAt, ctx.now())))
      .returning();
    if (!spent) throw new AppError('BAD_LINK');
    const { signIn } = spent;
    await tx.delete(signInLinks).where(eq(signInLinks.signIn, signIn));
    if (ctx.newIssuers === 'anybody' || signIn === LINK_ACCOUNT) await tx.insert(issuers).values({ signIn }).onConflictDoNothing();
    const [account] = await tx.select({ id: issuers.id }).from(issuers).where(eq(issuers.signIn, signIn));
    if (!account) throw new AppError('BAD_LINK'); // it was mailed while anybody could become an issuer
    return account.id;
  });
}
