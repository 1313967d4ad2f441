import { z } from 'zod';
import { hashJson } from '#lib/proof/verification-key.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { checkShape, hex32, hex64, positive, unixTime } from '#lib/protocol/messages/shape.ts';
import { beaconPlanShape } from './beacon.ts';

const text = z.string().min(1).max(200);

/** What a ceremony is about, fixed before anybody contributes. Every attestation names its hash. */
export const descriptionShape = z.strictObject({
  format: z.literal('round-robin-ceremony/1'),
  title: text,
  /** `dev`: all contributions on one machine. `ceremony`: by independent people. */
  setup: z.enum(['dev', 'ceremony']),
  circuit: z.strictObject({
    /** Path of the main file below the project's folder. */
    path: z.string().regex(/^[a-z0-9][a-z0-9/.-]*\.circom$/),
    /** Hash of the sources with all they include. */
    source: hex32,
    compiler: z.strictObject({ name: text, version: text, options: text, sha256: hex32 }),
    /** SHA-256 of the compiled constraints and of the compiled calculator. */
    r1cs: hex32,
    wasm: hex32,
    constraints: positive,
  }),
  powersOfTau: z.strictObject({
    /** `perpetual`: the public file of that power, known by its hash. `new`: made for this ceremony. */
    origin: z.enum(['perpetual', 'new']),
    power: z.int().min(2).max(28),
    sha256: hex32,
    blake2b: hex64,
  }),
  /** SHA-256 of the key before any contribution, which everybody can derive from the two above. */
  initialKey: hex32,
  beacon: beaconPlanShape,
  created: unixTime,
});
export type CeremonyDescription = z.infer<typeof descriptionShape>;

/** Reads a description from outside. @returns BAD_SHAPE with the place */
export function parseDescription(input: unknown): Checked<CeremonyDescription, 'BAD_SHAPE'> {
  return checkShape(descriptionShape, input);
}

/** The hash by which attestations and transcript name a ceremony: SHA-256 of the canonical JSON, hex. */
export function hashDescription(description: CeremonyDescription): string {
  return hashJson(description);
}
