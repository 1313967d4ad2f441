import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type postgres from 'postgres';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { listApplied, migrate } from '../migrate.ts';
import { openClient } from '../open-client.ts';
import { findAbsent, findAbsentDecisions, findLostRolls, listRunning, listVouched } from './compare-boards.ts';
import { keepEnded } from './keep-ended.ts';
import { type BackupManifest, readBackup } from './manifest.ts';
import { createMeter, type Measure } from './measure-stream.ts';
import {
  besideDatabase,
  countUsers,
  createBeside,
  databaseOf,
  dropDatabase,
  hasDatabase,
  switchDatabases,
  urlOfDatabase,
} from './switch-databases.ts';
import { copyIn, copyOut, copySorted, listTables, nameOf, type Table } from './tables.ts';

type RestoreOptions = {
  databaseUrl: string;
  /** As `writeBackup` has made it. */
  folder: string;
  /** The key of the platform, and those before it: a copy may be older than the newest. */
  platformKeys: readonly Hex32[];
  /** Takes statements, boards and what was decided about them from the database that is there, and only the rest from the backup. */
  keepBoard: boolean;
};

const SHOWN = 5;
/** Schemas that are never put back: what somebody else holds in their hands, and what the operator has said in public. */
const FORWARD_ONLY = ['board', 'moderation'];

/**
 * Puts a backup in the place of a database, which is kept beside it. All of it is written into a new database, read back and compared
 * before the names are changed; until then nothing that is there changes. A board is never put back behind what the database that is
 * there knows that anybody has vouched for. What only trustees know shows when the platform starts: it holds every board until it has
 * heard them (lib/server/board/put-back.ts).
 * @returns the name under which the database that was there is kept; null where there was none
 * @throws Error with a sentence for the operator; the driver's errors
 */
export async function restoreBackup({ databaseUrl, folder, platformKeys, keepBoard }: RestoreOptions): Promise<string | null> {
  const manifest = await readBackup(folder);
  if (!platformKeys.includes(manifest.platformKey))
    throw new Error('The backup is of a platform with another key. Name its own with PLATFORM_KEY_FILE: boards go on under no other.');
  const name = databaseOf(databaseUrl);
  return besideDatabase(databaseUrl, async (sql) => {
    const isThere = await hasDatabase(sql, name);
    if (keepBoard && !isThere) throw new Error('There is no database from which boards could be kept.');
    const users = await countUsers(sql, name);
    if (users > 0) throw new Error(`${users} connections to the database are open. Stop every web process, then try again.`);
    const fresh = await createBeside(sql, name);
    try {
      await fill(urlOfDatabase(databaseUrl, fresh), isThere ? databaseUrl : null, { manifest, folder, keepBoard });
      return await switchDatabases(sql, fresh, name);
    } catch (error) {
      await dropDatabase(sql, fresh);
      throw error;
    }
  });
}

type Source = { manifest: BackupManifest; folder: string; keepBoard: boolean };

/** @param presentUrl the database whose place is to be taken, if there is one */
async function fill(freshUrl: string, presentUrl: string | null, source: Source): Promise<void> {
  await migrate(freshUrl);
  const fresh = openClient(freshUrl);
  const present = presentUrl === null ? null : openClient(presentUrl);
  try {
    await requireSameVersion(fresh, present, source);
    await fresh.begin(async (tx) => {
      await fillTables(tx, present, source);
      await keepEnded(tx, present);
    });
    if (present) await requireForward(fresh, present);
    await requireRolls(fresh);
  } finally {
    await Promise.all([fresh.end({ timeout: 5 }), present?.end({ timeout: 5 })]);
  }
}

async function requireSameVersion(fresh: postgres.Sql, present: postgres.Sql | null, { manifest, keepBoard }: Source): Promise<void> {
  const ours = (await listApplied(fresh)).join();
  if (manifest.migrations.join() !== ours)
    throw new Error(
      'The backup was made by another version of this program. Restore it with that one; the newer one brings it up to date.',
    );
  if (keepBoard && present && (await listApplied(present)).join() !== ours)
    throw new Error(
      'The database that is there is of another version of this program. Start the platform with this one once, and stop it.',
    );
}

