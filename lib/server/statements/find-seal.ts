import 'server-only';
import type { Hex32 } from '../../protocol/hash.ts';
import { destructionTime } from '../../protocol/statement.ts';
import type { Context } from '../context.ts';
import { createMemo } from '../memo.ts';
import { streamRecord } from '../record/stream.ts';
import type { StatementView } from './get-view.ts';

/** How many lines a record has before its last, and their hash: the same in every copy, whenever it was written. SPEC §12.1. */
export type RecordSeal = { lines: number; hash: Hex32 };

const known = createMemo<Promise<RecordSeal>>(1_000);

/**
 * What identifies the record of a statement, once nothing can come to it any more: it has ended, every trustee has said that its
 * share is gone, and what never opened has been erased. The record is written once for it, and no more while this process runs.
 * @returns null before that
 */
export async function findRecordSeal(
  ctx: Context,
  { id, statement, destroyedBy, isErased }: Pick<StatementView, 'id' | 'statement' | 'destroyedBy' | 'isErased'>,
): Promise<RecordSeal | null> {
  const isOver = ctx.now() >= destructionTime(statement) && isErased;
  if (!isOver || destroyedBy.length < statement.committee.trustees.length) return null;
  const found = known.get(id) ?? known.set(id, readSeal(ctx, id));
  found.catch(() => known.delete(id));
  return found;
}

async function readSeal(ctx: Context, id: Hex32): Promise<RecordSeal> {
  let last = '';
  for await (const line of streamRecord(ctx, id)) last = line;
  const { lines, hash } = JSON.parse(last) as RecordSeal;
  return { lines, hash };
}
