import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function keys(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, INIT_CWD: folder };
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(ROOT, 'scripts/keys.ts'), ...args], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

it('npm run keys makes a platform’s key for its owner alone, prints its public key, and writes over none', async () => {
  const file = path.join(folder, 'platform.key');
  const made = await keys('platform', 'platform.key');
  const text = readFileSync(file, 'utf8');
  expect([made.err, statSync(file).mode & 0o777]).toEqual(['', 0o600]);
  expect(made.out.trim()).toBe(publicKeyOf(new Uint8Array(Buffer.from(text, 'hex'))));
  writeFileSync(path.join(folder, 'other'), 'no key', { mode: 0o600 });
  const [again, shown, other, session, misused] = await Promise.all([
    keys('platform', 'platform.key'),
    keys('public', 'platform.key'),
    keys('public', 'other'),
    keys('session'),
    keys('platform'),
  ]);
  expect(again).toMatchObject({ code: 1, out: '', err: expect.stringContaining('a key is never written over') });
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(shown).toEqual({ code: 0, out: made.out, err: '' });
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining('must hold the seed of an Ed25519 key') });
  expect(session.out).toMatch(/^[0-9a-f]{64}\n$/);
  expect(misused).toMatchObject({ code: 2, err: expect.stringContaining('npm run keys -- platform FILE') });
});