async function fillTables(
  tx: postgres.TransactionSql,
  present: postgres.Sql | null,
  { manifest, folder, keepBoard }: Source,
): Promise<void> {
  const tables = await listTables(tx);
  const known = new Map(manifest.tables.map((table) => [nameOf(table), table]));
  if (tables.some((table) => known.get(nameOf(table))?.columns.join() !== table.columns.join()) || known.size !== tables.length)
    throw new Error('The backup has other tables than this version of the program.');
  // What is there was judged when it came: triggers, which judge what comes, would judge it by what has come since.
  for (const table of tables) await tx`alter table ${tx(table.schema)}.${tx(table.name)} disable trigger user`;
  await tx`truncate ${tx.unsafe(tables.map(nameOf).join(', '))}`;
  for (const table of tables) {
    const isKept = keepBoard && FORWARD_ONLY.includes(table.schema);
    const rows = isKept && present ? await copySorted(present, table) : createReadStream(path.join(folder, nameOf(table)));
    const written = await fillTable(tx, table, rows);
    const wanted = isKept ? written : (known.get(nameOf(table)) as Measure);
    const { bytes, sha256 } = await measureTable(tx, table);
    if (bytes !== wanted.bytes || sha256 !== wanted.sha256) throw new Error(`${nameOf(table)} did not come out as it went in.`);
  }
  for (const table of tables) await tx`alter table ${tx(table.schema)}.${tx(table.name)} enable trigger user`;
  await continueNumbers(tx);
}

async function fillTable(tx: postgres.TransactionSql, table: Table, rows: Readable): Promise<Measure> {
  const { through, measure } = createMeter();
  await pipeline(rows, through, await copyIn(tx, table));
  return measure();
}

async function measureTable(tx: postgres.TransactionSql, table: Table): Promise<Measure> {
  const { through, measure } = createMeter();
  await pipeline(await copyOut(tx, table), through, new Writable({ write: (_piece, _encoding, done) => done() }));
  return measure();
}

/** Numbers that the server draws by itself go on after the highest that is there. */
async function continueNumbers(tx: postgres.TransactionSql): Promise<void> {
  const drawn = await tx<{ schema: string; name: string; column: string }[]>`
    select table_schema as schema, table_name as name, column_name as column from information_schema.columns
    where is_identity = 'YES' and table_schema not in ('pg_catalog', 'drizzle')`;
  for (const { schema, name, column } of drawn)
    await tx`select setval(pg_get_serial_sequence(${`${schema}.${name}`}, ${column}),
      (select coalesce(max(${tx(column)}), 0) + 1 from ${tx(schema)}.${tx(name)}), false)`;
}

async function requireForward(fresh: postgres.Sql, present: postgres.Sql): Promise<void> {
  const missing = await findAbsent(fresh, await listVouched(present));
  const statements = new Set(await listRunning(present));
  for (const { id } of await fresh<{ id: string }[]>`select encode(id, 'hex') as id from board.statements`) statements.delete(id);
  const behind = [
    ...missing.map(({ statement, number }) => `  checkpoint ${number} of statement ${statement}`),
    ...(await findAbsentDecisions(fresh, present)).map((id) => `  decision ${id} about what is hidden`),
    ...[...statements].filter((id) => !missing.some(({ statement }) => statement === id)).map((id) => `  statement ${id}`),
  ];
  if (behind.length === 0) return;
  const more = behind.length > SHOWN ? [`  and ${behind.length - SHOWN} more`] : [];
  throw new Error(
    [
      'The backup lacks what this platform has published since, and trustees may have vouched for:',
      ...[...behind.slice(0, SHOWN), ...more],
      'Boards go only forward, so nothing was changed. --keep-board puts back everything but statements and their boards.',
    ].join('\n'),
  );
}

async function requireRolls(fresh: postgres.Sql): Promise<void> {
  const lost = await findLostRolls(fresh);
  if (lost.length === 0) return;
  const shown = lost.slice(0, SHOWN).map(({ statement, roll }) => `  roll ${roll} of statement ${statement}`);
  throw new Error(
    ['The backup is older than rolls that statements name, whose names could then never be shown:', ...shown, 'Nothing was changed.'].join(
      '\n',
    ),
  );
}
