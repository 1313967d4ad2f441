import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVerifierFiles } from '../../scripts/build-verifier/make-files.ts';
import { launch } from '../support/browser.ts';

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'standalone-'));
const record = path.resolve('test/vectors/record-revealed.ndjson');
const altered = path.join(folder, 'altered.ndjson');
let script: string;
let page: string;
let browser: Browser;

beforeAll(async () => {
  for (const { name, text } of await makeVerifierFiles()) writeFileSync(path.join(folder, name), text);
  script = path.join(folder, 'round-robin-verifier.cjs');
  page = path.join(folder, 'round-robin-verifier.html');
  writeFileSync(
    altered,
    readFileSync(record, 'utf8').replace(/"partials":\[\["\d/, (text) => `${text.slice(0, -1)}${(Number(text.at(-1)) % 9) + 1}`),
  );
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function checkInPage(file: string): Promise<{ state: string; result: string; requests: string[]; page: Page }> {
  const opened = await browser.newPage();
  const requests: string[] = [];
  opened.on('request', (request) => requests.push(request.url()));
  await opened.goto(pathToFileURL(page).href);
  await opened.setInputFiles('#file', file);
  await opened.waitForFunction(() => document.getElementById('result')?.childElementCount, undefined, { timeout: 60_000 });
  const [state, result] = await Promise.all(['#state', '#result'].map((id) => opened.innerText(id)));
  return { state: state!, result: result!, requests, page: opened };
}

describe('the standalone verifier', () => {
  it('is built to the same bytes every time', async () => {
    for (const { name, text } of await makeVerifierFiles()) expect(readFileSync(path.join(folder, name), 'utf8') === text).toBe(true);
  });

  it('checks a record as one script of Node, far from the source', async () => {
    const { stdout } = await run(process.execPath, [script, record, '--json'], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, state: 'revealed', failures: [] });
    await expect(run(process.execPath, [script, altered], { cwd: folder })).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('THIS RECORD DOES NOT HOLD'),
    });
    await expect(run(process.execPath, [script, record, '--bench'], { cwd: folder })).rejects.toMatchObject({ code: 2 });
  });

  it('checks a record in a page from the disk, which asks nothing of any network', async () => {
    const good = await checkInPage(record);
    expect(good.state).toBe('Everything in this record holds.');
    expect(good.result).toContain('signed together');
    const outside = good.requests.filter((url) => !url.startsWith('file:') && !url.startsWith('blob:'));
    expect(outside).toEqual([]);
    const tried = await good.page.evaluate(() =>
      fetch('https://example.org/').then(
        () => 'answered',
        (error: Error) => error.name,
      ),
    );
    expect(tried).toBe('TypeError');
    const bad = await checkInPage(altered);
    expect(bad.state).toContain('does not hold');
    expect(bad.result).not.toContain('signed together');
  });
});
