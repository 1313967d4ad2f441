import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '#db/migrate.ts';
import { startTestPostgres } from '../support/postgres.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
let database: Awaited<ReturnType<typeof startTestPostgres>>;
let folder: string;

beforeAll(async () => {
  database = await startTestPostgres();
  await migrate(database.url);
  folder = mkdtempSync(path.join(tmpdir(), 'issuers-'));
  writeFileSync(path.join(folder, 'platform.key'), 'ab'.repeat(32), { mode: 0o600 });
});
afterAll(async () => {
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command. @returns what it printed, and its exit code */
async function issuers(args: string[], settings: Record<string, string> = {}) {
  const own = { DATABASE_URL: database.url, PUBLIC_URL: 'https://platform.example', PLATFORM_KEY_FILE: path.join(folder, 'platform.key') };
  const env = { ...process.env, ...own, ...settings };
  const child = spawn(process.execPath, [path.join(ROOT, 'scripts/issuers.ts'), ...args], { cwd: ROOT, env });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code: child.exitCode };
}

describe('npm run issuers', () => {
  it('approves an address once, lists its account without the address, and says what it does not take', async () => {
    expect((await issuers(['list'])).out).toBe('No account yet.\n');
    const first = await issuers(['approve', 'Ada@Union.example']);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^mail:[0-9a-f]{12} may sign in now: ada@union\.example\n$/);
    const account = first.out.slice(0, 17);
    expect((await issuers(['approve', 'ada@union.example'])).out).toContain(`${account} could sign in already`);
    const { out } = await issuers(['list']);
    expect(out).toMatch(new RegExp(`^${account}  since \\d{4}-\\d\\d-\\d\\d  no group\\n$`));
    expect(out).not.toContain('union');
  });

  it('refuses what is no address, an unknown command, a closed platform, and a key file that is not there', async () => {
    const wrong = [[], ['approve'], ['forget', 'ada@union.example'], ['list', 'all'], ['approve', 'a@b.example', 'c@d.example']];
    const [bad, closed, lost, ...used] = await Promise.all([
      issuers(['approve', 'ada']),
      issuers(['approve', 'eve@union.example'], { ISSUERS: 'closed' }),
      issuers(['approve', 'eve@union.example'], { PLATFORM_KEY_FILE: '/nowhere/platform.key' }),
      ...wrong.map((args) => issuers(args)),
    ]);
    expect(bad).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is not an e-mail address') });
    expect(closed).toMatchObject({ code: 1, err: expect.stringContaining('takes no new issuers') });
    expect(lost).toMatchObject({ code: 1, err: '/nowhere/platform.key is not there.\n' });
    expect(used).toHaveLength(wrong.length);
    for (const one of used) expect(one).toMatchObject({ code: 2, err: expect.stringContaining('npm run issuers -- approve ADDRESS') });
    expect((await issuers(['list'])).out).not.toMatch(/\n./);
  });
});
