import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { type BeaconPlan, planQuicknet } from '#lib/ceremony/beacon.ts';
import { readIfThere } from '#lib/ceremony/disk.ts';
import { CEREMONY_FILES } from '#lib/ceremony/transcript.ts';
import { makeFolder } from '#lib/host/make-folder.ts';
import { parseJsonBytes } from '#lib/protocol/messages/json.ts';
import { callersPath } from '../command-line/callers-files.ts';
import { needCommand } from '../command-line/commands.ts';
import { readCommandLine, runScript, UsageError } from '../command-line/run-script.ts';
import { beaconFromDrand, closeCeremony } from './close.ts';
import { PROJECT_ROOT, SIGN_CIRCUIT, sha256Hex } from './compile-circuit.ts';
import { contribute } from './contribute.ts';
import { finalizeCeremony } from './finalize.ts';
import { makePowersOfTau, takePerpetual } from './phase1.ts';
import { prepareCeremony } from './prepare.ts';
import { sayToPerson } from './report.ts';
import { verifyPublished } from './verify.ts';

const USAGE = `npm run ceremony -- COMMAND FOLDER [options]      the runbook: scripts/setup-ceremony/README.md

  phase1 FOLDER --ptau FILE              take a public powers-of-tau file, checked against its published hash
  phase1 FOLDER --new [--power 13]       make one on this machine
  prepare FOLDER --title TEXT            pin circuit, powers of tau and beacon before anybody contributes
          --drand-time ISO | --beacon-source TEXT --beacon-time ISO | --beacon-known HEX (development)
          [--setup ceremony|dev] [--circuit PATH]
  contribute FOLDER --name NAME          verify the newest key and add a contribution
          [--text TEXT] [--identity FILE]
  beacon FOLDER --drand SIGNATURE | --value HEX
  finalize FOLDER [--artifacts FOLDER]   final key, transcript, manifest
  verify FOLDER|URL [--artifacts FOLDER|URL] [--no-artifacts]
  dev FOLDER [--contributions 3] [--artifacts FOLDER] [--circuit PATH] [--power 13]
                                         all of it on this machine, marked as such`;

/** Of powers of tau: what the perpetual ceremony has. */
const MOST_POWER = 28;
const MOST_CONTRIBUTIONS = 100;
const DEFAULT_ARTIFACTS = join(PROJECT_ROOT, 'circuits', 'artifacts');
const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const OPTIONS = {
  ...{ ptau: text, new: flag, power: { ...text, default: '13' } },
  ...{ title: text, setup: { ...text, default: 'ceremony' }, circuit: { ...text, default: SIGN_CIRCUIT } },
  ...{ 'drand-time': text, 'beacon-source': text, 'beacon-time': text, 'beacon-known': text },
  ...{ name: text, text, identity: { ...text, default: 'contributor.key' }, drand: text, value: text },
  ...{ contributions: { ...text, default: '3' }, artifacts: { ...text, default: DEFAULT_ARTIFACTS }, 'no-artifacts': flag },
};

type Values = ReturnType<typeof readCommandLine<{ allowPositionals: true; options: typeof OPTIONS }>>['values'];

const now = () => Math.floor(Date.now() / 1000);

type Command = (folder: string, values: Values) => Promise<unknown>;

const COMMANDS = new Map<string, Command>([
  ['phase1', beginPowersOfTau],
  ['prepare', prepare],
  ['contribute', addContribution],
  ['beacon', close],
  ['finalize', (folder, { artifacts }) => finalizeCeremony(folder, callersPath(artifacts), now(), sayToPerson)],
  ['verify', verify],
  ['dev', runDevelopmentCeremony],
]);

await runScript(USAGE, async () => {
  const { run, place, values } = readCommand();
  await run(place, values);
});

function readCommand(): { run: Command; place: string; values: Values } {
  const { values, positionals } = readCommandLine({ allowPositionals: true, options: OPTIONS });
  const [command, place, ...more] = positionals;
  const run = needCommand(COMMANDS, command);
  if (!place || more.length > 0) throw new UsageError(`"${command}" needs one folder.`);
  return { run, place: placeOf(place), values };
}

/** An address, or the folder that the caller means. */
function placeOf(place: string): string {
  return /^https?:\/\//.test(place) ? place : callersPath(place);
}

async function beginPowersOfTau(folder: string, values: Values): Promise<void> {
  makeFolder(folder);
  if (!values.new) return takePerpetual(folder, callersPath(required(values, 'ptau')), sayToPerson);
  return makePowersOfTau(folder, readNumber(values, 'power', MOST_POWER), sayToPerson);
}

function prepare(folder: string, values: Values): Promise<unknown> {
  const [title, setup, beacon] = [required(values, 'title'), readSetup(values), readBeaconPlan(values)];
  return prepareCeremony(folder, { title, setup, circuit: values.circuit, beacon, now: now() }, sayToPerson);
}

