import 'server-only';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Database } from '#db/client.ts';
import { ne, sql } from '#db/drizzle.cjs';
import { epochs } from '#db/schema/board.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { holdBoards } from './board/put-back.ts';
import type { Context } from './context.ts';

/** The home of a database that has just been made, and in which no process has been. */
const NEW = '';

/** From where a list is read: after which cursor, and in which epoch that was given out, if its holder knows. */
export type ListPlace = { after: number; epoch: string | null };

export async function readEpoch(db: Database): Promise<Hex32> {
  const [row] = await db.select({ epoch: epochs.epoch }).from(epochs);
  if (!row) throw new Error('the database has no epoch');
  return row.epoch;
}

/**
 * Where to begin: at the place that was asked for, or at the beginning where that is of another life of this database, or lies behind
 * its end because the database was put back file by file.
 * @param newest the last cursor that was given out; 0 for none
 */
export async function findStart(db: Database, { after, epoch }: ListPlace, newest: number): Promise<{ epoch: Hex32; after: number }> {
  const current = await readEpoch(db);
  const isOfNow = (epoch === null || epoch === current) && after <= newest;
  return { epoch: current, after: isOfNow ? after : 0 };
}

/**
 * Makes a new epoch if the database is not where it was: written back from a dump, or copied, it or its tables are others; in another
 * cluster, or after a recovery or a failover, so is the cluster's identity or its timeline. Every board then waits for its trustees.
 * Several processes may call it at once.
 */
export async function keepEpoch({ db, random, now }: Pick<Context, 'db' | 'random' | 'now'>): Promise<void> {
  const home = await findHome(db);
  const epoch = bytesToHex(random(32));
  await db.transaction(async (tx) => {
    const [before] = await tx.select({ home: epochs.home }).from(epochs).where(ne(epochs.home, home)).for('update');
    if (!before) return;
    await tx.update(epochs).set({ epoch, home });
    if (before.home !== NEW) await holdBoards(tx, now());
  });
}

async function findHome(db: Database): Promise<string> {
  const [row] = await db.execute<{ place: string }>(sql`
    select concat_ws('/', oid, 'board.epochs'::regclass::oid) as place from pg_database where datname = current_database()`);
  return `${await findCluster(db)}/${row?.place}`;
}

/** A hosted database may keep this to itself; then only a dump is noticed. */
async function findCluster(db: Database): Promise<string> {
  try {
    const [row] = await db.execute<{ cluster: string }>(
      // After a failover the control file has the new timeline only with the next checkpoint.
      sql`select system_identifier || '/' || ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int as cluster
        from pg_control_system()`,
    );
    return row?.cluster ?? '';
  } catch {
    return '';
  }
}
