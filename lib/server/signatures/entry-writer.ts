import 'server-only';
import type { Database } from '#db/client.ts';
import { entries } from '#db/schema.ts';

type Row = typeof entries.$inferInsert;
type Waiting = { row: Row; resolve: (isNew: boolean) => void; reject: (error: unknown) => void };

/** Stores entries; resolves when the row is safely on the disk. False when the database holds one of its kind already. */
export type EntryWriter = (row: Row) => Promise<boolean>;

const ROWS_AT_ONCE = 200;

/**
 * Stores in one insert whatever came while the one before was under way: a disk confirms a hundred signatures as fast as one,
 * and pages find connections free. Each row stands or falls by itself; the unique key decides between two that come at once.
 */
export function createEntryWriter(db: Database): EntryWriter {
  const waiting: Waiting[] = [];
  let isWriting = false;

  const writeAll = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) await write(db, waiting.splice(0, ROWS_AT_ONCE));
    isWriting = false;
  };

  return (row) =>
    new Promise((resolve, reject) => {
      waiting.push({ row, resolve, reject });
      if (!isWriting) void writeAll();
    });
}

/** By nullifier: two processes that store the same keys in one order wait for each other, in two orders they would lock up. */
function compareRows(a: Row, b: Row): number {
  return a.nullifier === b.nullifier ? Number(a.action > b.action) - Number(a.action < b.action) : a.nullifier < b.nullifier ? -1 : 1;
}

async function write(db: Database, batch: readonly Waiting[]): Promise<void> {
  try {
    const rows = batch.map(({ row }) => row).sort(compareRows);
    const added = await db.insert(entries).values(rows).onConflictDoNothing().returning({ hash: entries.hash });
    const hashes = new Set(added.map(({ hash }) => hash));
    for (const { row, resolve } of batch) resolve(hashes.delete(row.hash)); // the same entry twice in a batch is new once
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
