import type { FetchFile } from '#lib/proof/artifacts.ts';
import { findBadProofs } from '#lib/proof/find-bad-proofs.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { ProofSystem } from '#lib/protocol/record/report.ts';
import { keysOfManifest } from './accepted-keys.ts';

/** The Groth16 verifier of a record in this thread, with the keys that came with this program and no other. */
export function createProofSystem(manifest: Manifest, fetchFile: FetchFile, random: Random): ProofSystem {
  const keys = keysOfManifest(manifest, fetchFile);
  return {
    isListed: keys.isListed,
    findBadProofs: async (hash, batch) => findBadProofs(await keys.load(hash), batch, random),
  };
}
