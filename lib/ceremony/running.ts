import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { FetchFile } from '#lib/proof/artifacts.ts';
import { parseProvingKey } from '#lib/proof/proving-key-file.ts';
import { loadSnarkjs } from '#lib/proof/snarkjs.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { type Attestation, signAttestation } from './attestation.ts';
import { type ChainContribution, isSound, verifyChain } from './chain.ts';
import { hashContribution } from './contribution-check.ts';
import { type CeremonyDescription, hashDescription } from './description.ts';
import { broken, type Link, sound } from './link.ts';
import { judgeSetup } from './policy.ts';
import { contributeToKey } from './setup-steps.ts';
import { checkAttestations } from './verify-ceremony.ts';

// What commands, browser and coordinator do alike with the newest key of a ceremony that runs.

/** The newest key of a running ceremony, after everything about it was checked. */
export interface RunningCeremony {
  readonly description: CeremonyDescription;
  readonly key: Uint8Array;
  readonly contributions: readonly ChainContribution[];
}

export interface RunningFiles {
  readonly key: Uint8Array;
  readonly r1cs: Uint8Array;
  readonly powersOfTau: Uint8Array;
  /** Reads the attestations by their paths in the ceremony's folder. */
  readonly ceremony: FetchFile;
}

/**
 * Checks the newest key of a ceremony before somebody builds on it: that it can become what it is called, the chain from constraints and powers of tau up, every
 * attestation, and that key and last attestation belong together. That the description is the published one, and that the
 * constraints come from the sources, is for the caller.
 *
 * @param position how many contributions the key must have
 * @returns KEY_BROKEN with the first link that does not hold, in words
 */
export async function checkRunningKey(
  files: RunningFiles,
  description: CeremonyDescription,
  position: number,
  onLink: (link: Link) => void = () => {},
): Promise<Checked<RunningCeremony, 'KEY_BROKEN'>> {
  const links: Link[] = [];
  const add = (link: Link) => {
    links.push(link);
    onLink(link);
  };
  add(judgeSetup(description, null));
  const { contributions } = await verifyChain(files, description, add);
  const attestations = await checkAttestations(files.ceremony, description, contributions, add);
  if (isSound(links)) add(checkBelonging(files.key, attestations ?? [], contributions, position));
  const problem = links.find((link) => link.state !== 'ok');
  return problem ? refuse('KEY_BROKEN', `${problem.link}: ${problem.detail}`) : accept({ description, key: files.key, contributions });
}

function checkBelonging(
  key: Uint8Array,
  attestations: readonly Attestation[],
  contributions: readonly ChainContribution[],
  position: number,
): Link {
  const link = 'newest key';
  if (contributions.length !== position) return broken(link, `it has ${contributions.length} contributions instead of ${position}`);
  const last = attestations.at(-1);
  // After the beacon, which nobody attests, the key is no longer the one that the last person made.
  if (last && !contributions.at(-1)?.beacon && last.made !== bytesToHex(sha256(key)))
    return broken(link, `attestation ${attestations.length} is for another file: this is not the key that ${last.name} made`);
  return sound(link, `${position} contributions`);
}

export interface OwnPart {
  readonly name: string;
  /** What the person typed or moved, as text; mixed with the system's randomness. */
  readonly typed: string;
  /** The person's Ed25519 seed. */
  readonly seed: Uint8Array;
  /** Seconds since 1970. */
  readonly now: number;
}

/** Adds a contribution to a key that was checked, and signs an attestation of it. The secret is forgotten on return. */
export async function makeContribution(
  running: RunningCeremony,
  { name, typed, seed, now }: OwnPart,
): Promise<{ key: Uint8Array; attestation: Attestation }> {
  const key = await contributeToKey(running.key, name, typed);
  const parsed = parseProvingKey(key);
  const last = parsed.ok ? parsed.value.contributions.at(-1) : undefined;
  if (!last) throw new Error('the library made no contribution');
  const attestation = signAttestation(
    {
      ceremony: hashDescription(running.description),
      position: running.contributions.length + 1,
      name,
      received: bytesToHex(sha256(running.key)),
      made: bytesToHex(sha256(key)),
      contribution: hashContribution((await loadSnarkjs()).curve, last),
      time: now,
    },
    seed,
  );
  return { key, attestation };
}
