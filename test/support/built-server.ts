import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { findFreePort } from '#db/free-port.ts';
import { buildPages } from '#scripts/instance/build-pages.ts';
import { startWeb } from '#scripts/instance/web-server.ts';
import type { TestPlatform } from './platform.ts';
import { PLATFORM_SEED } from './world.ts';

/** The web server as it is built, on the database of a test's platform. */
export type BuiltServer = {
  origin: string;
  /** What it has said so far, line by line. */
  log: string[];
  stop(): Promise<void>;
  /** Ends it as a machine that fails does, with all that it was doing. */
  kill(): Promise<void>;
};

type ServerOptions = {
  /** Where it is one of several behind one address; otherwise its own. */
  publicUrl?: string;
  /** Who runs the site, in own words. */
  operator?: { contact: string; imprint: string };
};

/** Builds the pages where that is not done yet, and serves them. */
export async function startBuiltServer({ databaseUrl }: TestPlatform, { publicUrl, operator }: ServerOptions = {}): Promise<BuiltServer> {
  await buildPages(() => {}, 'ignore');
  const folder = mkdtempSync(path.join(tmpdir(), 'built-server-'));
  const keyFile = path.join(folder, 'platform.key');
  writeFileSync(keyFile, bytesToHex(PLATFORM_SEED), { mode: 0o600 });
  const imprintFile = path.join(folder, 'imprint.txt');
  if (operator) writeFileSync(imprintFile, operator.imprint);
  const port = await findFreePort();
  const log: string[] = [];
  const settings = {
    DATABASE_URL: databaseUrl,
    SESSION_SECRET: 'x'.repeat(32),
    PLATFORM_KEY_FILE: keyFile,
    PUBLIC_URL: publicUrl ?? `http://localhost:${port}`,
    ACCEPT_DEV_KEYS: '1',
    ...(operator ? { OPERATOR_CONTACT: operator.contact, IMPRINT_FILE: imprintFile } : {}),
  };
  const web = await startWeb({ mode: 'start', listen: { addresses: ['127.0.0.1'], port }, settings }, (line) => log.push(line));
  const stop = async () => {
    await web.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const kill = async () => {
    process.kill(-(web.child.pid as number), 'SIGKILL'); // the group of the process and its watcher
    await web.exited;
  };
  return { origin: `http://127.0.0.1:${port}`, log, stop, kill };
}
