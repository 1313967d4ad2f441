import { randomBytes } from 'node:crypto';
import type postgres from 'postgres';
import { openClient } from '../open-client.ts';

/** Of a server, the databases that can be entered to change the names of others. */
const ENTRIES = ['postgres', 'template1'];
/** PostgreSQL cuts longer names off. */
const LONGEST_NAME = 63;
const BEFORE = '_before_';
const FRESH = '_fresh_';

export const databaseOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1));

export function urlOfDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${encodeURIComponent(name)}` }).href;
}

/** Works on a server from beside one of its databases. @throws the driver's error where this user may not */
export async function besideDatabase<T>(databaseUrl: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const entry = ENTRIES.find((name) => name !== databaseOf(databaseUrl)) as string;
  const sql = openClient(urlOfDatabase(databaseUrl, entry));
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

export async function hasDatabase(sql: postgres.ISql, name: string): Promise<boolean> {
  return (await sql`select 1 from pg_database where datname = ${name}`).length > 0;
}

/** How many others use a database. */
export async function countUsers(sql: postgres.ISql, name: string): Promise<number> {
  const [row] = await sql<{ users: number }[]>`
    select count(*)::int as users from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid() and backend_type = 'client backend'`;
  return row?.users ?? 0;
}

/** An empty database beside another, with a name of its own. */
export async function createBeside(sql: postgres.Sql, name: string): Promise<string> {
  const fresh = nameWith(name, `${FRESH}${randomBytes(4).toString('hex')}`);
  await sql`create database ${sql(fresh)} template template0 encoding 'UTF8'`.catch((error: unknown) => {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new Error(
      'The user in DATABASE_URL may not make databases on that server, which putting back a copy needs: alter role … createdb.',
    );
  });
  return fresh;
}

/** Gives a database the name of another, which is kept under a new one. At once or not at all. @returns that new name, null for none */
export async function switchDatabases(sql: postgres.Sql, fresh: string, name: string): Promise<string | null> {
  return sql.begin(async (tx) => {
    const kept = (await hasDatabase(tx, name)) ? nameWith(name, `${BEFORE}${randomBytes(4).toString('hex')}`) : null;
    if (kept) await tx`alter database ${tx(name)} rename to ${tx(kept)}`;
    await tx`alter database ${tx(fresh)} rename to ${tx(name)}`;
    return kept;
  });
}

export async function dropDatabase(sql: postgres.Sql, name: string): Promise<void> {
  await sql`drop database if exists ${sql(name)} with (force)`;
}

/** Drops what earlier restores have kept, and left when they were killed. @returns their names */
export async function dropKept(databaseUrl: string): Promise<string[]> {
  return besideDatabase(databaseUrl, async (sql) => {
    const [before, fresh] = [BEFORE, FRESH].map((end) => nameWith(databaseOf(databaseUrl), end)) as [string, string];
    const names = await sql<{ name: string }[]>`
      select datname as name from pg_database where starts_with(datname, ${before}) or starts_with(datname, ${fresh})`;
    for (const { name } of names) await dropDatabase(sql, name);
    return names.map(({ name }) => name);
  });
}

function nameWith(name: string, end: string): string {
  const most = LONGEST_NAME - BEFORE.length - 8;
  return `${name.slice(0, most)}${end}`;
}
