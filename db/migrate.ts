import path from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

const FOLDER = path.join('db', 'migrations');
/** Any number that nothing else in this database locks. */
const LOCK = 7_261_845;

/**
 * Brings a database to the newest schema. Several processes may call it at once: one works, the others wait.
 * @throws the driver's error when the database cannot be reached or a migration fails, which then leaves no trace
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  try {
    const db = drizzle(client);
    await db.execute(sql`select pg_advisory_lock(${LOCK})`);
    await runMigrations(db, { migrationsFolder: path.join(/* turbopackIgnore: true */ process.cwd(), FOLDER) });
  } finally {
    await client.end({ timeout: 5 });
  }
}
