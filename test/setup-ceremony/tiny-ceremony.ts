import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BeaconPlan } from '#lib/ceremony/beacon.ts';
import type { Link } from '#lib/ceremony/link.ts';
import { CEREMONY_FILES } from '#lib/ceremony/transcript.ts';
import { verifyCeremony } from '#lib/ceremony/verify-ceremony.ts';
import { closeCeremony } from '#scripts/setup-ceremony/close.ts';
import { compileCircuit } from '#scripts/setup-ceremony/compile-circuit.ts';
import { contribute } from '#scripts/setup-ceremony/contribute.ts';
import { finalizeCeremony } from '#scripts/setup-ceremony/finalize.ts';
import { readFrom } from '#scripts/setup-ceremony/folder.ts';
import { makePowersOfTau } from '#scripts/setup-ceremony/phase1.ts';
import { prepareCeremony } from '#scripts/setup-ceremony/prepare.ts';

export const TINY = 'test/setup-ceremony/tiny.circom';
export const NOW = 1_800_000_000;
export const silent = () => {};
export const NAMES = ['Ada', 'Blaise Pascal', 'Çelebi', '岡潔'];
export const BEACON = 'b'.repeat(64);

/** A plan whose value anybody may call out after the moment. */
export const PUBLIC_BEACON: BeaconPlan = {
  kind: 'public',
  source: 'the lottery numbers of that evening',
  time: NOW + 3600,
  iterations: 10,
};

let folders: string[] = [];

export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ceremony-'));
  folders.push(folder);
  return folder;
}

export async function removeFolders(): Promise<void> {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  folders = [];
}

/** Powers of tau for the tiny circuit, in a new folder. */
export async function startTiny(): Promise<string> {
  const folder = await makeFolder();
  powersOfTau ??= makeTinyPowersOfTau();
  await writeFile(join(folder, CEREMONY_FILES.powersOfTau), await powersOfTau);
  return folder;
}

let powersOfTau: Promise<Uint8Array> | undefined;

async function makeTinyPowersOfTau(): Promise<Uint8Array> {
  const folder = await makeFolder();
  await makePowersOfTau(folder, 4, silent);
  return readFile(join(folder, CEREMONY_FILES.powersOfTau));
}

/** A ceremony for the tiny circuit, described and open for contributions. No public powers of tau are so small: it can only be called `dev`. */
export async function prepareTiny(beacon: BeaconPlan = PUBLIC_BEACON, setup: 'ceremony' | 'dev' = 'dev'): Promise<string> {
  const folder = await startTiny();
  await prepareCeremony(folder, { title: 'tiny', setup, circuit: TINY, beacon, now: NOW }, silent);
  return folder;
}

export function contributor(folder: string, name: string) {
  return { name, typed: 'keys hit at random', identity: join(folder, 'identities', `${name}.key`), now: () => NOW + 60 };
}

/** A finished ceremony of four people with its artifacts in `artifacts/` inside the folder. */
export async function runTiny(): Promise<string> {
  const folder = await prepareTiny();
  for (const name of NAMES) await contribute(folder, contributor(folder, name), silent);
  await closeCeremony(folder, { value: BEACON }, NOW + 3600, silent);
  await finalizeCeremony(folder, join(folder, 'artifacts'), NOW + 7200, silent);
  return folder;
}

export async function copyOf(folder: string): Promise<string> {
  const copy = await makeFolder();
  await cp(folder, copy, { recursive: true });
  return copy;
}

export async function verifyFolder(folder: string): Promise<Link[]> {
  return verifyCeremony({ ceremony: readFrom(folder), artifacts: readFrom(join(folder, 'artifacts')), compile: compileCircuit });
}

export async function changeBytes(folder: string, path: string, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  await writeFile(join(folder, path), change(new Uint8Array(await readFile(join(folder, path)))));
}

// biome-ignore lint/suspicious/noExplicitAny: tests change members of every kind of message
type Message = any;

export async function changeJson(folder: string, path: string, change: (value: Message) => Message): Promise<void> {
  const value = JSON.parse(await readFile(join(folder, path), 'utf8'));
  await writeFile(join(folder, path), JSON.stringify(change(value)));
}
