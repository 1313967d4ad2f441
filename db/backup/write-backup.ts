import { createWriteStream, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type postgres from 'postgres';
import { LOCK_FILE, lockFolder } from '#lib/host/folder-lock.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { listApplied } from '../migrate.ts';
import { openClient } from '../open-client.ts';
import { type BackupManifest, FORMAT, MANIFEST } from './manifest.ts';
import { createMeter } from './measure-stream.ts';
import { copySorted, listTables, nameOf, type Table } from './tables.ts';

type BackupOptions = {
  databaseUrl: string;
  /** Made by this, readable by its owner alone; it must not be there. Every name above it must. */
  folder: string;
  /** The public key of the platform: its database belongs under no other. */
  platformKey: Hex32;
};

/**
 * Writes all tables as they were at one moment, while the platform goes on. The folder is there when all of it is on the disk, and
 * not before. @throws Error when it is there already, or another copy is being written to it; the driver's errors
 */
export async function writeBackup({ databaseUrl, folder, platformKey }: BackupOptions): Promise<BackupManifest> {
  if (existsSync(folder)) throw new Error(`${folder} is there already. Name a folder that is not.`);
  const unfinished = `${folder}.unfinished`;
  const unlock = await lockFolder(unfinished);
  if (!unlock) throw new Error(`Another copy is being written to ${folder}. Name another folder, or wait until it is there.`);
  removeAll(unfinished, LOCK_FILE); // of one that was broken off
  const sql = openClient(databaseUrl);
  try {
    const manifest = await sql.begin('isolation level repeatable read read only', async (tx) => {
      const tables: BackupManifest['tables'] = [];
      for (const table of await listTables(tx)) tables.push(await writeTable(tx, table, unfinished));
      return { format: FORMAT as typeof FORMAT, platformKey, migrations: await listApplied(tx), tables };
    });
    writeFileSync(path.join(unfinished, MANIFEST), `${canonicalJson(manifest)}\n`, { mode: 0o600, flush: true });
    renameSync(unfinished, folder);
    rmSync(path.join(folder, LOCK_FILE), { force: true });
    return manifest;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    await Promise.all([sql.end({ timeout: 5 }), unlock()]);
  }
}

/** Empties a folder but for one file. */
function removeAll(folder: string, kept: string): void {
  for (const name of readdirSync(folder)) if (name !== kept) rmSync(path.join(folder, name), { recursive: true });
}

async function writeTable(tx: postgres.TransactionSql, table: Table, folder: string): Promise<BackupManifest['tables'][number]> {
  const { through, measure } = createMeter();
  const file = createWriteStream(path.join(folder, nameOf(table)), { mode: 0o600, flags: 'wx', flush: true });
  await pipeline(await copySorted(tx, table), through, file);
  return { ...table, ...measure() };
}
