// npm start            the whole platform on this machine, built for use
// npm run dev          the same with pages that are compiled as they are asked for
//
// Settings (all optional): PORT, HOST, DATA_DIR and the variables of lib/server/env.ts.
import path from 'node:path';
import { readCommandLine, runScript } from './command-line/run-script.ts';
import { readListenSettings } from './instance/read-listen-settings.ts';
import { root } from './instance/runtime.ts';
import { type Instance, startInstance } from './instance/start-instance.ts';

const USAGE = `npm start            the whole platform on this machine, built for use
npm run dev          the same with pages that are compiled as they are asked for

  Settings are variables, as in PORT=4000 npm start: PORT, HOST, DATA_DIR, and those of README.md for operators.`;

const log = (line: string) => console.log(line);
let instance: Instance | undefined;
let stopping = false;

async function stop(code: number): Promise<never> {
  if (stopping) process.exit(code || 130); // asked twice: at once; no child outlives this process anyway
  stopping = true;
  log('Stopping …');
  await instance?.stop();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
// A signal to npm ends npm and its shell, and would leave this process behind without anybody to stop it.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && !stopping && void stop(0), 1000).unref();

await runScript(
  USAGE,
  async () => {
    instance = await startInstance({
      dataFolder: path.resolve(root, process.env.DATA_DIR || 'data'),
      mode: readMode(),
      settings: process.env,
      ...readListenSettings(process.env),
      durable: true,
      graceMarginSeconds: 0,
      pollSeconds: 1,
      log,
    });
    printWelcome(instance);
  },
  () => void stop(1),
);

/** A setting that is given as an option, such as --port, must not be passed over in silence. */
function readMode(): 'dev' | 'start' {
  const { values } = readCommandLine({ options: { dev: { type: 'boolean', default: false } } });
  return values.dev ? 'dev' : 'start';
}

function printWelcome({ url, issuerLink, notes, trustees }: Instance): void {
  const lines = [
    '',
    `Round Robin runs at      ${url}`,
    `Sign in as an issuer     ${issuerLink}`,
    '                         (works once, within a day; npm run issuer-link prints another)',
  ];
  for (const note of notes) lines.push('', note);
  if (trustees.length > 0) {
    lines.push(
      '',
      `FOR TRIAL ONLY: all ${trustees.length} trustees run on this machine, so whoever controls it can open every seal.`,
      'The proving keys are development keys, so whoever made them can forge signatures.',
      'README.md says how to run it in earnest.',
    );
  }
  lines.push('', 'Stop with Ctrl-C. Everything is kept for the next start.', '');
  log(lines.join('\n'));
}
