import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writeNewSecret } from '#lib/host/new-secret.ts';

/** What the folder under test cannot do, and how its system says so. */
const missing: { link?: string; rename?: string } = {};
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const refuse = (code: string) => {
    throw Object.assign(new Error(code), { code });
  };
  return {
    ...fs,
    linkSync: (...args: Parameters<typeof fs.linkSync>) => (missing.link ? refuse(missing.link) : fs.linkSync(...args)),
    renameSync: (...args: Parameters<typeof fs.renameSync>) => (missing.rename ? refuse(missing.rename) : fs.renameSync(...args)),
  };
});

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'new-secret-'));
  file = path.join(folder, 'platform.key');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  delete missing.link;
  delete missing.rename;
});

it.each([undefined, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EISDIR'])('a secret is written for its owner only, where links end in %s', (link) => {
  if (link) missing.link = link;
  writeNewSecret(file, 'secret');
  expect(readFileSync(file, 'utf8')).toBe('secret');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['platform.key']);
});

it.each([undefined, 'EPERM'])('a secret that is there is never written over, where links end in %s', (link) => {
  if (link) missing.link = link;
  writeFileSync(file, 'older');
  expect(() => writeNewSecret(file, 'secret')).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  expect(readFileSync(file, 'utf8')).toBe('older');
  expect(readdirSync(folder)).toEqual(['platform.key']);
});

it('nothing is left where a secret without links could not be named', () => {
  Object.assign(missing, { link: 'EPERM', rename: 'EIO' });
  expect(() => writeNewSecret(file, 'secret')).toThrow(expect.objectContaining({ code: 'EIO' }));
  expect(readdirSync(folder)).toEqual([]);
});
