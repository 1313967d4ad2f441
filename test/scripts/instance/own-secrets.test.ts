import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { loadOwnSecrets } from '#scripts/instance/own-secrets.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes the secrets once, for their owner only', () => {
  const first = loadOwnSecrets(folder);
  expect(loadOwnSecrets(folder)).toEqual(first);
  expect(first.sessionSecret).toMatch(/^[0-9a-f]{64}$/);
  expect(readFileSync(first.platformKeyFile, 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  expect(readFileSync(first.platformKeyFile, 'utf8')).not.toBe(first.sessionSecret);
  expect(statSync(first.platformKeyFile).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(folder, 'session.secret')).mode & 0o777).toBe(0o600);
});
