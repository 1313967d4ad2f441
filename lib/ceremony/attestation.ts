import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { isSignedBy, publicKeyOf, type Signed, signMessage } from '#lib/protocol/messages/ed25519.ts';
import { checkShape, hex32, hex64, unixTime } from '#lib/protocol/messages/shape.ts';
import { formatBeaconTime } from './beacon.ts';

/** What may stand as a contributor's name: it goes into the key itself, which has room for 64 characters. */
export const contributorName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'expected no control characters')
  .refine((name) => name.trim() === name, 'expected no space at the ends');

const members = {
  type: z.literal('attestation'),
  /** Hash of the ceremony's description. */
  ceremony: hex32,
  /** Place of the contribution, from 1. */
  position: z.int().min(1).max(9999),
  name: contributorName,
  /** SHA-256 of the key that the contributor received and verified, and of the one that it made. */
  received: hex32,
  made: hex32,
  /** BLAKE2b-512 of the contribution's public part, as every tool of this kind shows it. */
  contribution: hex64,
  time: unixTime,
  /** The contributor's Ed25519 key. */
  key: hex32,
};
const attestationShape = z.strictObject({ ...members, signature: hex64 });

/** A contributor's signed word on what it received, made and contributed. */
export type Attestation = z.infer<typeof attestationShape>;

/** Reads a contributor's signing key, a seed of 32 bytes, from the text of its file; null when it holds something else. */
export function parseContributorKey(text: string): Uint8Array | null {
  const hex = text.trim();
  return /^[0-9a-f]{64}$/.test(hex) ? hexToBytes(hex) : null;
}

export function formatContributorKey(seed: Uint8Array): string {
  return `${bytesToHex(seed)}\n`;
}

/** Signs an attestation with the contributor's own key, a 32-byte seed that stays with the contributor. */
export function signAttestation(statement: Omit<Attestation, 'type' | 'key' | 'signature'>, seed: Uint8Array): Signed<Attestation> {
  return signMessage('attestation', { type: 'attestation' as const, ...statement, key: publicKeyOf(seed) }, seed) as Signed<Attestation>;
}

/** Reads an attestation and checks that its signature is by the key inside it. Whose key that is, its owner must publish. */
export function parseAttestation(input: unknown): Checked<Attestation, 'BAD_SHAPE' | 'ATTESTATION_SIGNATURE'> {
  const shaped = checkShape(attestationShape, input);
  if (!shaped.ok) return shaped;
  return isSignedBy('attestation', shaped.value, shaped.value.key) ? shaped : { ok: false, code: 'ATTESTATION_SIGNATURE' };
}

/** The attestation as text to publish anywhere: on a page, in a letter, read out aloud. */
export function formatAttestation(attestation: Attestation): string {
  const hash = attestation.contribution
    .replace(/.{8}/g, '$& ')
    .trim()
    .replace(/(.{35}) /g, '$1\n  ');
  return `I, ${attestation.name}, made contribution ${attestation.position} to the setup ceremony
  ${attestation.ceremony}
on ${formatBeaconTime(attestation.time)}. The hash of my contribution is
  ${hash}
I verified the key that I received (SHA-256 ${attestation.received})
and handed on the key that I made (SHA-256 ${attestation.made}).
I erased my randomness as far as the program allows and keep no copy of it.
My Ed25519 key: ${attestation.key}
Signature of the machine-readable form: ${attestation.signature}
`;
}
