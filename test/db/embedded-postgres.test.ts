import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '#db/embedded-postgres.ts';
import { listIdentities } from '#db/postgres-binaries.ts';
import { isRunning } from '../support/is-running.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'embedded-'));
  folders.push(folder);
  return folder;
}

async function query<T>(url: string, ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await ask(sql);
  } finally {
    await sql.end();
  }
}

const postmasterOf = (folder: string) => Number(readFileSync(path.join(folder, 'cluster/postmaster.pid'), 'utf8').split('\n')[0]);

describe('the embedded PostgreSQL', () => {
  it('keeps what was committed through kill -9 and a restart, with fsync on', async () => {
    const folder = makeFolder();
    const first = await startPostgres({ folder, durable: true });
    await query(first.url, async (sql) => {
      await sql`create table kept (n int primary key)`;
      await sql`insert into kept select generate_series(1, 1000)`;
    });
    process.kill(postmasterOf(folder), 'SIGKILL');
    await first.exited;
    await first.stop();

    const second = await startPostgres({ folder, durable: true });
    const [row] = await query(second.url, (sql) => sql`select count(*)::int as n, current_setting('fsync') as fsync from kept`);
    expect(row).toEqual({ n: 1000, fsync: 'on' });
    await second.stop();
  });

  it('refuses a second server on the same folder and leaves the first alone', async () => {
    const folder = makeFolder();
    const first = await startPostgres({ folder, durable: false });
    await expect(startPostgres({ folder, durable: false })).rejects.toThrow(/in use by another Round Robin/);
    expect(await query(first.url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await first.stop();
  });

  it('asks for the password, which only its owner can read', async () => {
    const folder = makeFolder();
    const server = await startPostgres({ folder, durable: false });
    const wrong = server.url.replace(/:[0-9a-f]{48}@/, ':guess@');
    await expect(query(wrong, (sql) => sql`select 1`)).rejects.toThrow(/password/);
    expect(statSync(path.join(folder, 'password')).mode & 0o777).toBe(0o600);
    await server.stop();
  });

  it('does not start with a password that others may read', async () => {
    const folder = makeFolder();
    await (await startPostgres({ folder, durable: false })).stop();
    chmodSync(path.join(folder, 'password'), 0o644);
    await expect(startPostgres({ folder, durable: false })).rejects.toThrow(/Others on this machine may read .*password.*chmod 600/);
    chmodSync(path.join(folder, 'password'), 0o600);
    await (await startPostgres({ folder, durable: false })).stop();
  });

  it('can be taken over by any user that this process can run it as, with its data', async () => {
    const folder = path.join(makeFolder(), 'private');
    for (const [turn, identity] of listIdentities().slice(0, 2).entries()) {
      const server = await startPostgres({ folder, durable: false, identity });
      await query(server.url, (sql) => sql.unsafe(`create table turn_${turn} ()`));
      const rows = await query(server.url, (sql) => sql`select tablename from pg_tables where schemaname = 'public'`);
      expect(rows).toHaveLength(turn + 1);
      await server.stop();
    }
  });

  it('ends when the process that started it is killed with -9', async () => {
    const folder = makeFolder();
    const script = `import { startPostgres } from ${JSON.stringify(path.resolve('db/embedded-postgres.ts'))};
      await startPostgres({ folder: ${JSON.stringify(folder)}, durable: false });
      process.kill(process.pid, 'SIGKILL');`;
    expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })).toThrow();
    await expect.poll(() => existsPid(folder), { timeout: 20_000 }).toBe(false);
    const again = await startPostgres({ folder, durable: false });
    await again.stop();
  });
});

function existsPid(folder: string): boolean {
  try {
    return isRunning(postmasterOf(folder));
  } catch {
    return false; // an orderly shutdown removes the file
  }
}
