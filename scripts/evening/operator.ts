import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { besideDatabase, urlOfDatabase } from '#db/backup/switch-databases.ts';
import { type RunningPostgres, startPostgres } from '#db/embedded-postgres.ts';
import { findFreePort } from '#db/free-port.ts';
import { makeFolder } from '#lib/host/make-folder.ts';
import { type ProxyExample, type RunningProxy, startProxy } from '../proxy/proxies.ts';
import type { Serving, Terminal } from './terminal.ts';
import { startTorNetwork, type TorNetwork } from './tor-network.ts';

const START_PATIENCE_SECONDS = 180;
const DATABASE = 'round_robin';

/** Whoever runs the platform: what they have set up, and the settings that they give it. */
export type EveningOperator = ReturnType<typeof createOperator>;

/** @param folder of the evening; what this person has lies in a folder in it */
export function createOperator(terminal: Terminal, folder: string) {
  const own = terminal.folderOf('operator');
  const settings: Record<string, string> = { ACCEPT_DEV_KEYS: '1', OPERATOR_CONTACT: 'evening@sign.example' };
  let port = 0;
  let proxy: RunningProxy | undefined;
  let tor: TorNetwork | undefined;
  let database: (RunningPostgres & { folder: string }) | undefined;
  let platform: Serving | undefined;

  const run = (name: string, ...args: string[]) => terminal.run({ who: 'operator', name, args, env: settings });
  const place = (file: string) => path.join(own, file);

  return {
    run,
    /** Puts a setting, which the next start and every command of the operator's get. */
    set(name: string, value: string): void {
      settings[name] = value;
    },
    place,
    url: () => settings.PUBLIC_URL as string,
    databaseUrl: () => settings.DATABASE_URL as string,

    /** Puts a proxy before the port of the platform, which is not there yet; without one, the platform's own address is the public one. */
    async openFront(example: ProxyExample | undefined): Promise<void> {
      port = await findFreePort();
      settings.PORT = String(port);
      settings.PUBLIC_URL = `http://localhost:${port}`;
      settings.DATA_DIR = place('data');
      if (!example) return;
      const room = place('proxy');
      makeFolder(room, 0o700);
      proxy = await startProxy(example, { origin: `http://127.0.0.1:${port}`, folder: room, name: 'localhost' });
      settings.PUBLIC_URL = `https://localhost:${proxy.port}`;
    },
    /** Puts an onion service before the same port, on a Tor that is started for it. */
    async openOnion(): Promise<TorNetwork> {
      const room = place('tor');
      makeFolder(room, 0o700);
      tor = await startTorNetwork({ folder: room, logs: path.join(folder, 'logs'), platform: port });
      settings.ONION_URL = tor.onion;
      return tor;
    },
    /** Variables by which programs trust the authority of the test; none without a proxy. */
    trust: (): Record<string, string> => (proxy ? { NODE_EXTRA_CA_CERTS: proxy.authority } : {}),
    /** This process does as well from now on. */
    trustHere: () => {
      if (proxy) setDefaultCACertificates([...getCACertificates('default'), readFileSync(proxy.authority, 'utf8')]);
    },

    /** Starts a new, empty PostgreSQL in place of the one before, of which nothing is left. */
    async startFreshDatabase(name: string): Promise<void> {
      await database?.stop();
      if (database) rmSync(database.folder, { recursive: true });
      const room = path.join(folder, name);
      database = { ...(await startPostgres({ folder: room, durable: true })), folder: room };
      settings.DATABASE_URL = urlOfDatabase(database.url, DATABASE);
    },
    /** As `createdb round_robin`. */
    createDatabase: () => besideDatabase(settings.DATABASE_URL as string, (sql) => sql`create database ${sql(DATABASE)}`),

    async startPlatform(): Promise<void> {
      platform = terminal.serve({ who: 'operator', name: 'start', env: settings });
      await platform.waitForLine(/^Round Robin runs at/, START_PATIENCE_SECONDS);
    },
    stopPlatform: async () => void (await platform?.stop()),
    /** Kills the web process as a machine that fails does; `npm start`, which has started it, goes on. */
    killWeb: () => process.kill(findWebProcess(port), 'SIGKILL'),
    /** What work comes to while `npm start` goes on. @throws Error when that ends before */
    whileStarted: <T>(work: Promise<T>): Promise<T> => platform?.during(work) ?? work,
    /** Waits until it says that it starts the web process again. */
    waitForRestart: () => platform?.waitForLine(/The web server ended .*; starting it again/, START_PATIENCE_SECONDS),

    writeTrustees: (descriptors: readonly unknown[]) => {
      settings.TRUSTEES_FILE = place('trustees.json');
      writeFileSync(settings.TRUSTEES_FILE, JSON.stringify(descriptors, null, 2));
    },
    /** After the platform has been stopped. */
    async stop(): Promise<void> {
      await Promise.all([proxy?.stop(), tor?.stop()]);
      await database?.stop();
    },
  };
}

/** The process that listens on a port for the platform, by its command line. */
function findWebProcess(port: number): number {
  const found = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const [, ...words] = readCommandLineOf(pid);
    const at = words.indexOf('scripts/instance/web-process.ts');
    return at >= 0 && at <= 1 && words[at + 2] === String(port); // further back it is the process that guards it
  });
  if (found.length !== 1) throw new Error(`${found.length} processes serve port ${port}, and one was to be found.`);
  return Number(found[0]);
}

function readCommandLineOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has ended meanwhile
  }
}
