import type postgres from 'postgres';

type Ended = { key: Buffer; at: string; message: string | null; successor: Buffer | null };

/**
 * Ends in a database that was put back what had ended since it was copied. Whoever was signed in signs in again, since nobody knows who
 * has signed out, or used a link, since then. Keys that have ended never come back, nor does an end become milder (`endKey`): a thief's key
 * would sign rolls again. @param present the database whose place is to be taken, if there is one: what it knows of keys
 */
export async function keepEnded(tx: postgres.TransactionSql, present: postgres.Sql | null): Promise<void> {
  await tx`delete from membership.sessions`;
  await tx`delete from membership.sign_in_links`;
  for (const { key, at, message, successor } of present ? await listEnded(present) : [])
    await tx`
      insert into membership.ended_keys as known (key, at, message, successor) values (${key}, ${at}, ${message}, ${successor})
      on conflict (key) do update set at = excluded.at, message = excluded.message, successor = excluded.successor
      where ${weightOf(tx, 'known')} < ${weightOf(tx, 'excluded')}`;
}

async function listEnded(present: postgres.Sql): Promise<Ended[]> {
  const [table] = await present<{ name: string | null }[]>`select to_regclass('membership.ended_keys')::text as name`;
  if (!table?.name) return [];
  return present<Ended[]>`select key, at::text, message, successor from membership.ended_keys order by position`;
}

/** A successor, then a revocation by the account alone, then one that the key has signed. */
function weightOf(sql: postgres.TransactionSql, row: 'known' | 'excluded') {
  const [successor, message] = [sql(`${row}.successor`), sql(`${row}.message`)];
  return sql`case when ${successor} is not null then 1 when ${message} is null then 2 else 3 end`;
}
