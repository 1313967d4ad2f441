import 'server-only';
import { and, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { trusteeMessages } from '#db/schema.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

type About = Pick<typeof trusteeMessages.$inferSelect, 'statement' | 'type' | 'trustee' | 'slot'>;

/** What a trustee has said before about the same thing: at most one message that counts, and one kept as evidence. */
export function findEarlier(db: Database, { statement, type, trustee, slot }: About): Promise<{ hash: Hex32; evidence: boolean }[]> {
  return db
    .select({ hash: trusteeMessages.hash, evidence: trusteeMessages.evidence })
    .from(trusteeMessages)
    .where(
      and(
        eq(trusteeMessages.statement, statement),
        eq(trusteeMessages.type, type),
        eq(trusteeMessages.trustee, trustee),
        eq(trusteeMessages.slot, slot),
      ),
    );
}
