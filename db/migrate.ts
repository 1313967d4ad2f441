import path from 'node:path';
import type postgres from 'postgres';
import { drizzle, readMigrationFiles, migrate as runMigrations, sql } from '#db/drizzle.cjs';
import { explainDatabaseFailure, explainOldServer, NEWER_SCHEMA, OLDEST_SERVER, OTHER_SCHEMA } from './explain-failure.ts';
import { openClient } from './open-client.ts';

const FOLDER = path.join('db', 'migrations');
/** Any number that nothing else in this database locks. */
const LOCK = 7_261_845;
/** What a migration that older programs would not survive says of itself, with its own number, as the comment of this schema. */
const NEEDED = /^needs (\d{4})$/;

/**
 * How a database stands to this program: `current` if it has run what this program has, `ahead` if a newer one has run more, all of
 * which this one can work beside, `beyond` if a newer one has changed what this one relies on, `other` if its tables were made by
 * migrations that are not this program's.
 */
type Standing = 'current' | 'ahead' | 'beyond' | 'other';
/** Of a server that is too old nothing else is asked. */
type Found = { version: number; standing?: Standing };

/**
 * Brings a database to the newest schema, or leaves it as it is if a newer version of this program has brought it further and says
 * that this one can work on it. Several processes may call it at once: one works, the others wait.
 * @returns whether a newer version has brought it further
 * @throws Error with a sentence on why the database cannot be used, which holds nothing of its address; a migration that fails leaves
 *   no trace
 */
export async function migrate(databaseUrl: string): Promise<{ isAhead: boolean }> {
  let found: Found;
  try {
    found = await migrateOver(openClient(databaseUrl));
  } catch (error) {
    throw new Error(explainDatabaseFailure(error, databaseUrl));
  }
  if (found.version < OLDEST_SERVER) throw new Error(explainOldServer(found.version));
  if (found.standing === 'other') throw new Error(OTHER_SCHEMA);
  if (found.standing === 'beyond') throw new Error(NEWER_SCHEMA);
  return { isAhead: found.standing === 'ahead' };
}

async function migrateOver(client: postgres.Sql): Promise<Found> {
  try {
    const [row] = await client<{ version: number }[]>`select current_setting('server_version_num')::int as version`;
    const version = row?.version ?? 0;
    if (version < OLDEST_SERVER) return { version };
    const db = drizzle(client);
    await db.execute(sql`select pg_advisory_lock(${LOCK})`);
    const config = { migrationsFolder: path.join(/* turbopackIgnore: true */ process.cwd(), FOLDER) };
    const ours = readMigrationFiles(config).map(({ hash }) => hash);
    const standing = judgeStanding(ours, await listApplied(client), await readNeeded(client));
    if (standing === 'current') await runMigrations(db, config);
    return { version, standing };
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** @param needed the number of the newest migration that a program must have */
function judgeStanding(ours: readonly string[], applied: readonly string[], needed: number): Standing {
  if (applied.every((hash) => ours.includes(hash))) return 'current';
  if (!ours.every((hash) => applied.includes(hash))) return 'other';
  return needed < ours.length ? 'ahead' : 'beyond';
}

/** What cannot be read was written by a program that this one knows nothing of: more is needed than it can have. */
async function readNeeded(client: postgres.ISql): Promise<number> {
  const [row] = await client<{ comment: string | null }[]>`
    select obj_description(oid, 'pg_namespace') as comment from pg_namespace where nspname = 'drizzle'`;
  return row?.comment ? Number(NEEDED.exec(row.comment)?.[1] ?? Number.POSITIVE_INFINITY) : 0;
}

/** The hashes of the migrations that were run on a database. */
export async function listApplied(client: postgres.ISql): Promise<string[]> {
  const [table] = await client<{ name: string | null }[]>`select to_regclass('drizzle.__drizzle_migrations')::text as name`;
  if (!table?.name) return [];
  return (await client<{ hash: string }[]>`select hash from drizzle.__drizzle_migrations`).map(({ hash }) => hash);
}
