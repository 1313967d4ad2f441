import postgres from 'postgres';

/** Every value of every table of both schemas, bytes in hex. */
export async function dumpDatabase(databaseUrl: string): Promise<string> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const tables = await sql<{ schema: string; name: string }[]>`
      select table_schema as schema, table_name as name from information_schema.tables
      where table_schema not in ('pg_catalog', 'information_schema')`;
    const texts: string[] = [];
    for (const { schema, name } of tables) {
      const rows = await sql`select * from ${sql(schema)}.${sql(name)}`;
      const values = rows.flatMap((row) => Object.values(row));
      texts.push(...values.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value))));
    }
    return texts.join('\n');
  } finally {
    await sql.end();
  }
}
