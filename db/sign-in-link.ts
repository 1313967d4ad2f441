import { createHash, randomBytes } from 'node:crypto';
import { signInLinks } from '#db/schema/membership.ts';
import { connect } from './client.ts';

const LIFE_SECONDS = 86_400;

/** How a token stands in the database: whoever reads that cannot sign in. SHA-256, hex. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Makes the link that signs an issuer in, once and within a day; a link that was made before ends. Its token stands behind the `#`,
 * and only its hash is stored.
 * @param now Unix seconds
 * @throws the driver's error when the database cannot be reached
 */
export async function makeSignInLink(databaseUrl: string, publicUrl: string, now: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const { db, close } = connect(databaseUrl, 1);
  try {
    await db.transaction(async (tx) => {
      await tx.delete(signInLinks);
      await tx.insert(signInLinks).values({ token: hashToken(token), expiresAt: now + LIFE_SECONDS });
    });
  } finally {
    await close();
  }
  return `${new URL(publicUrl).origin}/issuer/enter#${token}`;
}
