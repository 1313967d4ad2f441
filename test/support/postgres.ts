import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { startPostgres } from '#db/embedded-postgres.ts';

export type TestDatabase = { url: string; stop(): Promise<void> };

/**
 * An empty database of its own on a real PostgreSQL: a fresh database on the server of TEST_DATABASE_URL if that is set,
 * else a private server in a temporary folder. `stop` removes all of it.
 */
export async function startTestPostgres(): Promise<TestDatabase> {
  const shared = process.env.TEST_DATABASE_URL;
  if (shared) return createDatabaseOn(shared);
  const folder = mkdtempSync(path.join(tmpdir(), 'round-robin-pg-'));
  const server = await startPostgres({ folder, durable: false });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function createDatabaseOn(serverUrl: string): Promise<TestDatabase> {
  const name = `round_robin_test_${randomBytes(8).toString('hex')}`;
  const run = async (statement: string) => {
    const sql = postgres(serverUrl, { max: 1, onnotice: () => {} });
    await sql.unsafe(statement);
    await sql.end();
  };
  await run(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, stop: () => run(`drop database ${name} with (force)`) };
}
