import 'server-only';
import type { Database } from '#db/client.ts';
import { and, asc, eq, gt, inArray, sql } from '#db/drizzle.cjs';
import { checkpoints } from '#db/schema/board.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** Entries that are read together; the checkpoint that passes them is the last. */
const ENTRIES_AT_ONCE = 2_000;

/** At most `most` checkpoints after one, in order, up to the one with which their entries are enough to be read together. */
export async function loadCheckpoints(db: Database, id: Hex32, after: number, most: number) {
  const { number, body, listed } = checkpoints;
  const sizes = await db
    .select({ number, size: sql<number>`octet_length(${listed}) / 32` })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), gt(number, after)))
    .orderBy(asc(number))
    .limit(most);
  let total = 0;
  const some = sizes.filter(({ size }) => {
    const fits = total < ENTRIES_AT_ONCE;
    total += size;
    return fits;
  });
  if (some.length === 0) return [];
  const numbers = some.map((row) => row.number);
  return db
    .select({ number, body, listed })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), inArray(number, numbers)))
    .orderBy(asc(number));
}
