import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { isSignedBy, signMessage } from '#lib/protocol/messages/ed25519.ts';
import { hex32, hex64, unixTime } from '#lib/protocol/messages/shape.ts';
import { listKeptStatements, type OwnIdentity, readJournal } from './keystore.ts';

export const trusteeLogShape = z.strictObject({
  type: z.literal('trustee-log'),
  key: hex32,
  time: unixTime,
  /** Every statement whose key this trustee confirmed, and the one transcript it confirmed for it; ascending by statement. */
  statements: z.array(z.strictObject({ statement: hex32, transcript: hex32 })),
  signature: hex64,
});
/** A trustee's own list, published anywhere but on the platform: two transcripts of one statement, or a statement that
 * somebody was shown and that is not in it, come to light. */
export type TrusteeLog = z.infer<typeof trusteeLogShape>;

/** Signs the list from the journals of the keystore, those of destroyed statements included. `now` in Unix seconds. */
export async function makeTrusteeLog(disk: Disk, identity: OwnIdentity, now: number): Promise<TrusteeLog> {
  const statements: TrusteeLog['statements'] = [];
  for (const statement of await listKeptStatements(disk)) {
    const journal = await readJournal(disk, statement);
    if (journal?.transcript) statements.push({ statement, transcript: journal.transcript });
  }
  const body = { type: 'trustee-log' as const, key: identity.descriptor.key, time: now, statements };
  return signMessage('trustee-log', body, identity.seed);
}

/** Whether a list was signed by the key that it names. */
export function isTrusteeLog(log: TrusteeLog): boolean {
  return isSignedBy('trustee-log', log, log.key);
}
