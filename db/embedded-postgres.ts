import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lockFolder } from '#lib/host/folder-lock.ts';
import { requireSecretFile } from '#lib/host/private-places.ts';
import { findFreePort } from './free-port.ts';
import { type GuardedProcess, spawnGuarded } from './guarded-process.ts';
import { findPostgresBinaries, listIdentities, type SystemUser } from './postgres-binaries.ts';

export type RunningPostgres = {
  /** Connection string with the password, for this machine only. */
  url: string;
  /** Settles when the server is gone, also when nobody stopped it. */
  exited: Promise<number>;
  stop(): Promise<void>;
};

type PostgresOptions = {
  /** Folder of this server alone: its cluster and its password file lie there and are taken up again on the next start. */
  folder: string;
  /** False only for data that nobody will miss: no write is waited for. */
  durable: boolean;
  /** Where to listen on 127.0.0.1; any free port if absent. */
  port?: number;
  /** One of listIdentities(); the best one if absent. */
  identity?: SystemUser;
  /** Settings that go before those of this file, as in `postgres -c`. */
  settings?: readonly string[];
};

const ALWAYS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'timezone=UTC',
  'max_connections=100',
  // Statements and the keys of refused rows say what was signed and when: nothing of that belongs in a log.
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
  'log_checkpoints=off',
  // The write-ahead log has the time of every commit. No more of it than a crash needs: lib/server/board/erase-traces.ts sees to it
  // that it goes soon after each checkpoint of a board, and files of it that are not used any more are deleted, not kept.
  'wal_level=minimal',
  'max_wal_senders=0',
  'wal_recycle=off',
  'min_wal_size=32MB',
  'max_wal_size=128MB',
  'round_robin.private=on',
];
const DURABLE = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'];
const FORGETFUL = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'shared_buffers=32MB'];

/**
 * Runs a private PostgreSQL on 127.0.0.1, as root too. It ends with this process, however that ends.
 * @throws Error when the folder is in use or others may read its password, or with PostgreSQL's own words when it does not start.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const unlock = await lockFolder(options.folder);
  if (unlock === null) throw new Error(`${options.folder} is in use by another Round Robin on this machine. Stop that one first.`);
  try {
    const { server, url } = await startLocked(options);
    const stop = async () => {
      await server.stop();
      await unlock();
    };
    return { url, exited: server.exited, stop };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function startLocked({ folder, durable, port: wanted, identity = listIdentities()[0]!, settings: own = [] }: PostgresOptions) {
  const binaries = findPostgresBinaries();
  const cluster = path.resolve(folder, 'cluster');
  const passwordFile = path.resolve(folder, 'password');
  if (!existsSync(cluster)) createCluster(binaries.initdb, cluster, passwordFile, durable, identity);
  for (const place of [cluster, passwordFile]) giveTo(place, identity.owner);
  requireSecretFile(passwordFile, identity.owner);
  const port = wanted ?? (await findFreePort());
  const settings = [...ALWAYS, ...(durable ? DURABLE : FORGETFUL), ...own].flatMap((setting) => ['-c', setting]);
  const server = spawnGuarded([...identity.prefix, binaries.postgres, '-D', cluster, '-p', String(port), ...settings], {
    ...identity.ids,
    stopSignal: 'INT',
  });
  await waitUntilReady(server);
  return { server, url: `postgres://postgres:${readFileSync(passwordFile, 'utf8')}@127.0.0.1:${port}/postgres` };
}

/** Makes the cluster beside its place and moves it there when complete, so that a crash in between leaves nothing half made. */
function createCluster(initdb: string, cluster: string, passwordFile: string, durable: boolean, identity: SystemUser): void {
  const unfinished = `${cluster}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  giveTo(unfinished, identity.owner);
  giveTo(passwordFile, identity.owner);
  const [program = '', ...args] = [
    ...[...identity.prefix, initdb, '-D', unfinished, '-U', 'postgres', '-E', 'UTF8', '--locale=C'],
    ...['--wal-segsize=1', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, ...(durable ? [] : ['--no-sync'])],
  ];
  execFileSync(program, args, { ...identity.ids, stdio: ['ignore', 'ignore', 'pipe'] });
  renameSync(unfinished, cluster);
}

/** Hands a file or a whole folder to the user that PostgreSQL runs as, which may differ from the last start's. */
function giveTo(place: string, owner: number | undefined): void {
  if (owner === undefined || statSync(place).uid === owner) return;
  chownSync(place, owner, owner);
  if (!statSync(place).isDirectory()) return;
  for (const entry of readdirSync(place, { recursive: true, encoding: 'utf8' })) chownSync(path.join(place, entry), owner, owner);
}

function waitUntilReady({ child, exited }: GuardedProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log: string | undefined = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      if (log === undefined) return; // once it runs, its words are let go: see log_min_error_statement
      log += chunk.toString();
      if (!/database system is ready to accept (read-only )?connections/.test(log)) return; // a standby can be read only
      log = undefined;
      resolve();
    });
    void exited.then((code) => reject(new Error(`PostgreSQL did not start (exit ${code}): ${log?.trim() ?? ''}`)));
  });
}
