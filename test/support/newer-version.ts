import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { drizzle, migrate as runMigrations } from '#db/drizzle.cjs';

type Journal = { entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[] };

/**
 * Brings a database to where a version of this program brings it that has one migration more, in the way in which this one does.
 * @param next statements, with the breakpoints between them that drizzle-kit writes
 */
export async function migrateFurther(databaseUrl: string, next: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'newer-version-'));
  cpSync('db/migrations', folder, { recursive: true });
  const journal = path.join(folder, 'meta/_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as Journal;
  const last = entries.at(-1) as Journal['entries'][number];
  const added = { ...last, idx: last.idx + 1, when: last.when + 1, tag: `${String(last.idx + 1).padStart(4, '0')}_next` };
  writeFileSync(path.join(folder, `${added.tag}.sql`), next);
  writeFileSync(journal, JSON.stringify({ ...rest, entries: [...entries, added] }));
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await runMigrations(drizzle(client), { migrationsFolder: folder });
  } finally {
    await client.end();
    rmSync(folder, { recursive: true });
  }
}
