import { entries } from '#db/schema.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { type Field, parseField } from '#lib/protocol/numbers/field.ts';
import type { OpenStatement, TestPlatform } from './platform.ts';

/**
 * Stores signatures with nullifiers that rise from `first`, as if their proofs had been checked. They wait for a checkpoint.
 * @param ephemerals one for each signature
 */
export async function storeUncheckedSignatures(
  { ctx }: TestPlatform,
  { context }: OpenStatement,
  group: string,
  first: number,
  ephemerals: readonly Entry['ephemeral'][],
): Promise<void> {
  const rows = ephemerals.map((ephemeral, i) => {
    const nullifier = String(first + i);
    const entry: Entry = {
      type: 'entry',
      statement: context.id,
      said: { action: 'sign', group },
      nullifier,
      ephemeral,
      ciphertext: ['1', '2', '3', '4'],
      proof: { a: ['1', '2'], b: [['1', '2'], ['1', '2']], c: ['1', '2'] }, // biome-ignore format: a proof is short
    };
    return {
      statement: context.id,
      nullifier: parseField(nullifier) as Field,
      action: 'sign' as const,
      groupId: group,
      hash: entryHash(entry),
      body: canonicalJson(entry as Json),
      publishBy: context.statement.deadline,
    };
  });
  if (rows.length > 0) await ctx.db.insert(entries).values(rows);
}
