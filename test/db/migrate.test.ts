import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '#db/migrate.ts';
import { startTestPostgres, type TestDatabase } from '../support/postgres.ts';

const migrations = readdirSync('db/migrations')
  .filter((file) => file.endsWith('.sql'))
  .sort();
const hex = (value: number) => value.toString(16).padStart(64, '0');
/** Runs a migration by itself, as it is. */
const run = async (sql: postgres.Sql, file: string) => void (await sql.unsafe(readFileSync(`db/migrations/${file}`, 'utf8')));

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
    const tables = await sql`select 1 from information_schema.tables where table_schema in ('membership', 'board')`;
    expect(applied[0]?.count).toBe(migrations.length);
    expect(tables.length).toBe(15);
  });

  it('keeps membership and board apart: no key leads from one to the other', async () => {
    const crossing = await sql`
      select conname from pg_constraint
      where contype = 'f' and conrelid::regclass::text like 'board.%' is distinct from confrelid::regclass::text like 'board.%'`;
    expect(crossing).toEqual([]);
  });

  it('has no column for a time of day, an address or a person, and none that counts signatures up', async () => {
    const columns = await sql`
      select table_name as table, column_name as name, data_type as type, is_identity as serial
      from information_schema.columns where table_schema in ('membership', 'board')`;
    expect(columns.length).toBeGreaterThan(40);
    expect(columns.filter(({ type }) => /time|date|inet|cidr/.test(String(type)))).toEqual([]);
    expect(columns.filter(({ table, serial }) => table === 'entries' && serial === 'YES')).toEqual([]);
  });

  it('holds one signature and one withdrawal a nullifier, and only nullifiers of 32 bytes (T7)', async () => {
    const id = Buffer.alloc(32, 1);
    await sql`insert into board.statements (id, body, headers, trustees, open_by, destroy_at) values (${id}, '{}', '[]', 2, 1, 2)`;
    const insert = (nullifier: Buffer, action: string, hash: number) => sql`
      insert into board.entries (statement, nullifier, action, group_id, hash, body, publish_by)
      values (${id}, ${nullifier}, ${action}, ${id}, ${Buffer.alloc(32, hash)}, '{}', 0)`;
    await insert(Buffer.alloc(32, 9), 'sign', 1);
    await insert(Buffer.alloc(32, 9), 'withdraw', 2);
    await expect(insert(Buffer.alloc(32, 9), 'sign', 3)).rejects.toMatchObject({ code: '23505' });
    await expect(insert(Buffer.alloc(31, 8), 'sign', 4)).rejects.toMatchObject({ code: '23514' });
    await expect(insert(Buffer.alloc(32, 7), 'vote', 5)).rejects.toMatchObject({ code: '23514' });
  });
});

describe('boards of a database that was made before boards had segments', () => {
  let database: TestDatabase;
  let sql: postgres.Sql;
  beforeAll(async () => {
    database = await startTestPostgres();
    sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const cut = migrations.findIndex((file) => file.includes('segments'));
    for (const file of migrations.slice(0, cut)) await run(sql, file);
  });
  afterAll(async () => {
    await sql?.end();
    await database?.stop();
  });

  it('are cut where the platform would have cut them: after 1,000 entries or 200 checkpoints', async () => {
    const boards = { 1: Array.from({ length: 401 }, () => 1), 2: [1, 998, 1, 5, 1200, 999, 0, 1, 1] };
    for (const [name, sizes] of Object.entries(boards)) {
      const id = Buffer.alloc(32, Number(name));
      await sql`insert into board.statements (id, body, headers, trustees, open_by, destroy_at) values (${id}, '{}', '[]', 2, 1, 2)`;
      for (const [i, size] of sizes.entries())
        await sql`insert into board.checkpoints (statement, number, hash, body, entries)
          values (${id}, ${i + 1}, ${createHash('sha256').update(`${name}/${i}`).digest()}, '{}', ${Buffer.alloc(size * 32)})`;
    }
    await run(sql, migrations.find((file) => file.includes('segments')) as string);
    const rows =
      await sql`select get_byte(statement, 0) as board, segment, count(*)::int from board.checkpoints group by 1, 2 order by 1, 2`;
    expect(rows.map(({ board, segment, count }) => [board, segment, count])).toEqual([
      [1, 1, 200],
      [1, 201, 200],
      [1, 401, 1],
      [2, 1, 3],
      [2, 4, 2],
      [2, 6, 3],
      [2, 9, 1],
    ]);
  });
});

describe('statements of a database that was made before groups were listed', () => {
  let database: TestDatabase;
  let sql: postgres.Sql;
  beforeAll(async () => {
    database = await startTestPostgres();
    sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const cut = migrations.findIndex((file) => file.includes('statement-groups'));
    for (const file of migrations.slice(0, cut)) await run(sql, file);
  });
  afterAll(async () => {
    await sql?.end();
    await database?.stop();
  });

  it('are found under the groups of their rolls, and under none that their text speaks of', async () => {
    const roll = (group: number) => ({ group: hex(group), roll: hex(99) });
    const bodies = [
      { rolls: [roll(1), roll(2)], text: [{ body: 'Line\n\u0000' }] },
      { rolls: [roll(2)], text: [{ body: JSON.stringify(roll(1)) }], trigger: { count: 1, group: hex(3) } },
    ];
    for (const [i, body] of bodies.entries())
      await sql`insert into board.statements (id, body, headers, trustees, open_by, destroy_at)
        values (${Buffer.alloc(32, i + 1)}, ${JSON.stringify(body)}, '[]', 2, 1, 2)`;
    await run(sql, migrations.find((file) => file.includes('statement-groups')) as string);
    const rows = await sql`
      select get_byte(group_id, 31) as group, get_byte(statement, 0) as statement, position::int from board.statement_groups order by 1, 2`;
    expect(rows.map(({ group, statement, position }) => [group, statement, position])).toEqual([
      [1, 1, 1],
      [2, 1, 1],
      [2, 2, 2],
    ]);
  });
});