async function addContribution(folder: string, values: Values): Promise<void> {
  const name = required(values, 'name');
  const typed = values.text ?? (await askForText());
  await contribute(folder, { name, typed, identity: callersPath(values.identity), now }, sayToPerson);
}

function close(folder: string, values: Values): Promise<void> {
  const beacon = values.drand ? beaconFromDrand(values.drand) : { value: required(values, 'value') };
  return closeCeremony(folder, beacon, now(), sayToPerson);
}

async function verify(place: string, values: Values): Promise<void> {
  const sound = await verifyPublished(place, values['no-artifacts'] ? null : placeOf(values.artifacts), sayToPerson);
  if (!sound) process.exitCode = 1;
}

/** The whole ceremony on one machine, each contribution by a process of its own. Marked `dev`: its maker could forge. */
async function runDevelopmentCeremony(folder: string, values: Values): Promise<void> {
  const contributions = readNumber(values, 'contributions', MOST_CONTRIBUTIONS);
  const known = sha256Hex(new TextEncoder().encode('round robin development setup'));
  const keys = join(folder, 'identities');
  const artifacts = callersPath(values.artifacts);
  await startAfresh(folder);
  makeFolder(keys);
  if (!(await readIfThere(join(folder, CEREMONY_FILES.powersOfTau)))) await runSelf(['phase1', folder, '--new', '--power', values.power]);
  const title = `Development setup of ${values.circuit}, made on one machine`;
  await runSelf(['prepare', folder, '--title', title, '--setup', 'dev', '--circuit', values.circuit, '--beacon-known', known]);
  for (let i = 1; i <= contributions; i++) {
    await runSelf(['contribute', folder, '--name', `process ${i} of one machine`, '--text', '', '--identity', join(keys, `${i}.key`)]);
  }
  await runSelf(['beacon', folder, '--value', known]);
  await runSelf(['finalize', folder, '--artifacts', artifacts]);
  for (const leftover of ['identities', 'phase1', 'keys']) await rm(join(folder, leftover), { recursive: true, force: true });
  await runSelf(['verify', folder, '--artifacts', artifacts]);
}

/** Clears a folder of an earlier development setup, all but its powers of tau. A real ceremony is never cleared. */
async function startAfresh(folder: string): Promise<void> {
  const description = await readIfThere(join(folder, CEREMONY_FILES.description));
  if (!description) return;
  const read = parseJsonBytes(description);
  if (!read.ok || (read.value as { setup?: unknown } | null)?.setup !== 'dev')
    throw new Error(`${folder} holds a real ceremony, or a description that cannot be read: take another folder for a development setup`);
  const { powersOfTau: _, ...old } = CEREMONY_FILES;
  for (const path of [...Object.values(old), 'attestations', 'keys', 'identities'])
    await rm(join(folder, path), { recursive: true, force: true });
}

function runSelf(args: readonly string[]): Promise<void> {
  console.log(`\n$ ceremony ${args.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`"${args[0]}" failed`))));
  });
}

function readSetup({ setup }: Values): 'ceremony' | 'dev' {
  if (setup === 'ceremony' || setup === 'dev') return setup;
  throw new UsageError('--setup: expected "ceremony" or "dev"');
}

function readBeaconPlan(values: Values): BeaconPlan {
  if (values['drand-time']) return planQuicknet(readTime(values, 'drand-time'));
  if (values['beacon-known']) return { kind: 'known', value: values['beacon-known'], iterations: 10 };
  return { kind: 'public', source: required(values, 'beacon-source'), time: readTime(values, 'beacon-time'), iterations: 10 };
}

function readTime(values: Values, option: 'drand-time' | 'beacon-time'): number {
  const time = Date.parse(required(values, option));
  if (Number.isNaN(time)) throw new UsageError(`--${option}: expected a moment such as 2027-03-01T12:00:00Z`);
  return Math.floor(time / 1000);
}

function readNumber(values: Values, option: 'power' | 'contributions', most: number): number {
  const number = /^[1-9]\d{0,2}$/.test(values[option]) ? Number(values[option]) : 0;
  if (number < 1 || number > most) throw new UsageError(`--${option}: expected a whole number from 1 to ${most}`);
  return number;
}

function required(values: Values, option: 'ptau' | 'title' | 'name' | 'value' | 'beacon-source' | 'drand-time' | 'beacon-time'): string {
  const value = values[option];
  if (value === undefined || value === '') throw new UsageError(`--${option} is missing`);
  return value;
}

async function askForText(): Promise<string> {
  if (!process.stdin.isTTY) return '';
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await prompt.question('Type anything at random, then Enter. It is mixed with the system’s randomness and may be empty:\n');
  prompt.close();
  return typed;
}
