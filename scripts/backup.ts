// npm run backup -- --out FOLDER
//
// Copies a platform's database as it is at one moment, while the platform runs. docs/operating.md says what a copy is good for.
//
// Settings, as for npm start: DATA_DIR, or DATABASE_URL, PUBLIC_URL and PLATFORM_KEY_FILE.
import { statSync } from 'node:fs';
import path from 'node:path';
import { writeBackup } from '#db/backup/write-backup.ts';
import { readSeedFile } from '#lib/host/read-seed.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { callersPath } from './command-line/callers-files.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';
import { findPlatform, tellPlatformFailure } from './instance/find-platform.ts';

const USAGE = `npm run backup -- --out FOLDER     copies the platform's database as it is now; FOLDER must not be there

  Nobody but you may read the copy. It holds sealed signatures: encrypt it before it goes anywhere, and delete it before
  deadline + grace of the statements in it.
  Settings, as variables: DATA_DIR, or DATABASE_URL, PUBLIC_URL and PLATFORM_KEY_FILE, as the platform has them.`;

await runScript(USAGE, async () => {
  const { out } = readCommandLine({ options: { out: { type: 'string' } } }).values;
  if (!out) throw new UsageError('--out is missing.');
  const folder = callersPath(out);
  statSync(path.dirname(folder));
  const { databaseUrl, platformKeyFile } = findPlatform(process.env);
  const platformKey = publicKeyOf(await readSeedFile(platformKeyFile));
  const { tables } = await writeBackup({ databaseUrl, folder, platformKey }).catch((error: unknown) => {
    throw tellPlatformFailure(error, process.env);
  });
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  console.log(`${tables.length} tables, ${Math.ceil(bytes / 1024)} KB, in ${folder}`);
});
