// npm run issuers -- list
// npm run issuers -- approve ADDRESS
//
// Who may become an issuer, while the platform runs with ISSUERS=approved. An address is never stored: `list` shows accounts by the
// beginnings of their hashes, and `approve` prints the one of its address.
//
// Settings, as for npm start: DATA_DIR, or DATABASE_URL, PUBLIC_URL and PLATFORM_KEY_FILE.
import { approveIssuer, type ListedClerk, listIssuers } from '#db/approve-issuer.ts';
import { accountOfAddress, normaliseAddress } from '#db/sign-in-address.ts';
import { accountKeyFile, readSeedFile } from '#lib/host/read-seed.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';
import { findPlatform } from './instance/find-platform.ts';
import { withDatabase } from './instance/with-database.ts';

const USAGE = `npm run issuers -- list
npm run issuers -- approve ADDRESS

  Settings, as variables: DATA_DIR, or DATABASE_URL, PUBLIC_URL and PLATFORM_KEY_FILE, as the platform has them.`;

async function run([command, text, ...rest]: readonly string[]): Promise<string> {
  if (command === 'list' && text === undefined) return withDatabase(async (db) => describeAll(await listIssuers(db)));
  if (command !== 'approve' || text === undefined || rest.length > 0)
    throw new UsageError(command ? 'That is no command of this, or it lacks an address or has too many.' : 'A command is missing.');
  if (process.env.ISSUERS === 'closed') throw new Error('ISSUERS=closed: this platform takes no new issuers. Set ISSUERS=approved first.');
  const address = normaliseAddress(text);
  if (address === null) throw new Error(`${text} is not an e-mail address to which the platform sends mails, such as name@example.org.`);
  const { platformKeyFile, oldKeyFiles } = findPlatform(process.env);
  const signIn = accountOfAddress(await readSeedFile(accountKeyFile(platformKeyFile, oldKeyFiles)), address);
  const isNew = await withDatabase((db) => approveIssuer(db, signIn));
  return `${describeSignIn(signIn)} ${isNew ? 'may sign in now' : 'could sign in already'}: ${address}`;
}

function describeAll(listed: readonly ListedClerk[]): string {
  if (listed.length === 0) return 'No account yet.';
  return listed
    .map(({ signIn, since, groups }) => {
      const day = new Date(since * 1000).toISOString().slice(0, 10);
      return `${describeSignIn(signIn)}  since ${day}  ${groups.map((name) => JSON.stringify(name)).join(', ') || 'no group'}`;
    })
    .join('\n');
}

/** Enough of the hash to tell accounts apart. */
function describeSignIn(signIn: string): string {
  return signIn.slice(0, 'mail:'.length + 12).padEnd(17);
}

await runScript(USAGE, async () => {
  console.log(await run(readCommandLine({ allowPositionals: true }).positionals));
});
