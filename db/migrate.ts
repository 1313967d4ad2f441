import path from 'node:path';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import type postgres from 'postgres';
import { explainDatabaseFailure, explainOldServer, OLDEST_SERVER, OTHER_SCHEMA } from './explain-failure.ts';
import { openClient } from './open-client.ts';

const FOLDER = path.join('db', 'migrations');
/** Any number that nothing else in this database locks. */
const LOCK = 7_261_845;

/**
 * Brings a database to the newest schema. Several processes may call it at once: one works, the others wait.
 * @throws Error with a sentence on why the database cannot be used, which holds nothing of its address; a migration that fails leaves
 *   no trace
 */
export async function migrate(databaseUrl: string): Promise<void> {
  let found: Found;
  try {
    found = await migrateOver(openClient(databaseUrl));
  } catch (error) {
    throw new Error(explainDatabaseFailure(error, databaseUrl));
  }
  if (found.version < OLDEST_SERVER) throw new Error(explainOldServer(found.version));
  if (found.isOther) throw new Error(OTHER_SCHEMA);
}

/** The server's version, and whether its tables were made by another version of this program. */
type Found = { version: number; isOther: boolean };

/** What is too old or of another version is left alone. */
async function migrateOver(client: postgres.Sql): Promise<Found> {
  try {
    const [row] = await client<{ version: number }[]>`select current_setting('server_version_num')::int as version`;
    const version = row?.version ?? 0;
    if (version < OLDEST_SERVER) return { version, isOther: false };
    const db = drizzle(client);
    await db.execute(sql`select pg_advisory_lock(${LOCK})`);
    const config = { migrationsFolder: path.join(/* turbopackIgnore: true */ process.cwd(), FOLDER) };
    const ours = readMigrationFiles(config).map(({ hash }) => hash);
    const isOther = (await listApplied(client)).some((hash) => !ours.includes(hash));
    if (!isOther) await runMigrations(db, config);
    return { version, isOther };
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** The hashes of the migrations that were run on a database. */
export async function listApplied(client: postgres.ISql): Promise<string[]> {
  const [table] = await client<{ name: string | null }[]>`select to_regclass('drizzle.__drizzle_migrations')::text as name`;
  if (!table?.name) return [];
  return (await client<{ hash: string }[]>`select hash from drizzle.__drizzle_migrations`).map(({ hash }) => hash);
}
