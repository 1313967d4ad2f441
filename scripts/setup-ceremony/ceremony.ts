import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BeaconPlan, planQuicknet } from '#lib/ceremony/beacon.ts';
import { readIfThere } from '#lib/ceremony/disk.ts';
import { CEREMONY_FILES } from '#lib/ceremony/transcript.ts';
import { beaconFromDrand, closeCeremony } from './close.ts';
import { PROJECT_ROOT, SIGN_CIRCUIT, sha256Hex } from './compile-circuit.ts';
import { contribute } from './contribute.ts';
import { finalizeCeremony } from './finalize.ts';
import { CeremonyError } from './folder.ts';
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

const DEFAULT_ARTIFACTS = join(PROJECT_ROOT, 'circuits', 'artifacts');
const now = () => Math.floor(Date.now() / 1000);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ ptau: { type: 'string' }, new: { type: 'boolean' }, power: { type: 'string', default: '13' } },
    ...{ title: { type: 'string' }, setup: { type: 'string', default: 'ceremony' }, circuit: { type: 'string', default: SIGN_CIRCUIT } },
    ...{
      'drand-time': { type: 'string' },
      'beacon-source': { type: 'string' },
      'beacon-time': { type: 'string' },
      'beacon-known': { type: 'string' },
    },
    ...{ name: { type: 'string' }, text: { type: 'string' }, identity: { type: 'string', default: 'contributor.key' } },
    ...{ drand: { type: 'string' }, value: { type: 'string' }, contributions: { type: 'string', default: '3' } },
    ...{ artifacts: { type: 'string', default: DEFAULT_ARTIFACTS }, 'no-artifacts': { type: 'boolean' }, help: { type: 'boolean' } },
  },
} as const);

const [command, folder] = positionals;

const commands: Record<string, (folder: string) => Promise<unknown>> = {
  phase1: (folder) =>
    values.new ? makePowersOfTau(folder, Number(values.power), sayToPerson) : takePerpetual(folder, required('ptau'), sayToPerson),
  prepare: (folder) =>
    prepareCeremony(
      folder,
      { title: required('title'), setup: readSetup(), circuit: values.circuit, beacon: readBeaconPlan(), now: now() },
      sayToPerson,
    ),
  contribute: async (folder) =>
    contribute(folder, { name: required('name'), typed: values.text ?? (await askForText()), identity: values.identity, now }, sayToPerson),
  beacon: (folder) =>
    closeCeremony(folder, values.drand ? beaconFromDrand(values.drand) : { value: required('value') }, now(), sayToPerson),
  finalize: (folder) => finalizeCeremony(folder, values.artifacts, now(), sayToPerson),
  verify: async (place) => {
    const sound = await verifyPublished(place, values['no-artifacts'] ? null : values.artifacts, sayToPerson);
    if (!sound) process.exitCode = 1;
  },
  dev: runDevelopmentCeremony,
};

/** The whole ceremony on one machine, each contribution by a process of its own. Marked `dev`: its maker could forge. */
async function runDevelopmentCeremony(folder: string): Promise<void> {
  const known = sha256Hex(new TextEncoder().encode('round robin development setup'));
  const keys = join(folder, 'identities');
  await startAfresh(folder);
  await mkdir(keys, { recursive: true });
  if (!(await readIfThere(join(folder, CEREMONY_FILES.powersOfTau)))) await runSelf(['phase1', folder, '--new', '--power', values.power]);
  const title = `Development setup of ${values.circuit}, made on one machine`;
  await runSelf(['prepare', folder, '--title', title, '--setup', 'dev', '--circuit', values.circuit, '--beacon-known', known]);
  for (let i = 1; i <= Number(values.contributions); i++) {
    await runSelf(['contribute', folder, '--name', `process ${i} of one machine`, '--text', '', '--identity', join(keys, `${i}.key`)]);
  }
  await runSelf(['beacon', folder, '--value', known]);
  await runSelf(['finalize', folder, '--artifacts', values.artifacts]);
  for (const leftover of ['identities', 'phase1', 'keys']) await rm(join(folder, leftover), { recursive: true, force: true });
  await runSelf(['verify', folder, '--artifacts', values.artifacts]);
}

/** Clears a folder of an earlier development setup, all but its powers of tau. A real ceremony is never cleared. */
async function startAfresh(folder: string): Promise<void> {
  const description = await readIfThere(join(folder, CEREMONY_FILES.description));
  if (!description) return;
  if ((JSON.parse(new TextDecoder().decode(description)) as { setup?: string }).setup !== 'dev') {
    throw new CeremonyError(`${folder} holds a real ceremony: take another folder for a development setup`);
  }
  const { powersOfTau: _, ...old } = CEREMONY_FILES;
  for (const path of [...Object.values(old), 'attestations', 'keys', 'identities'])
    await rm(join(folder, path), { recursive: true, force: true });
}

function runSelf(args: readonly string[]): Promise<void> {
  console.log(`\n$ ceremony ${args.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new CeremonyError(`"${args[0]}" failed`))));
  });
}

function readSetup(): 'ceremony' | 'dev' {
  if (values.setup === 'ceremony' || values.setup === 'dev') return values.setup;
  throw new CeremonyError('--setup: expected "ceremony" or "dev"');
}

function readBeaconPlan(): BeaconPlan {
  if (values['drand-time']) return planQuicknet(readTime('drand-time'));
  if (values['beacon-known']) return { kind: 'known', value: values['beacon-known'], iterations: 10 };
  return { kind: 'public', source: required('beacon-source'), time: readTime('beacon-time'), iterations: 10 };
}

function readTime(option: 'drand-time' | 'beacon-time'): number {
  const time = Date.parse(required(option));
  if (Number.isNaN(time)) throw new CeremonyError(`--${option}: expected a moment such as 2027-03-01T12:00:00Z`);
  return Math.floor(time / 1000);
}

function required(option: 'ptau' | 'title' | 'name' | 'value' | 'beacon-source' | 'drand-time' | 'beacon-time'): string {
  const value = values[option];
  if (value === undefined || value === '') throw new CeremonyError(`--${option} is missing\n\n${USAGE}`);
  return value;
}

async function askForText(): Promise<string> {
  if (!process.stdin.isTTY) return '';
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await prompt.question('Type anything at random, then Enter. It is mixed with the system’s randomness and may be empty:\n');
  prompt.close();
  return typed;
}

if (values.help || command === undefined || commands[command] === undefined || folder === undefined) {
  console.error(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    await commands[command](folder);
  } catch (error) {
    if (!(error instanceof CeremonyError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
