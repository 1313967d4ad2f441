import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const fresh = mkdtempSync(path.join(tmpdir(), 'fresh-'));
afterAll(() => rmSync(fresh, { recursive: true, force: true }));

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'test files that begin at once on a fresh machine all find a whole browser, and leave nothing half unpacked',
  async () => {
    const program =
      "import('#test/support/browser.ts').then(async (it) => { const b = await it.launch(); console.log(b.version()); await b.close(); })";
    const env = {
      ...process.env,
      TMPDIR: fresh,
      NO_SYSTEM_CHROMIUM: '1',
      CHROMIUM_PATH: undefined,
      LD_LIBRARY_PATH: undefined,
      FONTCONFIG_PATH: undefined,
    };
    const start = () => promisify(execFile)(process.execPath, ['--eval', program], { cwd: import.meta.dirname, env });
    const versions = (await Promise.all([start(), start()])).map(({ stdout }) => stdout.trim());
    expect(versions[0]).toMatch(/^\d+(\.\d+)+$/);
    expect(new Set(versions).size).toBe(1);
    expect(readdirSync(fresh).filter((name) => name.startsWith('unpacked-'))).toEqual([]);
  },
);
