// npm run moderation -- list
// npm run moderation -- hide HASH --reason TEXT
// npm run moderation -- refuse HASH --reason TEXT
// npm run moderation -- show HASH --reason TEXT
//
// What this platform does not show. Each decision is public, with its reason and day, on the page /moderation, and is never taken out.
//
// Settings, as for npm start: DATA_DIR, or DATABASE_URL and PUBLIC_URL.
import { DecisionRefused, decide, listDecisions } from '#db/moderation.ts';
import type { Decision } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { onOneLine } from '#lib/protocol/messages/visible-text.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';
import { withDatabase } from './instance/with-database.ts';

const USAGE = `npm run moderation -- list
npm run moderation -- hide HASH --reason TEXT     a statement or a group, by its hash or the address of its page
npm run moderation -- refuse HASH --reason TEXT   a statement that nobody has signed, or that has not come yet
npm run moderation -- show HASH --reason TEXT     again

  The reason is public, on one line of at most 500 characters. Name nobody in it, and do not repeat the text.

  Settings, as variables: DATA_DIR, or DATABASE_URL and PUBLIC_URL, as the platform has them.`;

const ACTIONS = ['hide', 'refuse', 'show'] as const;
const DONE = { hide: 'hidden', refuse: 'refused', show: 'shown again' } as const;
const LISTED_AT_ONCE = 500;

async function run(): Promise<void> {
  const { positionals, values } = readCommandLine({ allowPositionals: true, options: { reason: { type: 'string' } } });
  const [command, place, ...rest] = positionals;
  if (command === 'list' && place === undefined && values.reason === undefined) return printAll();
  const action = ACTIONS.find((one) => one === command);
  if (!action) throw new UsageError(command ? 'That is no command of this, or it takes nothing more.' : 'A command is missing.');
  if (rest.length > 0) throw new UsageError('One hash at a time; a reason of several words needs quotation marks.');
  const subject = readHash(place ?? '');
  if (subject === null) throw new UsageError('A hash is missing: 64 hex digits, or the address of a statement or a group.');
  if (!values.reason?.trim()) throw new UsageError('--reason is missing: everybody is told why.');
  const asked = { subject, action, reason: values.reason };
  console.log(describe(await withDatabase((db) => decide(db, asked, Math.floor(Date.now() / 1000)), DecisionRefused)));
}

/** A hash by itself, or the one in the address of a page. */
function readHash(text: string): Hex32 | null {
  const path = URL.canParse(text) ? new URL(text).pathname : `/s/${text}`;
  return /^\/(?:s|groups)\/([0-9a-f]{64})\/?$/.exec(path)?.[1] ?? null;
}

async function printAll(): Promise<void> {
  await withDatabase(async (db) => {
    let after = 0;
    for (;;) {
      const listed = await listDecisions(db, after, LISTED_AT_ONCE);
      for (const decision of listed) console.log(describe(decision));
      const last = listed.at(-1);
      if (!last && after === 0) console.log('Nothing has been hidden.');
      if (!last) return;
      after = last.id;
    }
  });
}

function describe({ kind, subject, action, reason, day }: Decision): string {
  return `${new Date(day * 1000).toISOString().slice(0, 10)}  ${kind} ${subject} ${DONE[action]}: ${onOneLine(reason)}`;
}

await runScript(USAGE, run);
