import { readdirSync } from 'node:fs';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '#db/migrate.ts';
import { migrateFurther } from '../support/newer-version.ts';
import { startTestPostgres, type TestDatabase } from '../support/postgres.ts';

const migrations = readdirSync('db/migrations')
  .filter((file) => file.endsWith('.sql'))
  .sort();
const hex = (value: number) => value.toString(16).padStart(64, '0');

describe('the schema', () => {
  let database: TestDatabase;
  let sql: postgres.Sql;
  beforeAll(async () => {
    database = await startTestPostgres();
    sql = postgres(database.url, { max: 2, onnotice: () => {} });
  });
  afterAll(async () => {
    await sql?.end();
    await database?.stop();
  });

  it('is made once by several processes that start together, and again without change', async () => {
    await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
    await migrate(database.url);
    const applied = await sql`select count(*)::int as count from drizzle.__drizzle_migrations`;
    const tables = await sql`select 1 from information_schema.tables where table_schema in ('membership', 'board', 'asking')`;
    expect(applied[0]?.count).toBe(migrations.length);
    expect(tables.length).toBe(33);
  });

  it('keeps membership, board and asking apart: no key leads from one to another', async () => {
    const crossing = await sql`
      select conname from pg_constraint
      where contype = 'f' and split_part(conrelid::regclass::text, '.', 1) <> split_part(confrelid::regclass::text, '.', 1)`;
    expect(crossing).toEqual([]);
  });

  it('has no column for a time of day, an address or a person, and none that counts signatures up', async () => {
    const columns = await sql`
      select table_name as table, column_name as name, data_type as type, is_identity as serial
      from information_schema.columns where table_schema in ('membership', 'board', 'asking')`;
    expect(columns.length).toBeGreaterThan(40);
    expect(columns.filter(({ type }) => /time|date|inet|cidr/.test(String(type)))).toEqual([]);
    expect(columns.filter(({ table, serial }) => table === 'entries' && serial === 'YES')).toEqual([]);
  });

  it('holds one signature and one withdrawal a nullifier, and only nullifiers of 32 bytes (T7)', async () => {
    const id = Buffer.alloc(32, 1);
    await sql`insert into board.statements (id, body, headers, trustees, open_by, destroy_at) values (${id}, '{}', '[]', 2, 1, 2)`;
    const insert = (nullifier: Buffer, action: string, hash: number) => sql`
      insert into board.entries (statement, nullifier, action, group_id, hash, salt, listed, body, publish_by)
      values (${id}, ${nullifier}, ${action}, ${id}, ${Buffer.alloc(32, hash)}, ${id}, ${Buffer.alloc(32, hash)}, '{}', 0)`;
    await insert(Buffer.alloc(32, 9), 'sign', 1);
    await insert(Buffer.alloc(32, 9), 'withdraw', 2);
    await expect(insert(Buffer.alloc(32, 9), 'sign', 3)).rejects.toMatchObject({ code: '23505' });
    await expect(insert(Buffer.alloc(31, 8), 'sign', 4)).rejects.toMatchObject({ code: '23514' });
    await expect(insert(Buffer.alloc(32, 7), 'vote', 5)).rejects.toMatchObject({ code: '23514' });
  });
});

describe('a database with the tables of another version', () => {
  it('is refused with a sentence that says what to do, and left as it was', async () => {
    const database = await startTestPostgres();
    await migrate(database.url);
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const [own] = await sql`select id, hash, created_at from drizzle.__drizzle_migrations order by id desc limit 1`;
    const isNewest = sql`where id = ${own?.id}`;
    // Older than the first of this version and newer than its last: the migrator itself would run on, or over it.
    for (const when of [1, 2 ** 45]) {
      await sql`update drizzle.__drizzle_migrations set hash = ${hex(7)}, created_at = ${when} ${isNewest}`;
      await expect(migrate(database.url)).rejects.toThrow(/another version of Round Robin.*DATABASE_URL.*DATA_DIR/);
      const [left] = await sql`select hash, created_at::float8 as at from drizzle.__drizzle_migrations ${isNewest}`;
      expect(left).toEqual({ hash: hex(7), at: when });
    }
    await sql`update drizzle.__drizzle_migrations set hash = ${own?.hash}, created_at = ${own?.created_at} ${isNewest}`;
    await migrate(database.url);
    await sql.end();
    await database.stop();
  });
});

describe('a database that a newer version has brought further', () => {
  const next = String(migrations.length).padStart(4, '0');
  const raise = (number: string) => `COMMENT ON SCHEMA "drizzle" IS 'needs ${number}';`;
  const added = 'ALTER TABLE "board"."statements" ADD COLUMN "colour" text DEFAULT \'red\' NOT NULL;';

  it('is taken as it is where that only adds, and where it needs what this version has', async () => {
    const database = await startTestPostgres();
    expect(await migrate(database.url)).toEqual({ isAhead: false });
    await migrateFurther(database.url, added);
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const list = () => sql`select hash from drizzle.__drizzle_migrations order by id`;
    const further = await list();
    expect(further.length).toBe(migrations.length + 1);
    for (const needed of ['0000', String(migrations.length - 1).padStart(4, '0')]) {
      await sql.unsafe(raise(needed));
      expect(await migrate(database.url)).toEqual({ isAhead: true });
    }
    expect(await list()).toEqual(further);
    await sql.end();
    await database.stop();
  });

  it('is refused where that needs more, or says it in a way of later, with a sentence that says which is older', async () => {
    const database = await startTestPostgres();
    await migrate(database.url);
    await migrateFurther(database.url, `ALTER TABLE "board"."statements" DROP COLUMN "put_back";--> statement-breakpoint\n${raise(next)}`);
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    for (const comment of [raise(next), `COMMENT ON SCHEMA "drizzle" IS 'needs the moon';`]) {
      await sql.unsafe(comment);
      await expect(migrate(database.url)).rejects.toThrow(/by a newer version of Round Robin than this one.*Start the newer version/);
    }
    await sql`update drizzle.__drizzle_migrations set hash = ${hex(7)} where id = 1`; // nor is it of this program any more
    await expect(migrate(database.url)).rejects.toThrow(/another version of Round Robin/);
    await sql.end();
    await database.stop();
  });
});
