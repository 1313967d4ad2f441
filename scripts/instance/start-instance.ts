import path from 'node:path';
import { startPostgres } from '#db/embedded-postgres.ts';
import { findFreePort } from '#db/free-port.ts';
import { migrate } from '#db/migrate.ts';
import { makeSignInLink } from '#db/sign-in-link.ts';
import { createLog, type Log, parseLogFormat } from '#lib/host/log.ts';
import { makeFolder } from '#lib/host/make-folder.ts';
import { requireOwnFolder } from '#lib/host/private-places.ts';
import { buildPages } from './build-pages.ts';
import { type Kept, keepRunning } from './keep-running.ts';
import { planListening, reachFromHere } from './listen-plan.ts';
import { initLocalTrustees, type LocalTrustee, serveLocalTrustees } from './local-trustees.ts';
import { ownPlatformKeyFile, ownSessionSecret } from './own-secrets.ts';
import { judgeReach } from './read-listen-settings.ts';
import { createRelay } from './relay-entries.ts';
import { rememberRunning } from './running-instance.ts';
import { startWeb } from './web-server.ts';

export type InstanceOptions = {
  /** Everything that the instance keeps lies here. One instance at a time. */
  dataFolder: string;
  mode: 'start' | 'dev';
  /** The operator's own settings, as in lib/server/env.ts; whatever is missing is made for a trial on this machine. */
  settings: Record<string, string | undefined>;
  /** Where the web server listens: see ListenWish. */
  host?: string | undefined;
  port?: number | undefined;
  firstPort: number;
  /** False for an instance that is thrown away afterwards. */
  durable: boolean;
  graceMarginSeconds: number;
  pollSeconds: number;
  log: (line: string) => void;
};

export type Instance = {
  url: string;
  issuerLink: string;
  /** What the operator should know of who can reach it. */
  notes: string[];
  databaseUrl: string;
  /** The trustees that run on this machine for trial; none when the operator named a committee. */
  trustees: LocalTrustee[];
  stop(): Promise<void>;
};

/**
 * Brings up a whole platform: database, schema, pages, web server, and a trial committee of four unless the settings name one.
 * What ends by itself is started again until `stop`.
 * @throws Error with a sentence for the operator; whatever was already running is stopped
 */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const running: Kept[] = [];
  const stop = async () => {
    for (const part of running.splice(0).reverse()) await part.stop();
  };
  try {
    return { ...(await startParts(options, running)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(options: InstanceOptions, running: Kept[]): Promise<Omit<Instance, 'stop'>> {
  const { dataFolder, mode, settings } = options;
  const format = parseLogFormat(settings.LOG_FORMAT);
  const log = createLog('start', format, options.log);
  const relay = createRelay(format, options.log);
  const listen = await planListening(options);
  const notes = judgeReach(listen, settings.PUBLIC_URL);
  prepareDataFolder(dataFolder);
  const databaseUrl = settings.DATABASE_URL || (await runDatabase(options, log, running));
  await migrate(databaseUrl);
  if (mode === 'start') await buildPages((text) => log({ code: 'BUILDING', text }));

  const trusteesFolder = path.join(dataFolder, 'trustees');
  const trial = !settings.TRUSTEES_FILE;
  const trusteesFile = settings.TRUSTEES_FILE || initLocalTrustees(trusteesFolder);

  const url = settings.PUBLIC_URL || listen.localUrl;
  const web = {
    mode,
    listen,
    settings: {
      DATABASE_URL: databaseUrl,
      SESSION_SECRET: settings.SESSION_SECRET || ownSessionSecret(dataFolder),
      PLATFORM_KEY_FILE: settings.PLATFORM_KEY_FILE || ownPlatformKeyFile(dataFolder),
      PLATFORM_OLD_KEY_FILES: settings.PLATFORM_OLD_KEY_FILES,
      TRUSTEES_FILE: trusteesFile,
      PUBLIC_URL: url,
      ONION_URL: settings.ONION_URL,
      TRIAL: trial ? '1' : '0',
      ACCEPT_DEV_KEYS: settings.ACCEPT_DEV_KEYS || (trial ? '1' : '0'),
      GRACE_MARGIN_SECONDS: settings.GRACE_MARGIN_SECONDS || (trial ? String(options.graceMarginSeconds) : undefined),
      ISSUERS: settings.ISSUERS,
      OPERATOR_CONTACT: settings.OPERATOR_CONTACT,
      IMPRINT_FILE: settings.IMPRINT_FILE,
      SMTP_URL: settings.SMTP_URL,
      SMTP_FROM: settings.SMTP_FROM,
      METRICS: settings.METRICS,
      LOG_FORMAT: settings.LOG_FORMAT,
      CEREMONY_FOLDER: settings.CEREMONY_FOLDER,
      CEREMONY_ABSENT_SECONDS: settings.CEREMONY_ABSENT_SECONDS,
      CEREMONY_TURN_SECONDS: settings.CEREMONY_TURN_SECONDS,
    },
  };
  const start = () => startWeb(web, (line) => relay('web', '[web]', line));
  running.push(keepRunning('The web server', await start(), start, log));

  const serving = {
    platform: reachFromHere(listen),
    graceMarginSeconds: options.graceMarginSeconds,
    pollSeconds: options.pollSeconds,
  };
  const trustees = trial
    ? serveLocalTrustees(trusteesFolder, serving, { log, relay: (n, line) => relay('trustee', `[trustee ${n}]`, line) })
    : [];
  for (const trustee of trustees) running.push(trustee);
  const issuerLink = await makeSignInLink(databaseUrl, url, Math.floor(Date.now() / 1000));
  rememberRunning(dataFolder, { url, databaseUrl: settings.DATABASE_URL ? undefined : databaseUrl });
  return { url, notes, issuerLink, databaseUrl, trustees };
}

/** @throws Error when the folder is not this user's alone to write to: keys and the database lie in it */
function prepareDataFolder(folder: string): void {
  makeFolder(folder, 0o700);
  requireOwnFolder(folder);
}

async function runDatabase({ dataFolder, durable }: InstanceOptions, log: Log, running: Kept[]): Promise<string> {
  const folder = path.join(dataFolder, 'postgres');
  const port = await findFreePort();
  const start = () => startPostgres({ folder, durable, port }); // the same port again, so that the web process finds it
  const first = await start();
  running.push(keepRunning('PostgreSQL', first, start, log));
  return first.url;
}
