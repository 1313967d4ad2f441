// npm run evening -- [--folder DIR] [--proxy nginx|caddy|none]
// npm run evening -- --images [--folder DIR]
//
// What docs/operating.md tells an operator to do in a first evening, and what goes wrong in later ones, on this machine alone: from this
// checkout to a platform behind a proxy with TLS, with real PostgreSQL and four trustees; a reveal, a kill, a lost database, another
// key, a hidden group. Exit code 0 only if every step holds.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeFolder } from '#lib/host/make-folder.ts';
import { callersPath } from './command-line/callers-files.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';
import { playImages } from './evening/images.ts';
import { createOperator } from './evening/operator.ts';
import { playEvening } from './evening/play.ts';
import { playSteps } from './evening/play-steps.ts';
import { findImageObstacle } from './evening/stand-in.ts';
import { createTerminal } from './evening/terminal.ts';
import { PROXIES, type ProxyExample } from './proxy/proxies.ts';

const USAGE = `npm run evening -- [--folder DIR] [--proxy nginx|caddy|none]
npm run evening -- --images [--folder DIR]

  Goes through a first evening of an operator, and what may come after it, on this machine alone: from this checkout to a platform
  behind a proxy with TLS, with PostgreSQL and four trustees, a signed and opened statement, a killed process, a database that is
  lost and put back, another key and a hidden group. Prints every command, and every step with its seconds. It takes some minutes.

  --folder   Where everything is kept: an empty folder, or one that is not there. Default: one that is deleted if every step holds.
  --proxy    Default: the first of these that is installed.
  --images   Builds the images of deploy/Dockerfile with podman instead, on a Debian that debootstrap makes in place of the images of
             a registry, and runs what is in them. It needs root, and the network for Debian's packages and npm's. Skipped with a
             word where that cannot be.`;

const log = (line: string) => console.log(line);
let stop = async () => {};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop().finally(() => process.exit(130)));

await runScript(USAGE, async () => {
  const { values } = readCommandLine({ options: { folder: { type: 'string' }, proxy: { type: 'string' }, images: { type: 'boolean' } } });
  if (values.images && values.proxy !== undefined) throw new UsageError('--images needs no --proxy.');
  const proxy = chooseProxy(values.proxy);
  const obstacle = values.images ? findImageObstacle() : null;
  if (obstacle !== null) return log(`Skipped: ${obstacle}.`);
  const folder = values.folder === undefined ? mkdtempSync(path.join(tmpdir(), 'round-robin-evening-')) : takeFolder(values.folder);
  const terminal = createTerminal({ folder, env: () => operator.trust(), onType: (line) => log(`      ${line}`) });
  const operator = createOperator(terminal, folder);
  stop = async () => {
    await terminal.stop();
    await operator.stop();
  };
  log(`Everything of this evening lies in ${folder}`);
  const scenery = { clock: () => performance.now(), write: log, stop, logs: path.join(folder, 'logs') };
  const play = values.images ? playImages : playEvening;
  const isGood = await playSteps((step) => play(step, { terminal, operator, proxy }), scenery);
  if (isGood && values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  process.exit(isGood ? 0 : 1); // the prover keeps threads
});

/** @throws UsageError for one that there is no example of; Error for one that is not installed */
function chooseProxy(name: string | undefined): ProxyExample | undefined {
  if (name === 'none') return undefined;
  if (name === undefined) return PROXIES.find(({ program }) => program !== null);
  const found = PROXIES.find((one) => one.kind.program === name);
  if (!found) throw new UsageError('--proxy must be nginx, caddy or none.');
  if (found.program === null) throw new Error(`${found.name}, or openssl, is not installed here.`);
  return found;
}

function takeFolder(place: string): string {
  const folder = callersPath(place);
  makeFolder(folder, 0o700);
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty. Name another folder.`);
  return folder;
}
