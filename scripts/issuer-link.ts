// npm run issuer-link
// Prints a new one-time link that signs an issuer in, while the platform runs. The link printed before ends.
//
// Settings, as for npm start: DATA_DIR, or DATABASE_URL and PUBLIC_URL where the operator runs a database.
import { makeSignInLink } from '#db/sign-in-link.ts';
import { readCommandLine, runScript } from './command-line/run-script.ts';
import { describeDatabaseFailure, findPlatform } from './instance/find-platform.ts';

const USAGE = `npm run issuer-link

  Settings, as variables: DATA_DIR, or DATABASE_URL and PUBLIC_URL, as the platform has them.`;

await runScript(USAGE, async () => {
  readCommandLine({});
  const { databaseUrl, publicUrl } = findPlatform(process.env);
  const link = await makeSignInLink(databaseUrl, publicUrl, Math.floor(Date.now() / 1000)).catch((error: unknown) => {
    throw new Error(describeDatabaseFailure(error, process.env));
  });
  console.log(`${link}\n(works once, within a day; the link before it works no more)`);
});
