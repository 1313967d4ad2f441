import type postgres from 'postgres';

/** A checkpoint that a platform has published, or of which a trustee has shown that it had. */
type Vouched = { statement: string; number: number; hash: string };

/** The newest checkpoint of each board, and of what each trustee has cosigned. */
export async function listVouched(sql: postgres.ISql): Promise<Vouched[]> {
  const [table] = await sql<{ name: string | null }[]>`select to_regclass('board.checkpoints')::text as name`;
  if (!table?.name) return [];
  return sql<Vouched[]>`
    select encode(statement, 'hex') as statement, number::int, encode(hash, 'hex') as hash from (
      (select distinct on (statement) statement, number, hash from board.checkpoints order by statement, number desc)
      union
      (select distinct on (statement, trustee) statement, slot, subject from board.trustee_messages
        where type = 'cosignature' and not evidence and subject is not null order by statement, trustee, slot desc)
    ) vouched(statement, number, hash) order by 1, 2`;
}

/** Those that a database does not have: put in place of the one that had them, it would be behind what others hold in their hands. */
export async function findAbsent(sql: postgres.ISql, vouched: readonly Vouched[]): Promise<Vouched[]> {
  const missing: Vouched[] = [];
  for (const one of vouched) {
    const found = await sql`
      select 1 from board.checkpoints
      where statement = decode(${one.statement}, 'hex') and number = ${one.number} and hash = decode(${one.hash}, 'hex')`;
    if (found.length === 0) missing.push(one);
  }
  return missing;
}

/** Statements that are lacking altogether, though they have not come to their end. */
export async function listRunning(sql: postgres.ISql): Promise<string[]> {
  const [table] = await sql<{ name: string | null }[]>`select to_regclass('board.statements')::text as name`;
  if (!table?.name) return [];
  return (await sql<{ id: string }[]>`select encode(id, 'hex') as id from board.statements where not is_erased`).map(({ id }) => id);
}

/** Rolls that statements name and nobody has: the names of those statements could never be shown. */
export async function findLostRolls(sql: postgres.ISql): Promise<{ statement: string; roll: string }[]> {
  return sql`
    select encode(statement, 'hex') as statement, encode(roll, 'hex') as roll from board.statement_groups
    where not exists (select 1 from membership.rolls where hash = roll)`;
}

/** What an operator has decided in public since the other was made. */
export async function findAbsentDecisions(sql: postgres.ISql, present: postgres.ISql): Promise<string[]> {
  const [table] = await present<{ name: string | null }[]>`select to_regclass('moderation.decisions')::text as name`;
  if (!table?.name) return [];
  const decided = await present<{ id: string }[]>`select id::text from moderation.decisions order by moderation.decisions.id`;
  const [known] = await sql<{ id: string }[]>`select coalesce(max(id), 0)::text as id from moderation.decisions`;
  return decided.map(({ id }) => id).filter((id) => BigInt(id) > BigInt(known?.id ?? 0));
}
