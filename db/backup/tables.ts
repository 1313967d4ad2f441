import type postgres from 'postgres';

/** Of the server itself, and `drizzle`, which says how the tables were made and is made with them. */
const NOT_OURS = ['pg_catalog', 'information_schema', 'pg_toast', 'public', 'drizzle'];

export type Table = { schema: string; name: string; columns: string[] };

/** All tables with their columns, each after those that it refers to. */
export async function listTables(sql: postgres.ISql): Promise<Table[]> {
  const tables = await sql<Table[]>`
    select n.nspname as schema, c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname not in ${sql(NOT_OURS)} and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    group by 1, 2 order by 1, 2`;
  const references = await sql<{ from: string; to: string }[]>`
    select conrelid::regclass::text as from, confrelid::regclass::text as to
    from pg_constraint where contype = 'f' and conrelid <> confrelid`;
  return sortByReferences(tables, references);
}

export const nameOf = ({ schema, name }: Pick<Table, 'schema' | 'name'>) => `${schema}.${name}`;

function sortByReferences(tables: readonly Table[], references: readonly { from: string; to: string }[]): Table[] {
  const sorted: Table[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const waiting = new Set(left.map(nameOf));
    const ready = left.filter((table) => !references.some(({ from, to }) => from === nameOf(table) && waiting.has(to)));
    if (ready.length === 0) throw new Error(`tables refer to each other in a circle: ${[...waiting].join(', ')}`);
    for (const table of ready) sorted.push(table);
    left = left.filter((table) => !ready.includes(table));
  }
  return sorted;
}

/** The rows of a table as COPY writes them, in the order in which they lie. The same rows give the same bytes on every server. */
export function copyOut(sql: postgres.ISql, { schema, name, columns }: Table) {
  return sql`copy ${sql(schema)}.${sql(name)} (${sql(columns)}) to stdout`.readable();
}

/** The same in the order of the table's key: where they lie tells in which order they came. */
export async function copySorted(sql: postgres.ISql, table: Table) {
  const { schema, name, columns } = table;
  const key = await sql<{ column: string }[]>`
    select attname as column from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
    where indrelid = ${`${schema}.${name}`}::regclass and indisprimary order by array_position(indkey::int2[], attnum)`;
  if (key.length === 0) return copyOut(sql, table);
  const order = sql(key.map(({ column }) => column));
  return sql`copy (select ${sql(columns)} from ${sql(schema)}.${sql(name)} order by ${order}) to stdout`.readable();
}

/** Takes rows as COPY writes them; numbers that the server else draws by itself stay as they were. */
export function copyIn(sql: postgres.ISql, { schema, name, columns }: Table) {
  return sql`copy ${sql(schema)}.${sql(name)} (${sql(columns)}) from stdin`.writable();
}
