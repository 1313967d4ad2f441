import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { type RunningPostgres, startPostgres } from '#db/embedded-postgres.ts';
import { findFreePort } from '#db/free-port.ts';

/** Two servers, one of which follows the other and confirms each commit before it counts. */
export type ReplicatedPostgres = {
  primary: RunningPostgres;
  standby: RunningPostgres;
  /** Ends the first as a machine that fails does, and lets the other take its place. */
  failOver(): Promise<void>;
  stop(): Promise<void>;
};

/** What docs/operating.md has of both. */
const BOTH = ['wal_level=replica', 'max_wal_senders=4', 'wal_keep_size=0'];

export async function startReplicated(): Promise<ReplicatedPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'replicated-'));
  const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')];
  const primary = await startPostgres({ folder: first, durable: true, settings: BOTH });
  await copyCluster(primary.url, first, second);
  const { port, password, username } = new URL(primary.url);
  const from = `primary_conninfo=host=127.0.0.1 port=${port} user=${username} password=${password}`;
  const standby = await startPostgres({ folder: second, durable: true, port: await findFreePort(), settings: [...BOTH, from] });
  await waitForStandby(primary.url);
  return {
    primary,
    standby,
    failOver: async () => {
      process.kill(Number(readFileSync(path.join(first, 'cluster/postmaster.pid'), 'utf8').split('\n', 1)[0]), 'SIGKILL');
      await primary.exited;
      await ask(standby.url, (sql) => sql`select pg_promote()`);
    },
    stop: async () => {
      await Promise.all([primary.stop(), standby.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The files of a server that runs, and what it takes to follow it from there. */
async function copyCluster(url: string, from: string, to: string): Promise<void> {
  const cluster = path.join(to, 'cluster');
  await ask(url, async (sql) => {
    await sql`select pg_backup_start('standby', true)`;
    mkdirSync(to);
    const isLeft = (file: string) => /postmaster\.(pid|opts)$|\/pg_wal\/[^/]+$/.test(file);
    cpSync(path.join(from, 'cluster'), cluster, { recursive: true, filter: (file) => !isLeft(file) });
    const [row] = await sql<{ label: string }[]>`select labelfile as label from pg_backup_stop(false)`;
    writeFileSync(path.join(cluster, 'backup_label'), row?.label ?? '');
  });
  chmodSync(cluster, 0o700);
  writeFileSync(path.join(cluster, 'standby.signal'), '');
  writeFileSync(path.join(to, 'password'), readFileSync(path.join(from, 'password')), { mode: 0o600 });
}

/** From here on nothing counts as stored before the standby has it on its disk too. */
async function waitForStandby(url: string): Promise<void> {
  await ask(url, async (sql) => {
    while ((await sql`select 1 from pg_stat_replication where state = 'streaming'`).length === 0) await sleep(50);
    await sql`alter system set synchronous_standby_names = '*'`;
    await sql`select pg_reload_conf()`;
    while ((await sql`select 1 from pg_stat_replication where sync_state = 'sync'`).length === 0) await sleep(50);
  });
}

async function ask<T>(url: string, question: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await question(sql);
  } finally {
    await sql.end();
  }
}
