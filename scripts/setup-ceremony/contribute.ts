import { join } from 'node:path';
import { randomBytes } from '@noble/hashes/utils.js';
import {
  type Attestation,
  contributorName,
  formatAttestation,
  formatContributorKey,
  parseContributorKey,
} from '#lib/ceremony/attestation.ts';
import { describeBeaconPlan, isBeaconDue } from '#lib/ceremony/beacon.ts';
import type { CeremonyDescription } from '#lib/ceremony/description.ts';
import { findNewestKey, readIfThere, writeJson, writeWhole } from '#lib/ceremony/disk.ts';
import type { Link } from '#lib/ceremony/link.ts';
import { checkRunningKey, makeContribution, type RunningCeremony } from '#lib/ceremony/running.ts';
import { attestationPath, CEREMONY_FILES, runningKeyPath } from '#lib/ceremony/transcript.ts';
import { checkCompilation, readDescription } from '#lib/ceremony/verify-ceremony.ts';
import { compileCircuit } from './compile-circuit.ts';
import { readFrom } from './folder.ts';
import { expectedCost, formatLink, ProgressReport, type Say } from './report.ts';

export interface Contributor {
  readonly name: string;
  /** Text typed by the person; may be empty. */
  readonly typed: string;
  /** File with the person's Ed25519 seed, made when it is not there. */
  readonly identity: string;
  /** Tells the time in seconds since 1970. */
  readonly now: () => number;
}

/**
 * Adds a contribution to the newest key in the folder, after verifying that key and everything before it. The new key is
 * written last and in one piece: interrupted at any moment, the folder stays as it was.
 */
export async function contribute(folder: string, contributor: Contributor, say: Say): Promise<Attestation> {
  const name = contributorName.safeParse(contributor.name);
  if (!name.success) throw new Error(`--name: ${name.error.issues[0]?.message}`);
  const description = await readDescription(readFrom(folder));
  if (typeof description === 'string') throw new Error(`${CEREMONY_FILES.description}: ${description}`);
  const requireOpen = () => requireBefore(description, contributor.now());
  requireOpen();
  const cost = expectedCost(description.circuit.constraints);
  say(`This takes about ${Math.ceil(cost.deriveSeconds + cost.contributeSeconds + 15)} s and ${cost.megabytes} MB of memory.`);
  const progress = new ProgressReport(say, [
    ['verifying the key that you received, from the circuit up', cost.deriveSeconds + 15],
    ['contributing', cost.contributeSeconds],
  ]);
  const running = await progress.run(() => verifyRunning(folder, say));
  if (running.contributions.some((one) => one.beacon)) throw new Error('the beacon was applied already: this ceremony is closed');

  const position = running.contributions.length + 1;
  const time = requireOpen(); // verifying took its time
  const seed = await openIdentity(contributor.identity, say);
  const { typed } = contributor;
  const { key, attestation } = await progress.run(() => makeContribution(running, { name: name.data, typed, seed, now: time }));
  const path = join(folder, attestationPath(position));
  const text = formatAttestation(attestation);
  await writeJson(path, attestation);
  await writeWhole(path.replace(/json$/, 'txt'), text);
  await writeWhole(join(folder, runningKeyPath(position)), key);
  say(`\n${text}`);
  say(`Publish that text where people know you, and hand on ${runningKeyPath(position)} with ${attestationPath(position)}.`);
  say('The secret of your contribution was held in memory only and is given up as this program ends. JavaScript cannot');
  say('guarantee that no copy stayed behind: switch the machine off, or restart it, if you want to be more certain.');
  return attestation;
}

/** Verifies the newest key of a ceremony: compilation, chain and attestations. @throws Error naming what is broken */
export async function verifyRunning(folder: string, say: Say): Promise<RunningCeremony> {
  const ceremony = readFrom(folder);
  const description = await readDescription(ceremony);
  if (typeof description === 'string') throw new Error(`${CEREMONY_FILES.description}: ${description}`);
  const newest = await findNewestKey(folder);
  const key = newest === null ? null : await readIfThere(join(folder, runningKeyPath(newest)));
  const powersOfTau = await readIfThere(join(folder, CEREMONY_FILES.powersOfTau));
  if (newest === null || !key || !powersOfTau) throw new Error(`${folder} has no key or no powers of tau`);

  const showLink = (link: Link) => say(`      ${formatLink(link)}`);
  const compiled = await compileCircuit(description.circuit.path);
  const compilation = checkCompilation(description, compiled);
  showLink(compilation);
  if (compilation.state !== 'ok') throw new Error(`this key must not be contributed to: ${formatLink(compilation)}`);
  const checked = await checkRunningKey({ key, powersOfTau, r1cs: compiled.r1cs, ceremony }, description, newest, showLink);
  if (!checked.ok) throw new Error(`this key must not be contributed to: ${checked.detail}`);
  return checked.value;
}

/** @returns the time. @throws Error once the beacon can be known: who contributes after that could choose by it */
function requireBefore({ beacon }: CeremonyDescription, time: number): number {
  if (!isBeaconDue(beacon, time)) return time;
  throw new Error(`the moment of the beacon has come (${describeBeaconPlan(beacon)}): this ceremony takes no more contributions`);
}

async function openIdentity(path: string, say: Say): Promise<Uint8Array> {
  const kept = await readIfThere(path);
  if (kept) {
    const seed = parseContributorKey(new TextDecoder().decode(kept));
    if (!seed) throw new Error(`${path} does not hold a key of this tool`);
    return seed;
  }
  const seed = randomBytes(32);
  await writeWhole(path, formatContributorKey(seed), 0o600);
  say(`Your new signing key is in ${path}. Keep it: it shows that this contribution is yours.`);
  return seed;
}
