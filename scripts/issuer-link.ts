// npm run issuer-link
// Prints a new one-time link that signs an issuer in, while the platform runs. The link printed before ends.
//
// Settings, as for npm start: DATA_DIR, or DATABASE_URL and PUBLIC_URL where the operator runs a database.
import path from 'node:path';
import { explainDatabaseFailure } from '#db/explain-failure.ts';
import { makeSignInLink } from '#db/sign-in-link.ts';
import { recallRunning } from './instance/running-instance.ts';
import { root } from './instance/runtime.ts';

const dataFolder = path.resolve(root, process.env.DATA_DIR || 'data');
const running = recallRunning(dataFolder);
const databaseUrl = process.env.DATABASE_URL || running?.databaseUrl;
const publicUrl = process.env.PUBLIC_URL || running?.url;

/** What is said in place of a link. */
const fail = (sentence: string) => {
  console.error(sentence);
  process.exitCode = 1;
};

if (!databaseUrl || !publicUrl) {
  fail(
    `No platform has been started from ${dataFolder}. Start it first, or set DATA_DIR, or DATABASE_URL and PUBLIC_URL, as the platform has them.`,
  );
} else if (!URL.canParse(publicUrl)) {
  fail('PUBLIC_URL must be the https:// address under which browsers reach the platform.');
} else {
  await makeSignInLink(databaseUrl, publicUrl, Math.floor(Date.now() / 1000)).then(
    (link) => console.log(`${link}\n(works once, within a day; the link before it works no more)`),
    (error: unknown) =>
      fail(
        process.env.DATABASE_URL
          ? explainDatabaseFailure(error, process.env.DATABASE_URL)
          : 'The database of the platform does not answer. Is the platform running?',
      ),
  );
}
