// npm run keys -- platform FILE
// npm run keys -- session
// npm run keys -- public FILE
//
// The keys of a platform that are not made by a command of their own. docs/keys.md says what each is for, and what a lost one means.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeNewSecret } from '#lib/host/new-secret.ts';
import { readSeedFile } from '#lib/host/read-seed.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { callersPath } from './command-line/callers-files.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';

const USAGE = `npm run keys -- platform FILE   makes the platform's signing key, for PLATFORM_KEY_FILE, and prints its public key
npm run keys -- public FILE     prints the public key of a platform's key file
npm run keys -- session         prints a secret for SESSION_SECRET

  A trustee's key: npm run trustee -- init. An issuer's: npm run issuer -- init, or the page for issuers.
  docs/keys.md says what each is for, and what a lost one means.`;

async function run([command, place, ...rest]: readonly string[]): Promise<string> {
  const needsFile = command === 'platform' || command === 'public';
  if (rest.length > 0 || (needsFile ? !place : command !== 'session' || place !== undefined))
    throw new UsageError(command ? 'That is no command of this, or it lacks a file or has too many.' : 'A command is missing.');
  if (command === 'session') return randomBytes(32).toString('hex');
  const file = callersPath(place as string);
  if (command === 'platform') makeSeedFile(file);
  return publicKeyOf(await readSeedFile(file));
}

/** Readable by its owner alone. A key that is there is never written over. */
function makeSeedFile(file: string): void {
  if (existsSync(file)) throw new Error(`${file} is there already, and a key is never written over. Choose another name.`);
  writeNewSecret(file, randomBytes(32).toString('hex'));
}

await runScript(USAGE, async () => {
  console.log(await run(readCommandLine({ allowPositionals: true }).positionals));
});
