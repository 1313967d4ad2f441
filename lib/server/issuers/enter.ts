import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { issuers, usedLinks } from '#db/schema.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';

const entryShape = z.strictObject({ token: z.string().min(1).max(200) });
/** The account that the operator's printed link signs in: always the same, so that its groups outlive a restart. */
const LINK_ACCOUNT = 'link';

/**
 * Spends the token of the operator's one-time link.
 * @param expected the token that this process was started with; without one the way is closed
 * @returns the account's id @throws AppError BAD_LINK for another token, or one that was spent before
 */
export async function enterByLink(ctx: Context, expected: string | undefined, value: unknown): Promise<string> {
  const { token } = requireOk(checkShape(entryShape, value));
  const hash = digest(token);
  if (expected === undefined || !timingSafeEqual(hash, digest(expected))) throw new AppError('BAD_LINK');
  return ctx.db.transaction(async (tx) => {
    const spent = await tx
      .insert(usedLinks)
      .values({ token: hash.toString('hex') })
      .onConflictDoNothing()
      .returning();
    if (spent.length === 0) throw new AppError('BAD_LINK');
    await tx.insert(issuers).values({ signIn: LINK_ACCOUNT }).onConflictDoNothing();
    const [account] = await tx.select({ id: issuers.id }).from(issuers).where(eq(issuers.signIn, LINK_ACCOUNT));
    if (!account) throw new Error('the account is not there');
    return account.id;
  });
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
