import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '#db/migrate.ts';
import { startTestPostgres } from '../support/postgres.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const HASH = 'ab'.repeat(32);
let database: Awaited<ReturnType<typeof startTestPostgres>>;

beforeAll(async () => {
  database = await startTestPostgres();
  await migrate(database.url);
});
afterAll(() => database?.stop());

function moderation(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, DATABASE_URL: database.url, PUBLIC_URL: 'https://platform.example' };
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(ROOT, 'scripts/moderation.ts'), ...args], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

describe('npm run moderation', () => {
  it('takes a decision by a hash or an address, says what it did, and lists everything that was decided', async () => {
    const refused = await moderation('refuse', `https://platform.example/s/${HASH}#${HASH}`, '--reason', 'It threatens a person.');
    expect(refused).toMatchObject({ code: 0, err: '' });
    expect(refused.out).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\d {2}statement ${HASH} refused: It threatens a person\\.\\n$`));
    const shown = await moderation('show', HASH, '--reason', 'It was another.');
    expect((await moderation('list')).out).toBe(refused.out + shown.out);
  });

  it('says why it does not decide, and takes nothing without a reason or a hash', async () => {
    const [unknown, unreasoned, unnamed, many, none] = await Promise.all([
      moderation('hide', HASH, '--reason', 'None.'),
      moderation('hide', HASH),
      moderation('hide', 'ab', '--reason', 'Too short.'),
      moderation('hide', HASH, 'and', 'more', '--reason', 'Unquoted.'),
      moderation(),
    ]);
    expect(unknown).toEqual({ code: 1, out: '', err: expect.stringMatching(/^There is nothing with this hash here\./) });
    for (const misused of [unreasoned, unnamed, many, none])
      expect(misused).toEqual({ code: 2, out: '', err: expect.stringContaining('npm run moderation -- hide HASH --reason TEXT') });
  });
});
