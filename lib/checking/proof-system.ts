import type { FetchFile } from '#lib/proof/artifacts.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import { parseProof } from '#lib/proof/proof.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import { type ProofToVerify, verifyProofs } from '#lib/proof/verify.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { ProofSystem, ProofToCheck } from '#lib/protocol/record/report.ts';
import { keysOfManifest } from './accepted-keys.ts';

/** The Groth16 verifier of a record in this thread, with the keys that came with this program and no other. */
export function createProofSystem(manifest: Manifest, fetchFile: FetchFile, random: Random): ProofSystem {
  const keys = keysOfManifest(manifest, fetchFile);
  return {
    isListed: keys.isListed,
    findBadProofs: async (hash, batch) => findBadProofs(await keys.load(hash), batch, random),
  };
}

/** The positions of the proofs that are malformed or do not hold, ascending. */
export async function findBadProofs(key: VerificationKey, batch: readonly ProofToCheck[], random: Random): Promise<number[]> {
  const parsed = batch.map(({ proof }) => parseProof(proof));
  const bad = parsed.flatMap((proof, i) => (proof.ok ? [] : [i]));
  const places = parsed.flatMap((proof, i) => (proof.ok ? [i] : []));
  const items = places.map((i): ProofToVerify => {
    const proof = parsed[i] as Extract<(typeof parsed)[number], { ok: true }>;
    return { proof: proof.value, publicSignals: batch[i]?.publicSignals ?? [] };
  });
  const wrong = await verifyProofs(key, items, { random });
  return [...bad, ...wrong.map((i) => places[i] as number)].sort((a, b) => a - b);
}
