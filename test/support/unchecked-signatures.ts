import { entries } from '#db/schema/board.ts';
import { type Field, parseField } from '#lib/protocol/numbers/field.ts';
import type { OpenStatement, TestPlatform } from './platform.ts';
import { unprovenBody } from './unproven-entries.ts';

const ROWS_AT_ONCE = 1_000;

/** Stores signatures with nullifiers that rise from `first`, as if their proofs had been checked. They wait for a checkpoint. */
export async function storeUncheckedSignatures(
  { ctx }: TestPlatform,
  { context }: OpenStatement,
  group: string,
  first: number,
  count: number,
): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => {
    const { entry, salt, hash, listed } = unprovenBody(context.id, first + i, { action: 'sign', group });
    const nullifier = parseField(entry.nullifier) as Field;
    const { deadline: publishBy } = context.statement;
    return { statement: context.id, nullifier, action: 'sign' as const, groupId: group, hash, salt, listed, body: entry, publishBy };
  });
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    await ctx.db.insert(entries).values(rows.slice(start, start + ROWS_AT_ONCE));
}
