import 'server-only';
import type { Database } from '#db/client.ts';
import type { Context } from './context.ts';

/** Far more than one account has under way, or than open something at one moment. */
const MOST_WAITING = 256;

/**
 * A transaction that begins by waiting for a lock of the database: in this process one at a time does so under a name, and those behind it
 * hold no connection.
 * @throws AppError BUSY while too many wait under the name
 */
export function transactInLine<T>(
  { db, lines }: Pick<Context, 'db' | 'lines'>,
  name: string,
  work: (tx: Database) => Promise<T>,
): Promise<T> {
  return lines.wait(name, MOST_WAITING, () => db.transaction(work));
}
