import 'server-only';
import { and, asc, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { revealedNames, trusteeMessages } from '#db/schema.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { RevealedName } from '#lib/protocol/reveal/opening.ts';

/** A signer after the reveal. */
export type Revealed = { nullifier: string; group: Hex32 } & RevealedName;

/** By number of the wave, the trustees whose opening holds. */
export async function listOpeners(db: Database, id: Hex32): Promise<Map<number, number[]>> {
  const rows = await db
    .select({ wave: trusteeMessages.slot, trustee: trusteeMessages.trustee })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(trusteeMessages.type, 'opening'), eq(trusteeMessages.evidence, false)))
    .orderBy(asc(trusteeMessages.slot), asc(trusteeMessages.trustee));
  const openers = new Map<number, number[]>();
  for (const { wave, trustee } of rows) openers.set(wave, [...(openers.get(wave) ?? []), trustee]);
  return openers;
}

/** By number of the wave, its names as far as they have been computed. */
export async function listNames(db: Database, id: Hex32): Promise<Map<number, Revealed[]>> {
  const rows = await db.select().from(revealedNames).where(eq(revealedNames.statement, id));
  return new Map(rows.map(({ wave, names }) => [wave, JSON.parse(names) as Revealed[]]));
}
