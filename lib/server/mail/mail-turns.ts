import 'server-only';
import { and, eq, gte, lt, ne, or, sql } from '#db/drizzle.cjs';
import { mailTurns } from '#db/schema/clerks.ts';
import type { Context } from '../context.ts';

const HOUR_SECONDS = 3_600;

/**
 * Counts a mail of this hour, unless `most` have gone out for the key already; one statement, so that several processes count alike.
 * Where they have, it only looks: whoever floods it would have all wait for the lock of one row.
 * @returns whether it may be sent
 */
export async function takeMailTurn({ db, now }: Context, key: string, most: number): Promise<boolean> {
  const hour = Math.floor(now() / HOUR_SECONDS);
  const isFull = and(eq(mailTurns.key, key), eq(mailTurns.hour, hour), gte(mailTurns.count, most));
  if ((await db.$count(mailTurns, isFull)) > 0) return false;
  const taken = await db
    .insert(mailTurns)
    .values({ key, hour, count: 1 })
    .onConflictDoUpdate({
      target: mailTurns.key,
      set: { hour, count: sql`case when ${mailTurns.hour} = ${hour} then ${mailTurns.count} + 1 else 1 end` },
      setWhere: or(ne(mailTurns.hour, hour), lt(mailTurns.count, most)),
    })
    .returning({ count: mailTurns.count });
  return taken.length > 0;
}

/** How many mails of this hour may still go out for a key. */
export async function countTurnsLeft({ db, now }: Context, key: string, most: number): Promise<number> {
  const isOfHour = and(eq(mailTurns.key, key), eq(mailTurns.hour, Math.floor(now() / HOUR_SECONDS)));
  const [row] = await db.select({ count: mailTurns.count }).from(mailTurns).where(isOfHour);
  return most - (row?.count ?? 0);
}

/** Deletes the counts of earlier hours: with them, since when an account has been asked for. */
export async function sweepMailTurns({ db, now }: Context): Promise<void> {
  await db.delete(mailTurns).where(lt(mailTurns.hour, Math.floor(now() / HOUR_SECONDS)));
}
