import 'server-only';
import { and, count, eq, isNotNull } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { entries } from '#db/schema.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Field, formatField } from '#lib/protocol/numbers/field.ts';
import { sortNullifiers } from '#lib/protocol/reveal/waves.ts';
import type { FinalBoard } from './follower.ts';

/** A signature on the board that nobody can read yet, or that has been opened. */
export type Seal = { nullifier: string; group: Hex32 };

/** Live and opened signatures on the board by group, final or not. A withdrawal after the opening has no effect. SPEC §10.1. */
export async function countLive(db: Database, id: Hex32, { waves }: FinalBoard): Promise<Map<Hex32, number>> {
  const signed = await db
    .select({ group: entries.groupId, number: count() })
    .from(entries)
    .where(isPublished(id, 'sign'))
    .groupBy(entries.groupId);
  const counts = new Map(signed.map(({ group, number }) => [group, number]));
  for (const { group } of await listWithdrawn(db, id, waves)) counts.set(group, (counts.get(group) ?? 0) - 1);
  return counts;
}

/** The same signatures one by one, ascending by nullifier, as the board holds them. */
export async function listSeals(db: Database, id: Hex32, { waves }: FinalBoard): Promise<Seal[]> {
  const withdrawn = new Set((await listWithdrawn(db, id, waves)).map(({ nullifier }) => formatField(nullifier)));
  const rows = await db.select({ nullifier: entries.nullifier, group: entries.groupId }).from(entries).where(isPublished(id, 'sign'));
  const groups = new Map(rows.map(({ nullifier, group }) => [formatField(nullifier), group]));
  const live = [...groups.keys()].filter((nullifier) => !withdrawn.has(nullifier));
  return sortNullifiers(live).map((nullifier) => ({ nullifier, group: groups.get(nullifier) as Hex32 }));
}

async function listWithdrawn(db: Database, id: Hex32, waves: FinalBoard['waves']): Promise<{ nullifier: Field; group: Hex32 }[]> {
  const rows = await db.select({ nullifier: entries.nullifier, group: entries.groupId }).from(entries).where(isPublished(id, 'withdraw'));
  if (rows.length === 0) return rows;
  const opened = new Set(waves.flatMap((wave) => wave.items.map((item) => item.nullifier)));
  return rows.filter(({ nullifier }) => !opened.has(formatField(nullifier)));
}

function isPublished(id: Hex32, action: 'sign' | 'withdraw') {
  return and(eq(entries.statement, id), eq(entries.action, action), isNotNull(entries.checkpoint));
}
