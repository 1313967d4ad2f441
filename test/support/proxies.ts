import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '#db/free-port.ts';
import { type GuardedProcess, spawnGuarded } from '#db/guarded-process.ts';
import { certify, type TestCertificate } from './certificates.ts';
import { findProgram } from './find-program.ts';

/** The name that stands in the examples of deploy/. */
const NAME = 'sign.example';
/** An address of this machine from which nobody else comes here. */
export const VISITOR = '127.0.0.77';

export type ProxyAnswer = { status: number; headers: IncomingHttpHeaders; body: string };

/** An example of deploy/, run as it stands but for ports, places and the certificate. */
export type RunningProxy = {
  /** A request of a visitor that is begun: who has it ends it. */
  begin(path: string, options?: RequestOptions): ReturnType<typeof request>;
  ask(path: string, options?: RequestOptions): Promise<ProxyAnswer>;
  /** All that it has printed and written into files so far. */
  written(): string;
  stop(): Promise<void>;
};

type Places = TestCertificate & { folder: string; http: number; https: number; platform: string };
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
    example: 'deploy/nginx/nginx.conf',
    changes: ({ folder, certificate, key, http, https, platform }) => [
      ['user www-data;', process.geteuid?.() === 0 ? 'user root;' : ''],
      ['/run/', `${folder}/`],
      ['listen 80', `listen 127.0.0.1:${http}`],
      ['listen 443', `listen 127.0.0.1:${https}`],
      ['listen [::]:80', `listen [::1]:${http}`],
      ['listen [::]:443', `listen [::1]:${https}`],
      [`/etc/letsencrypt/live/${NAME}/fullchain.pem`, certificate],
      [`/etc/letsencrypt/live/${NAME}/privkey.pem`, key],
      ['127.0.0.1:3000', platform],
    ],
    command: (program, file, folder) => [program, '-p', folder, '-e', 'stderr', '-c', file, '-g', 'daemon off;'],
  },
  Caddy: {
    program: 'caddy',
    example: 'deploy/caddy/Caddyfile',
    changes: ({ certificate, key, http, https, platform }) => [
      ['\tadmin off\n', `\tadmin off\n\tdefault_bind 127.0.0.1\n\thttp_port ${http}\n\thttps_port ${https}\n`],
      ['\ttls {', `\ttls ${certificate} ${key} {`],
      ['{$PLATFORM:127.0.0.1:3000}', platform],
      ['_duration 2s', '_duration 50ms'], // nobody is started again
    ],
    command: (program, file) => [program, 'run', '--adapter', 'caddyfile', '--config', file],
  },
};

const openssl = findProgram('openssl');

/** The proxies of which deploy/ has an example; `program` is null where it cannot be run here. */
export const PROXIES = Object.entries(KINDS).map(([name, kind]) => ({ name, program: openssl && findProgram(kind.program), kind }));

/** @param origin of the platform behind it */
export async function startProxy({ program, kind }: (typeof PROXIES)[number], origin: string): Promise<RunningProxy> {
  const folder = mkdtempSync(path.join(tmpdir(), 'proxy-'));
  const files = certify(openssl ?? '', NAME, folder);
  const places = { ...files, folder, http: await findFreePort(), https: await findFreePort(), platform: new URL(origin).host };
  const file = path.join(folder, 'settings');
  writeFileSync(file, applyChanges(readFileSync(kind.example, 'utf8'), kind.changes(places)));
  const env = { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } as unknown as NodeJS.ProcessEnv;
  const running = spawnGuarded(kind.command(program ?? '', file, folder), { env, stopSignal: 'TERM', stdout: 'pipe', stderr: 'pipe' });
  const printed: Buffer[] = [];
  for (const stream of [running.child.stdout, running.child.stderr]) stream?.on('data', (bytes: Buffer) => printed.push(bytes));
  const written = () => Buffer.concat([...printed, ...readFiles(folder)]).toString('latin1');
  await waitUntilListening(places.https, running, written);
  const begin = (target: string, { headers, ...options }: RequestOptions = {}) =>
    request({
      ...{
        host: '127.0.0.1',
        port: places.https,
        localAddress: VISITOR,
        servername: NAME,
        ca: readFileSync(files.authority),
        agent: false,
        path: target,
      },
      ...options,
      headers: { Host: NAME, ...headers },
    });
  const stop = async () => {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { begin, ask: (target, options) => readAnswer(begin(target, options).end()), written, stop };
}

/** The answer to a request that has been sent, or may never be. */
export function readAnswer(sent: ReturnType<typeof request>): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', async (response: IncomingMessage) => {
      const body = Buffer.concat(await response.toArray().catch(() => [])).toString('latin1');
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
  });
}

function applyChanges(example: string, changes: [string, string][]): string {
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
