import { join } from 'node:path';
import { bytesToHex, hexToBytes, randomBytes } from '@noble/hashes/utils.js';
import { type Attestation, contributorName, formatAttestation, signAttestation } from '../../lib/ceremony/attestation.ts';
import { type ChainContribution, isSound, verifyChain } from '../../lib/ceremony/chain.ts';
import { hashContribution } from '../../lib/ceremony/contribution-check.ts';
import { type CeremonyDescription, hashDescription } from '../../lib/ceremony/description.ts';
import type { Link } from '../../lib/ceremony/link.ts';
import { parseProvingKey } from '../../lib/ceremony/proving-key-file.ts';
import { contributeToKey } from '../../lib/ceremony/setup-steps.ts';
import { attestationPath, CEREMONY_FILES, runningKeyPath } from '../../lib/ceremony/transcript.ts';
import { checkAttestations, checkCompilation, readDescription } from '../../lib/ceremony/verify-ceremony.ts';
import { loadSnarkjs } from '../../lib/proof/snarkjs.ts';
import { compileCircuit, sha256Hex } from './compile-circuit.ts';
import { CeremonyError, findNewestKey, readFrom, readIfThere, writeJson, writeWhole } from './folder.ts';
import { expectedCost, formatLink, Progress, type Say } from './report.ts';

export interface Contributor {
  readonly name: string;
  /** Text typed by the person; may be empty. */
  readonly typed: string;
  /** File with the person's Ed25519 seed, made when it is not there. */
  readonly identity: string;
  /** Seconds since 1970. */
  readonly now: number;
}

/** The newest key of a running ceremony, after everything about it was checked. */
export interface RunningCeremony {
  readonly description: CeremonyDescription;
  readonly key: Uint8Array;
  readonly contributions: readonly ChainContribution[];
}

/**
 * Adds a contribution to the newest key in the folder, after verifying that key and everything before it. The new key is
 * written last and in one piece: interrupted at any moment, the folder stays as it was.
 */
export async function contribute(folder: string, contributor: Contributor, say: Say): Promise<Attestation> {
  const name = contributorName.safeParse(contributor.name);
  if (!name.success) throw new CeremonyError(`--name: ${name.error.issues[0]?.message}`);
  const cost = expectedCost(await constraintsOf(folder));
  say(`This takes about ${Math.ceil(cost.deriveSeconds + cost.contributeSeconds + 15)} s and ${cost.megabytes} MB of memory.`);
  const progress = new Progress(say, [
    ['verifying the key that you received, from the circuit up', cost.deriveSeconds + 15],
    ['contributing', cost.contributeSeconds],
  ]);
  const running = await progress.run(() => verifyRunning(folder, say));
  if (running.contributions.some((one) => one.beacon)) throw new CeremonyError('the beacon was applied already: this ceremony is closed');

  const position = running.contributions.length + 1;
  const made = await progress.run(() => contributeToKey(running.key, name.data, contributor.typed));
  const seed = await openIdentity(contributor.identity, say);
  const attestation = signAttestation(
    {
      ceremony: hashDescription(running.description),
      position,
      name: name.data,
      received: sha256Hex(running.key),
      made: sha256Hex(made),
      contribution: await hashOfLast(made),
      time: contributor.now,
    },
    seed,
  );
  const path = join(folder, attestationPath(position));
  const text = formatAttestation(attestation);
  await writeJson(path, attestation);
  await writeWhole(path.replace(/json$/, 'txt'), text);
  await writeWhole(join(folder, runningKeyPath(position)), made);
  say(`\n${text}`);
  say(`Publish that text where people know you, and hand on ${runningKeyPath(position)} with ${attestationPath(position)}.`);
  say('The secret of your contribution was held in memory only and is given up as this program ends. JavaScript cannot');
  say('guarantee that no copy stayed behind: switch the machine off, or restart it, if you want to be more certain.');
  return attestation;
}

/** Verifies the newest key of a ceremony: compilation, chain and attestations. @throws CeremonyError naming what is broken */
export async function verifyRunning(folder: string, say: Say): Promise<RunningCeremony> {
  const ceremony = readFrom(folder);
  const description = await readDescription(ceremony);
  if (typeof description === 'string') throw new CeremonyError(`${CEREMONY_FILES.description}: ${description}`);
  const newest = await findNewestKey(folder);
  const key = newest === null ? null : await readIfThere(join(folder, runningKeyPath(newest)));
  const powersOfTau = await readIfThere(join(folder, CEREMONY_FILES.powersOfTau));
  if (newest === null || !key || !powersOfTau) throw new CeremonyError(`${folder} has no key or no powers of tau`);

  const links: Link[] = [];
  const add = (link: Link) => {
    links.push(link);
    say(`      ${formatLink(link)}`);
  };
  const compiled = await compileCircuit(description.circuit.path);
  add(checkCompilation(description, compiled));
  const chain = await verifyChain({ key, powersOfTau, r1cs: compiled.r1cs }, description, add);
  const attestations = await checkAttestations(ceremony, description, chain.contributions, add);
  if (!isSound([...links, ...chain.links]) || !attestations) {
    const problem = links.find((link) => link.state === 'broken');
    throw new CeremonyError(`this key must not be contributed to: ${problem ? formatLink(problem) : 'a link is broken'}`);
  }
  const last = attestations.at(-1);
  const closed = chain.contributions.at(-1)?.beacon;
  if (last && !closed && last.made !== sha256Hex(key)) {
    throw new CeremonyError(`attestation ${attestations.length}: the key in the folder is not the one that ${last.name} made`);
  }
  if (chain.contributions.length !== newest)
    throw new CeremonyError(`${runningKeyPath(newest)} has ${chain.contributions.length} contributions`);
  return { description, key, contributions: chain.contributions };
}

async function constraintsOf(folder: string): Promise<number> {
  const description = await readDescription(readFrom(folder));
  return typeof description === 'string' ? 8090 : description.circuit.constraints;
}

async function hashOfLast(key: Uint8Array): Promise<string> {
  const parsed = parseProvingKey(key);
  const last = parsed.ok ? parsed.value.contributions.at(-1) : undefined;
  if (!last) throw new CeremonyError('the library made no contribution');
  return hashContribution((await loadSnarkjs()).curve, last);
}

async function openIdentity(path: string, say: Say): Promise<Uint8Array> {
  const kept = await readIfThere(path);
  if (kept) {
    const text = new TextDecoder().decode(kept).trim();
    if (!/^[0-9a-f]{64}$/.test(text)) throw new CeremonyError(`${path} does not hold a key of this tool`);
    return hexToBytes(text);
  }
  const seed = randomBytes(32);
  await writeWhole(path, `${bytesToHex(seed)}\n`, 0o600);
  say(`Your new signing key is in ${path}. Keep it: it shows that this contribution is yours.`);
  return seed;
}
