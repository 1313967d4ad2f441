import 'server-only';
import type { Database } from '#db/client.ts';
import { and, eq, inArray } from '#db/drizzle.cjs';
import { entries } from '#db/schema/board.ts';
import { openedEntries } from '#db/schema/reveal.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Wave } from '#lib/protocol/reveal/wave-content.ts';

const ROWS_AT_ONCE = 5_000;

/** So many are in memory for one reader of a record, who may be slow. */
const STREAMED_AT_ONCE = 200;

/** The entries of a wave, in its order: while they wait for their opening, and after it. */
export function loadWaveEntries(db: Database, id: Hex32, wave: Wave): Promise<Entry[]> {
  return loadEntries(db, id, hashesOf(wave));
}

/** The same, some at a time. */
export async function* streamWaveEntries(db: Database, id: Hex32, wave: Wave): AsyncGenerator<Entry> {
  const hashes = hashesOf(wave);
  for (let start = 0; start < hashes.length; start += STREAMED_AT_ONCE)
    yield* await loadEntries(db, id, hashes.slice(start, start + STREAMED_AT_ONCE));
}

function hashesOf(wave: Wave): Hex32[] {
  return wave.groups.flatMap((group) => group.entries);
}

async function loadEntries(db: Database, id: Hex32, hashes: readonly Hex32[]): Promise<Entry[]> {
  const found = new Map<Hex32, Entry>();
  for (const table of [openedEntries, entries]) {
    const missing = hashes.filter((hash) => !found.has(hash));
    for (let start = 0; start < missing.length; start += ROWS_AT_ONCE) {
      const part = missing.slice(start, start + ROWS_AT_ONCE);
      const rows = await db
        .select({ hash: table.hash, body: table.body })
        .from(table)
        .where(and(eq(table.statement, id), inArray(table.hash, part)));
      for (const { hash, body } of rows) found.set(hash, body);
    }
  }
  return hashes.map((hash) => {
    const entry = found.get(hash);
    if (!entry) throw new Error('an entry of a wave is not there');
    return entry;
  });
}
