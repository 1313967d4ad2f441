import { spawnSync } from 'node:child_process';
import { devNull } from 'node:os';

/** Settings of the one who runs it that would change bytes. */
const SETTLED = ['tar.umask=0022', 'core.autocrlf=false', 'core.eol=lf', `core.attributesFile=${devNull}`].flatMap((setting) => [
  '-c',
  setting,
]);

/**
 * The files of the commit that is checked out, as an uncompressed tar in which every name begins with `prefix`. Owner, modes and times
 * are those of the commit, so the bytes follow from it alone; its id stands in the header (`git get-tar-commit-id`).
 * @throws Error when the folder is no repository, or files that belong to it differ from the commit
 */
export function packSource(repository: string, prefix: string, file: string): void {
  const changed = git(repository, 'status', '--porcelain', '--untracked-files=no');
  if (changed) throw new Error(`A release is made of a commit. Commit these files, or take the changes back:\n${changed}`);
  git(repository, ...SETTLED, 'archive', '--format=tar', `--prefix=${prefix}/`, `--output=${file}`, 'HEAD');
}

function git(repository: string, ...args: string[]): string {
  const run = spawnSync('git', args, { cwd: repository, encoding: 'utf8' });
  if (run.error) throw new Error(`git could not be started (${run.error.message}).`);
  if (run.status !== 0) throw new Error(run.stderr.trim());
  return run.stdout.trimEnd();
}
