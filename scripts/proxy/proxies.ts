import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '#db/free-port.ts';
import { type GuardedProcess, spawnGuarded } from '#db/guarded-process.ts';
import { root } from '../instance/runtime.ts';
import { certify, type TestCertificate } from './certificates.ts';
import { findProgram } from './find-program.ts';

/** The name that stands in the examples of deploy/. */
const EXAMPLE_NAME = 'sign.example';

/** An example of deploy/, run as it stands but for its name, ports, places and the certificate. */
export type RunningProxy = {
  /** Of 127.0.0.1, for https. */
  port: number;
  /** The file, in PEM, of the authority that has certified its name. */
  authority: string;
  /** All that it has printed and written into files so far. */
  written(): string;
  stop(): Promise<void>;
};

type Places = TestCertificate & { name: string; folder: string; http: number; https: number; platform: string };
type Kind = {
  program: string;
  example: string;
  /** What of the example is of the machine, and what it is here. Each is there. */
  changes(places: Places): [string, string][];
  command(program: string, file: string, folder: string): string[];
};

const KINDS: Record<'nginx' | 'Caddy', Kind> = {
  nginx: {
    program: 'nginx',
    example: path.join(root, 'deploy/nginx/nginx.conf'),
    changes: ({ name, folder, certificate, key, http, https, platform }) => [
      ['user www-data;', process.geteuid?.() === 0 ? 'user root;' : ''],
      ['/run/', `${folder}/`],
      ['listen 80', `listen 127.0.0.1:${http}`],
      ['listen 443', `listen 127.0.0.1:${https}`],
      ['listen [::]:80', `listen [::1]:${http}`],
      ['listen [::]:443', `listen [::1]:${https}`],
      [`/etc/letsencrypt/live/${EXAMPLE_NAME}/fullchain.pem`, certificate],
      [`/etc/letsencrypt/live/${EXAMPLE_NAME}/privkey.pem`, key],
      [EXAMPLE_NAME, name],
      ['127.0.0.1:3000', platform],
    ],
    command: (program, file, folder) => [program, '-p', folder, '-e', 'stderr', '-c', file, '-g', 'daemon off;'],
  },
  Caddy: {
    program: 'caddy',
    example: path.join(root, 'deploy/caddy/Caddyfile'),
    changes: ({ name, certificate, key, http, https, platform }) => [
      ['\tadmin off\n', `\tadmin off\n\tdefault_bind 127.0.0.1\n\thttp_port ${http}\n\thttps_port ${https}\n`],
      [`{$DOMAIN:${EXAMPLE_NAME}}`, name],
      ['\ttls {', `\ttls ${certificate} ${key} {`],
      ['{$PLATFORM:127.0.0.1:3000}', platform],
      ['_duration 2s', '_duration 50ms'], // nobody waits for one that is started again
    ],
    command: (program, file) => [program, 'run', '--adapter', 'caddyfile', '--config', file],
  },
};

const openssl = findProgram('openssl');

/** The proxies of which deploy/ has an example; `program` is null where it cannot be run here. */
export const PROXIES = Object.entries(KINDS).map(([name, kind]) => ({ name, program: openssl && findProgram(kind.program), kind }));
export type ProxyExample = (typeof PROXIES)[number];

/**
 * Runs a proxy before the platform at an address, with a certificate of an authority that is made for it alone.
 * @param folder empty, for all that it writes; it stays
 * @param name under which it answers
 * @throws Error with its own words when it does not start
 */
export async function startProxy(
  { program, kind }: ProxyExample,
  { origin, folder, name = EXAMPLE_NAME }: { origin: string; folder: string; name?: string },
): Promise<RunningProxy> {
  const files = certify(openssl ?? '', name, folder);
  const places = { ...files, name, folder, http: await findFreePort(), https: await findFreePort(), platform: new URL(origin).host };
  const file = path.join(folder, 'settings');
  writeFileSync(file, applyChanges(readFileSync(kind.example, 'utf8'), kind.changes(places)));
  const env = { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } as unknown as NodeJS.ProcessEnv;
  const running = spawnGuarded(kind.command(program ?? '', file, folder), { env, stopSignal: 'TERM', stdout: 'pipe', stderr: 'pipe' });
  const printed: Buffer[] = [];
  for (const stream of [running.child.stdout, running.child.stderr]) stream?.on('data', (bytes: Buffer) => printed.push(bytes));
  const written = () => Buffer.concat([...printed, ...readFiles(folder)]).toString('latin1');
  await waitUntilListening(places.https, running, written);
  return { port: places.https, authority: files.authority, written, stop: running.stop };
}

/** An example with what of it is of the machine changed to what it is here. @throws Error where it has none of that any more */
export function applyChanges(example: string, changes: [string, string][]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example has no ${JSON.stringify(from)} any more`);
    return text.replaceAll(from, to);
  }, example);
}

function readFiles(folder: string): Buffer[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
  return names.filter((name) => statSync(name).isFile()).map((name) => readFileSync(name));
}

async function waitUntilListening(port: number, { exited }: GuardedProcess, written: () => string): Promise<void> {
  let end: number | undefined;
  void exited.then((code) => {
    end = code;
  });
  for (;;) {
    if (end !== undefined) throw new Error(`the proxy ended (${end}): ${written()}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await sleep(50);
  }
}
