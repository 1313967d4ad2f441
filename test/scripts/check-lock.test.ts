import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';

const script = path.resolve('scripts/check-lock.mjs');

function checkLock(packages: object): { status: number | null; stderr: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  const { status, stderr } = spawnSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return { status, stderr };
}

const parent = { version: '1.0.0', optionalDependencies: { 'tool-linux': '1.0.0', 'tool-macos': '1.0.0' } };

it('passes a lock that holds every platform package', () => {
  const packages = { '': {}, 'node_modules/tool': parent, 'node_modules/tool-linux': {}, 'node_modules/tool/node_modules/tool-macos': {} };
  expect(checkLock(packages).status).toBe(0);
});

it('names the platform package that a lock lacks, and who asks for it', () => {
  const { status, stderr } = checkLock({ '': {}, 'node_modules/tool': parent, 'node_modules/tool-linux': {} });
  expect(status).toBe(1);
  expect(stderr).toContain('node_modules/tool -> tool-macos');
});

it('passes the lock of this tree', () => {
  expect(spawnSync(process.execPath, [script], { encoding: 'utf8' })).toMatchObject({ status: 0 });
});
