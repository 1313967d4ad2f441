import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type GuardedProcess, spawnGuarded } from '#db/guarded-process.ts';
import type { Log } from '#lib/host/log.ts';
import { makeFolder } from '#lib/host/make-folder.ts';
import { type Kept, keepRunning } from './keep-running.ts';
import { relayLines } from './relay-lines.ts';
import { root, runtimeEnv } from './runtime.ts';

/** 2 of 4 is the smallest committee: n ≥ 3k − 2. SPEC §5.3. */
const COUNT = 4;

type ServeOptions = { platform: string; graceMarginSeconds: number; pollSeconds: number };

export type LocalTrustee = Kept & { name: string; keystore: string };

/**
 * Makes the keystores of four trial trustees, or finds them made, and writes their descriptors where the platform reads them.
 * @returns the file for TRUSTEES_FILE
 */
export function initLocalTrustees(folder: string): string {
  makeFolder(folder, 0o700);
  const descriptors = numbers().map((n) => {
    const about = ['--keystore', path.join(folder, String(n)), '--name', nameOf(n), '--contact', 'this machine, for trial only'];
    const output = execFileSync(process.execPath, trusteeArguments('init', ...about), {
      cwd: root,
      env: runtimeEnv(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(output.trim().split('\n').at(-1) ?? '') as unknown;
  });
  const file = path.join(folder, 'committee.json');
  writeFileSync(file, `${JSON.stringify(descriptors, null, 2)}\n`);
  return file;
}

/** Where entries of this process go, and lines of the trustees. */
type Logs = { log: Log; relay: (trustee: number, line: string) => void };

/** Runs the trial trustees, each as a process of its own that knows nothing but the platform's address. */
export function serveLocalTrustees(folder: string, options: ServeOptions, { log, relay }: Logs): LocalTrustee[] {
  return numbers().map((n) => {
    const keystore = path.join(folder, String(n));
    const start = () => startTrustee(keystore, options, (line) => relay(n, line));
    return { name: nameOf(n), keystore, ...keepRunning(nameOf(n), start(), async () => start(), log) };
  });
}

function startTrustee(keystore: string, options: ServeOptions, log: (line: string) => void): GuardedProcess {
  const times = ['--grace-margin-seconds', String(options.graceMarginSeconds), '--poll-seconds', String(options.pollSeconds)];
  const args = trusteeArguments('serve', '--keystore', keystore, '--platform', options.platform, ...times);
  const trustee = spawnGuarded([process.execPath, ...args], { cwd: root, env: runtimeEnv(), stopSignal: 'TERM', stdout: 'pipe' });
  relayLines(trustee.child, log);
  return trustee;
}

const numbers = () => Array.from({ length: COUNT }, (_, i) => i + 1);
const nameOf = (n: number) => `Trial trustee ${n}`;
const trusteeArguments = (...args: string[]) => ['--disable-warning=ExperimentalWarning', 'scripts/trustee.ts', ...args];
