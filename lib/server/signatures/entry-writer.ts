import 'server-only';
import type { Database } from '#db/client.ts';
import { entries } from '#db/schema/board.ts';

type Row = typeof entries.$inferInsert;
type Waiting = { row: Row; resolve: (isNew: boolean) => void; reject: (error: unknown) => void };

/**
 * Stores entries; resolves when the row is safely on the disk. False when the database holds one of its kind already.
 * @param atOnce for statements whose checkpoints tell the second anyway. Every other row waits for the next common moment: a database
 *   logs the time of each transaction, and its logs are kept where nobody thinks of them.
 */
export type EntryWriter = (row: Row, atOnce: boolean) => Promise<boolean>;

const ROWS_AT_ONCE = 200;

/**
 * Stores in one insert whatever came while the one before was under way: a disk confirms a hundred signatures as fast as one,
 * and pages find connections free. Each row stands or falls by itself; the unique key decides between two that come at once.
 * @param tickMs common moments are the multiples of it on the system's clock; 0 for none
 */
export function createEntryWriter(db: Database, tickMs: number): EntryWriter {
  const waiting: Waiting[] = [];
  let held: Waiting[] = [];
  let isWriting = false;

  const writeAll = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    while (waiting.length > 0) await write(db, waiting.splice(0, ROWS_AT_ONCE));
    isWriting = false;
  };
  const release = () => {
    for (const one of held) waiting.push(one);
    held = [];
    void writeAll();
  };

  return (row, atOnce) =>
    new Promise((resolve, reject) => {
      const one = { row, resolve, reject };
      if (atOnce || tickMs === 0) {
        waiting.push(one);
        void writeAll();
        return;
      }
      held.push(one);
      if (held.length === 1) setTimeout(release, tickMs - (Date.now() % tickMs));
    });
}

/** By nullifier: two processes that store the same keys in one order wait for each other, in two orders they would lock up. */
function compareRows(a: Row, b: Row): number {
  return a.nullifier === b.nullifier ? Number(a.action > b.action) - Number(a.action < b.action) : a.nullifier < b.nullifier ? -1 : 1;
}

async function write(db: Database, batch: readonly Waiting[]): Promise<void> {
  try {
    const rows = batch.map(({ row }) => row).sort(compareRows);
    const added = await db.insert(entries).values(rows).onConflictDoNothing().returning({ listed: entries.listed });
    const listed = new Set(added.map((row) => row.listed));
    for (const { row, resolve } of batch) resolve(listed.delete(row.listed)); // the same entry twice in a batch is new once
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
