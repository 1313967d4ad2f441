import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '#db/free-port.ts';
import { migrate } from '#db/migrate.ts';
import { describeDatabaseFailure } from '#scripts/instance/find-platform.ts';
import { startTestPostgres, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestPostgres();
  await migrate(database.url);
});
afterAll(() => database?.stop());

async function run(DATABASE_URL: string, PUBLIC_URL = 'https://sign.example'): Promise<{ code: number | null; out: string; err: string }> {
  const env = { PATH: process.env.PATH, NODE_ENV: 'test' as const, DATABASE_URL, PUBLIC_URL };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/issuer-link.ts'], { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

describe('npm run issuer-link on a database of the operator’s', () => {
  it.each(['https://sign.example', 'https://sign.example/'])('prints a link to the page that takes it, for %s', async (publicUrl) => {
    const { code, out } = await run(database.url, publicUrl);
    expect([code, out]).toEqual([0, expect.stringMatching(/^https:\/\/sign\.example\/issuer\/enter#[A-Za-z0-9_-]{43}\n/)]);
  });

  it('tells why the database cannot be used, and nothing of its address', async () => {
    const wrong = new URL(database.url);
    wrong.password = 'sesame';
    const nowhere = `postgres://ann:sesame@127.0.0.1:${await findFreePort()}/postgres`;
    const causes = [
      [wrong.href, 'refuses the password'],
      [nowhere, 'nothing listens on the host and port'],
      ['postgres://ann:ses/ame@127.0.0.1/postgres', 'cannot be read'],
    ] as const;
    for (const [url, cause] of causes) {
      const { code, err } = await run(url);
      expect([code, err]).toEqual([1, expect.stringContaining(cause)]);
      expect(err).not.toMatch(/sesame|ann:|127\.0\.0\.1/);
    }
  });

  it('tells what the database of npm start has answered, and only where it has not that it does not answer', () => {
    const full = Object.assign(new Error('pg_wal'), { code: '53100' });
    for (const error of [full, new Error('a query', { cause: full })])
      expect(describeDatabaseFailure(error, {})).toBe('The database has no room left on its disk.');
    for (const code of ['ECONNREFUSED', 'EPIPE', 'CONNECTION_CLOSED'])
      expect(describeDatabaseFailure(Object.assign(new Error('x'), { code }), {})).toContain('Is the platform running?');
  });

  it('refuses a PUBLIC_URL that is no address', async () => {
    expect(await run(database.url, 'sign.example')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('PUBLIC_URL') });
  });
});
