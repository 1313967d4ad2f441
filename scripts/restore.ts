// npm run restore -- --from FOLDER [--keep-board]
// npm run restore -- --drop-old
//
// Puts back what `npm run backup` has written, in place of a database that is kept. docs/operating.md says when.
//
// Settings, as for npm start: DATA_DIR, or DATABASE_URL and PLATFORM_KEY_FILE.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { restoreBackup } from '#db/backup/restore-backup.ts';
import { dropKept } from '#db/backup/switch-databases.ts';
import { startPostgres } from '#db/embedded-postgres.ts';
import { listOldKeyFiles, readSeedFile } from '#lib/host/read-seed.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { callersPath } from './command-line/callers-files.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';
import { tellPlatformFailure } from './instance/find-platform.ts';
import { root } from './instance/runtime.ts';

const USAGE = `npm run restore -- --from FOLDER                puts back a copy that npm run backup has made
npm run restore -- --from FOLDER --keep-board   puts back groups, rolls and accounts, and keeps statements and boards as they are
npm run restore -- --drop-old                   drops the databases that earlier restores have kept

  Stop the platform first. Nothing is changed before the whole copy has been written beside the database and compared.
  Settings, as variables: DATA_DIR, or DATABASE_URL and PLATFORM_KEY_FILE, as the platform has them.`;

const dataFolder = () => path.resolve(root, process.env.DATA_DIR || 'data');

/** Works on the operator's database, or on the private one, which only runs while the platform does. */
async function withDatabase<T>(work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL) return work(DATABASE_URL);
  const folder = path.join(dataFolder(), 'postgres');
  if (!existsSync(folder)) throw new Error(`${folder} is not there. Set DATA_DIR or DATABASE_URL, as the platform has them.`);
  const server = await startPostgres({ folder, durable: true });
  return work(server.url).finally(server.stop);
}

async function restore(from: string, keepBoard: boolean): Promise<string> {
  const folder = callersPath(from);
  if (!existsSync(folder)) throw new Error(`${folder} is not there.`);
  const { PLATFORM_KEY_FILE, PLATFORM_OLD_KEY_FILES } = process.env;
  const keyFiles = [PLATFORM_KEY_FILE || path.join(dataFolder(), 'platform.key'), ...listOldKeyFiles(PLATFORM_OLD_KEY_FILES)];
  const platformKeys = await Promise.all(keyFiles.map(async (file) => publicKeyOf(await readSeedFile(file))));
  const kept = await withDatabase((databaseUrl) => restoreBackup({ databaseUrl, folder, platformKeys, keepBoard }));
  const before = kept
    ? `The database as it was is kept as ${kept}: npm run restore -- --drop-old drops it, once you have looked.`
    : 'There was no database before.';
  return `The copy is in place. ${before}\nStart the platform: no board goes on before its trustees have been heard.`;
}

await runScript(USAGE, async () => {
  const { values } = readCommandLine({
    options: {
      from: { type: 'string' },
      'keep-board': { type: 'boolean', default: false },
      'drop-old': { type: 'boolean', default: false },
    },
  });
  const { from, 'keep-board': keepBoard, 'drop-old': dropOld } = values;
  if (dropOld === (from !== undefined) || (dropOld && keepBoard)) throw new UsageError('Either --from with a folder, or --drop-old alone.');
  const work =
    from === undefined ? withDatabase(dropKept).then((names) => `Dropped: ${names.join(', ') || 'none'}`) : restore(from, keepBoard);
  console.log(
    await work.catch((error: unknown) => {
      throw tellPlatformFailure(error, process.env);
    }),
  );
});
