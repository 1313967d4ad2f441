import { createHash, randomBytes } from 'node:crypto';
import { eq, lte } from '#db/drizzle.cjs';
import { signInLinks } from '#db/schema/clerks.ts';
import { connect, type Database } from './client.ts';

const LIFE_SECONDS = 86_400;
/** The account that the operator's link signs in: always the same, so that its groups outlive a restart. */
export const LINK_ACCOUNT = 'link';

/** How a token stands in the database: whoever reads that cannot sign in. SHA-256, hex. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** What a link is for: whom it signs in, until when in Unix seconds, and as which clerk who was asked, if it asks. */
type LinkTerms = { signIn: string; expiresAt: number; asks?: string };

/** Stores a new one-time link by its hash. @returns the link; its token stands behind the `#`, which no server is sent */
export async function addSignInLink(db: Pick<Database, 'insert'>, publicUrl: string, terms: LinkTerms): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.insert(signInLinks).values({ token: hashToken(token), ...terms });
  return `${new URL(publicUrl).origin}/issuer/enter#${token}`;
}

/** Deletes the links that are too old to be used. */
export async function sweepSignInLinks(db: Pick<Database, 'delete'>, now: number): Promise<void> {
  await db.delete(signInLinks).where(lte(signInLinks.expiresAt, now));
}

/**
 * Makes the operator's link, which signs an issuer in, once and within a day; the one that was made before ends.
 * @param now Unix seconds
 * @throws the driver's error when the database cannot be reached
 */
export async function makeSignInLink(databaseUrl: string, publicUrl: string, now: number): Promise<string> {
  const { db, close } = connect(databaseUrl, 1);
  try {
    return await db.transaction(async (tx) => {
      await tx.delete(signInLinks).where(eq(signInLinks.signIn, LINK_ACCOUNT));
      return addSignInLink(tx, publicUrl, { signIn: LINK_ACCOUNT, expiresAt: now + LIFE_SECONDS });
    });
  } finally {
    await close();
  }
}
