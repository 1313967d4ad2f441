import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A checkout with one required package, and an npm that notes each call and installs that package (or fails). */
function makeCheckout(npm: 'installs' | 'fails') {
  const folder = mkdtempSync(path.join(tmpdir(), 'bootstrap-'));
  folders.push(folder);
  cpSync('scripts/bootstrap.mjs', path.join(folder, 'scripts/bootstrap.mjs'));
  cpSync('scripts/link-node.cjs', path.join(folder, 'scripts/link-node.cjs'));
  writeLock(folder, '1.0.0');
  const programs = path.join(folder, 'programs');
  mkdirSync(programs);
  const install = 'mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json';
  writeFileSync(path.join(programs, 'npm'), `#!/bin/sh\necho "$@" >> npm-calls\n${npm === 'installs' ? install : 'exit 1'}\n`);
  chmodSync(path.join(programs, 'npm'), 0o755);
  const run = () =>
    spawnSync(process.execPath, ['scripts/bootstrap.mjs', '-p', '6*7'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${programs}:${process.env.PATH}` },
    });
  const npmCalls = () =>
    existsSync(path.join(folder, 'npm-calls')) ? readFileSync(path.join(folder, 'npm-calls'), 'utf8').split('\n').length - 1 : 0;
  return { folder, run, npmCalls };
}

function writeLock(folder: string, version: string): void {
  const packages = { '': {}, 'node_modules/needed': { version }, 'node_modules/elsewhere': { version, optional: true } };
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ packages }));
}

it('installs in a bare checkout, once, and then runs the script', () => {
  const { run, npmCalls } = makeCheckout('installs');
  expect(run()).toMatchObject({ status: 0, stdout: '42\n' });
  expect(run()).toMatchObject({ status: 0, stdout: '42\n' });
  expect(npmCalls()).toBe(1);
});

it('installs again when the lock asks for another version', () => {
  const { folder, run, npmCalls } = makeCheckout('installs');
  run();
  writeLock(folder, '1.0.1');
  expect(run().status).toBe(0);
  expect(npmCalls()).toBe(2);
});

it('deletes nothing when the right packages were installed by hand', () => {
  const { folder, run, npmCalls } = makeCheckout('fails');
  mkdirSync(path.join(folder, 'node_modules'));
  cpSync(path.join(folder, 'package-lock.json'), path.join(folder, 'node_modules/.package-lock.json'));
  expect(run()).toMatchObject({ status: 0, stdout: '42\n' });
  expect(npmCalls()).toBe(0);
});

it('says in a sentence what to do when the install fails', () => {
  const { run } = makeCheckout('fails');
  const { status, stderr } = run();
  expect(status).toBe(1);
  expect(stderr).toContain('check the network, then run this command again');
});

it('prefers the pinned Node to the one it runs on', () => {
  const { folder, run } = makeCheckout('installs');
  mkdirSync(path.join(folder, 'node_modules/.bin'), { recursive: true });
  const pinned = path.join(folder, 'pinned');
  writeFileSync(pinned, '#!/bin/sh\necho "pinned $@"\n');
  chmodSync(pinned, 0o755);
  symlinkSync(pinned, path.join(folder, 'node_modules/.bin/node'));
  expect(run().stdout).toBe('pinned --disable-warning=ExperimentalWarning -p 6*7\n');
});
