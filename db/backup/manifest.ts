import { createReadStream, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { requirePrivateFolder } from '#lib/host/private-places.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape, hex32 } from '#lib/protocol/messages/shape.ts';
import { createMeter } from './measure-stream.ts';
import { nameOf } from './tables.ts';

export const MANIFEST = 'manifest.json';
export const FORMAT = 'round-robin backup 1' as const;

const word = z.string().regex(/^[a-z_0-9]{1,63}$/);
const manifestShape = z.strictObject({
  format: z.literal(FORMAT),
  platformKey: hex32,
  /** The hashes of the migrations that had made its tables, in order. */
  migrations: z.array(z.string()),
  /** In an order in which they can be filled. A file of the folder has the name SCHEMA.TABLE, and what COPY writes. */
  tables: z.array(z.strictObject({ schema: word, name: word, columns: z.array(word).min(1), bytes: z.int().min(0), sha256: hex32 })).min(1),
});
/** What a backup holds. */
export type BackupManifest = z.infer<typeof manifestShape>;

/** Reads what a backup holds, and every byte of it. @throws Error when it is not whole, or others on this machine may read it */
export async function readBackup(folder: string): Promise<BackupManifest> {
  const file = path.join(folder, MANIFEST);
  if (!existsSync(file)) throw new Error(`${folder} is no finished backup: it has no ${MANIFEST}.`);
  requirePrivateFolder(folder);
  const parsed = parseJson(readFileSync(file, 'utf8'));
  const shaped = parsed.ok ? checkShape(manifestShape, parsed.value) : parsed;
  if (!shaped.ok) throw new Error(`${file} is damaged, or of another version of this program.`);
  for (const table of shaped.value.tables) {
    const { through, measure } = createMeter();
    const rows = path.join(folder, nameOf(table));
    if (!existsSync(rows)) throw new Error(`${rows} is missing. Nothing was changed.`);
    await pipeline(createReadStream(rows), through, new Writable({ write: (_piece, _encoding, done) => done() }));
    const { bytes, sha256 } = measure();
    if (bytes !== table.bytes || sha256 !== table.sha256)
      throw new Error(`${rows} is damaged: it is not what was written. Nothing was changed.`);
  }
  return shaped.value;
}
