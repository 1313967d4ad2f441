import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNewSecret } from '#lib/host/new-secret.ts';
import { ownPlatformKeyFile, ownSessionSecret } from '#scripts/instance/own-secrets.ts';
import { recallRunning, rememberRunning } from '#scripts/instance/running-instance.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the secrets of an instance', () => {
  it('are made once, for their owner only', () => {
    const session = ownSessionSecret(folder);
    const keyFile = ownPlatformKeyFile(folder);
    const key = readFileSync(keyFile, 'utf8');
    expect([ownSessionSecret(folder), readFileSync(ownPlatformKeyFile(folder), 'utf8')]).toEqual([session, key]);
    expect(session).toMatch(/^[0-9a-f]{64}$/);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(key).not.toBe(session);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(folder, 'session.secret')).mode & 0o777).toBe(0o600);
  });

  it('are there whole or not at all: a full disk leaves nothing of them, a crash nothing that counts', () => {
    // A process that may write no byte into a file, as on a full disk.
    const make = 'import("./scripts/instance/own-secrets.ts").then(({ ownSessionSecret }) => ownSessionSecret(process.argv[1]))';
    const full = spawnSync('sh', ['-c', `trap '' XFSZ; ulimit -f 0; exec "$0" -e '${make}' "$1"`, process.execPath, folder], {
      encoding: 'utf8',
    });
    expect([full.status, full.stderr]).toEqual([1, expect.stringContaining('EFBIG')]);
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(path.join(folder, 'session.secret.draft'), 'cut');
    expect(ownSessionSecret(folder)).toMatch(/^[0-9a-f]{64}$/);
    expect(() => writeNewSecret(path.join(folder, 'session.secret'), 'another')).toThrow(/EEXIST/);
    expect(readdirSync(folder)).toEqual(['session.secret']);
  });

  it('are not made where they are not needed', () => {
    ownSessionSecret(folder);
    expect(existsSync(path.join(folder, 'platform.key'))).toBe(false);
  });

  it.each([0o640, 0o604, 0o620])('are refused with the mode %o, whoever widened it', (mode) => {
    ownSessionSecret(folder);
    chmodSync(path.join(folder, 'session.secret'), mode);
    expect(() => ownSessionSecret(folder)).toThrow(/Others on this machine may read .*session\.secret.*chmod 600/);
  });

  it('are closed to others where the password of the database is written down anew, however open the file was', () => {
    const file = path.join(folder, 'running.json');
    writeFileSync(file, '{}', { mode: 0o644 });
    const running = { url: 'http://localhost:3000', databaseUrl: 'postgres://postgres:password@127.0.0.1/postgres' };
    rememberRunning(folder, running);
    expect([statSync(file).mode & 0o777, recallRunning(folder)]).toEqual([0o600, running]);
  });
});
