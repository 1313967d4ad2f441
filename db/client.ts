import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema.ts';

/** The database, or a transaction in it. */
export type Database = Omit<PostgresJsDatabase<typeof schema>, '$client'>;
export type Connection = { db: Database; close(): Promise<void> };

/** Opens a pool of connections; they are made when first needed. Nothing that is asked or answered is logged. */
export function connect(databaseUrl: string, size = 10): Connection {
  const sql = postgres(databaseUrl, {
    max: size,
    onnotice: () => {},
    connect_timeout: 10,
    connection: { application_name: 'round-robin', statement_timeout: 30_000, idle_in_transaction_session_timeout: 60_000 },
  });
  return { db: drizzle(sql, { schema, casing: 'snake_case' }), close: () => sql.end({ timeout: 5 }) };
}
