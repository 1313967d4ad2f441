import { z } from 'zod';
import { hashJson } from '#lib/proof/verification-key.ts';
import { hex32, hex64 } from '#lib/protocol/messages/shape.ts';
import { contributorName } from './attestation.ts';
import { beaconShape } from './beacon.ts';

// A finished ceremony is a folder of public files. Keys between the first and the last are not among them: the last contains
// the proof of every contribution.

/** Names of the files in a ceremony's folder. */
export const CEREMONY_FILES = {
  description: 'description.json',
  powersOfTau: 'powers-of-tau.ptau',
  beacon: 'beacon.json',
  transcript: 'transcript.json',
  key: 'final.zkey',
  verificationKey: 'verification-key.json',
} as const;

/** Name of the attestation of a contribution, from 1. The same name with `.txt` is its text for people. */
export function attestationPath(position: number): string {
  return `attestations/${position.toString().padStart(4, '0')}.json`;
}

/** Folder of what a ceremony needs only while it runs. */
export const RUNNING_KEYS = 'keys';

/** Name of the compiled constraints while a ceremony runs, for those who join without a compiler. Pinned by the description. */
export const RUNNING_CIRCUIT: string = `${RUNNING_KEYS}/circuit.r1cs`;

/** Name of the key after so many contributions, while a ceremony runs; 0 is the initial key. */
export function runningKeyPath(contributions: number): string {
  return `${RUNNING_KEYS}/${contributions.toString().padStart(4, '0')}.zkey`;
}

/** The summary of a finished ceremony. Statements name its hash, and so everything that it names. */
export const transcriptShape = z.strictObject({
  format: z.literal('round-robin-transcript/1'),
  /** Hash of the description. */
  ceremony: hex32,
  setup: z.enum(['dev', 'ceremony']),
  contributions: z.array(z.strictObject({ name: contributorName, hash: hex64, attestation: hex32 })).min(1),
  beacon: z.strictObject({ ...beaconShape.shape, hash: hex64 }),
  /** SHA-256 of the final key. */
  key: hex32,
  verificationKey: hex32,
});
export type Transcript = z.infer<typeof transcriptShape>;

/** The hash that manifest and statements name: SHA-256 of the transcript's canonical JSON, hex. */
export function hashTranscript(transcript: Transcript): string {
  return hashJson(transcript);
}
