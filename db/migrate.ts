import path from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { explainDatabaseFailure, explainOldServer, OLDEST_SERVER } from './explain-failure.ts';
import { openSocket, type SocketPlace } from './open-socket.ts';

const FOLDER = path.join('db', 'migrations');
/** Any number that nothing else in this database locks. */
const LOCK = 7_261_845;
const CONNECT_SECONDS = 5;

/**
 * Brings a database to the newest schema. Several processes may call it at once: one works, the others wait.
 * @throws Error with a sentence on why the database cannot be used, which holds nothing of its address; a migration that fails leaves
 *   no trace
 */
export async function migrate(databaseUrl: string): Promise<void> {
  let version: number;
  try {
    version = await migrateOver(open(databaseUrl));
  } catch (error) {
    throw new Error(explainDatabaseFailure(error, databaseUrl));
  }
  if (version < OLDEST_SERVER) throw new Error(explainOldServer(version));
}

function open(databaseUrl: string): postgres.Sql {
  // A migration, or waiting for another process's, may be silent for long.
  const options = { max: 1, onnotice: () => {}, connect_timeout: CONNECT_SECONDS, socket: (place: SocketPlace) => openSocket(place, 0) };
  return postgres(databaseUrl, options);
}

/** @returns the server's version; an older one than the oldest is left alone */
async function migrateOver(client: postgres.Sql): Promise<number> {
  try {
    const [row] = await client<{ version: number }[]>`select current_setting('server_version_num')::int as version`;
    const version = row?.version ?? 0;
    if (version < OLDEST_SERVER) return version;
    const db = drizzle(client);
    await db.execute(sql`select pg_advisory_lock(${LOCK})`);
    await runMigrations(db, { migrationsFolder: path.join(/* turbopackIgnore: true */ process.cwd(), FOLDER) });
    return version;
  } finally {
    await client.end({ timeout: 5 });
  }
}
