import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GET } from '#app/verifier/[name]/route.ts';
import { listVerifierFiles } from '#lib/server/artifacts/verifier-files.ts';

const before = process.cwd();
const folder = mkdtempSync(path.join(tmpdir(), 'verifier-files-'));
const page = '<!doctype html><title>Check</title>';
const sha256 = createHash('sha256').update(page).digest('hex');

beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

const ask = (name: string) => GET(new Request('https://platform.example/verifier/x'), { params: Promise.resolve({ name }) });

describe('the standalone verifier on a site', () => {
  it('is not offered where it was not built', async () => {
    expect(await listVerifierFiles()).toEqual([]);
    expect((await ask('round-robin-verifier.html')).status).toBe(404);
  });

  it('is listed with its hash and given out for keeping, and nothing else of the folder is (T15)', async () => {
    mkdirSync(path.join(folder, 'build', 'verifier'), { recursive: true });
    writeFileSync(path.join(folder, 'build', 'verifier', 'round-robin-verifier.html'), page);
    writeFileSync(path.join(folder, 'build', 'verifier', 'SHA256SUMS'), `${sha256}  round-robin-verifier.html\n${sha256}  ../../secret\n`);
    expect(await listVerifierFiles()).toEqual([{ name: 'round-robin-verifier.html', sha256 }]);
    const answer = await ask('round-robin-verifier.html');
    expect(await answer.text()).toBe(page);
    expect(answer.headers.get('Content-Disposition')).toBe('attachment; filename="round-robin-verifier.html"');
    for (const name of ['SHA256SUMS', '../../secret', 'round-robin-verifier.cjs']) expect((await ask(name)).status).toBe(404);
  });
});
