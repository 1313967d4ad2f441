// npm run issuer-link
// Prints a new one-time link that signs an issuer in, while the platform runs. The link printed before ends.
//
// Settings, as for npm start: DATA_DIR, or DATABASE_URL and PUBLIC_URL where the operator runs a database.
import path from 'node:path';
import { makeSignInLink } from '#db/sign-in-link.ts';
import { recallRunning } from './instance/running-instance.ts';
import { root } from './instance/runtime.ts';

const dataFolder = path.resolve(root, process.env.DATA_DIR || 'data');
const running = recallRunning(dataFolder);
const databaseUrl = process.env.DATABASE_URL || running?.databaseUrl;
const publicUrl = process.env.PUBLIC_URL || running?.url;

if (!databaseUrl || !publicUrl) {
  console.error(
    `No platform has been started from ${dataFolder}. Start it first, or set DATA_DIR, or DATABASE_URL and PUBLIC_URL, as the platform has them.`,
  );
  process.exitCode = 1;
} else {
  await makeSignInLink(databaseUrl, publicUrl, Math.floor(Date.now() / 1000)).then(
    (link) => console.log(`${link}\n(works once, within a day; the link before it works no more)`),
    (error: { code?: unknown; cause?: { code?: unknown } }) => {
      const code = error.cause?.code ?? error.code;
      console.error(`The database of the platform cannot be reached${code ? ` (${code})` : ''}. Is the platform running?`);
      process.exitCode = 1;
    },
  );
}
