// Gets from a bare checkout to a running script, whatever Node the system has:
//   node scripts/bootstrap.mjs [--node-flag …] scripts/name.ts [argument …]
// Installs the dependencies when they are missing or older than package-lock.json, then runs the script on the pinned Node.
// Runs on Node 20 and imports nothing from npm.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.round-robin-lock');

function stop(sentence) {
  console.error(`\n${sentence}\n`);
  process.exit(1);
}

function installIfStale() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const installed = path.join(modules, '.package-lock.json');
  // `npm ci` begins by deleting everything, also under the feet of what is running: not where the right packages are there.
  if (existsSync(installed) && sameVersions(installed)) return writeFileSync(stamp, lock);

  console.error('Installing the dependencies named in package-lock.json (about half a minute) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.error) stop(`npm could not be started (${npm.error.message}). Install Node.js with npm, then run this command again.`);
  if (npm.status !== 0)
    stop(
      '`npm ci` failed; its own message stands above. Round Robin needs the packages once from the npm registry: check the network, then run this command again.',
    );
  writeFileSync(stamp, lock);
}

/** True when an install made by hand (`npm ci`, `npm install`) already holds every required package of package-lock.json. */
function sameVersions(installedLock) {
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installedLock, 'utf8')).packages;
  return Object.entries(wanted).every(([at, p]) => at === '' || p.optional || present[at]?.version === p.version);
}

/** The pinned Node of node_modules, else this one if it can run TypeScript files. */
async function findNode() {
  const pinned = path.join(modules, '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(pinned)) await import('./link-node.cjs'); // where npm ran no scripts
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return stop(
    `Round Robin needs Node.js 22.18 or newer here; this is ${process.version}, and npm carries no pinned Node for ${process.platform}-${process.arch}.`,
  );
}

function run(node, args) {
  const env = { ...process.env, PATH: `${path.join(modules, '.bin')}${path.delimiter}${process.env.PATH ?? ''}` };
  const command = [node, '--disable-warning=ExperimentalWarning', ...args];
  // Taking this process's place leaves nobody in between to pass signals on.
  if (process.execve && process.platform !== 'win32') process.execve(node, command, env);
  const child = spawn(node, command.slice(1), { stdio: 'inherit', env });
  // Ctrl-C reaches the whole foreground group, so the child has it already.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => stop(`Node could not be started: ${error.message}`));
  child.on('exit', (code) => process.exit(code ?? 1));
}

installIfStale();
if (process.argv.length > 2) run(await findNode(), process.argv.slice(2));
