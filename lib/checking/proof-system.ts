import { type FetchFile, loadVerificationKey } from '../proof/artifacts.ts';
import { findKey, type Manifest } from '../proof/manifest.ts';
import { parseProof } from '../proof/proof.ts';
import type { VerificationKey } from '../proof/verification-key.ts';
import { type ProofToVerify, verifyProofs } from '../proof/verify.ts';
import type { Random } from '../protocol/random.ts';
import type { ProofSystem } from '../protocol/record-report.ts';

/**
 * The Groth16 verifier of a record, with the keys that came with this program and no other: a record that brought its own key
 * could have been forged by whoever made it (T37). Key files are fetched when first needed and hash-checked.
 * @throws Error from `findBadProofs` when a listed key's file is missing or was altered
 */
export function createProofSystem(manifest: Manifest, fetchFile: FetchFile, random: Random): ProofSystem {
  const keys = new Map<string, Promise<VerificationKey>>();
  const load = async (hash: string) => {
    const key = await loadVerificationKey(manifest, hash, fetchFile);
    if (!key.ok) throw new Error(`The verification key that came with this program cannot be used (${key.code}).`);
    return key.value;
  };
  return {
    isListed: (verificationKey, setup) => findKey(manifest, verificationKey)?.transcript === setup,
    findBadProofs: async (verificationKey, batch) => {
      const loading = keys.get(verificationKey) ?? load(verificationKey);
      keys.set(verificationKey, loading);
      const parsed = batch.map(({ proof }) => parseProof(proof));
      const bad = parsed.flatMap((proof, i) => (proof.ok ? [] : [i]));
      const places = parsed.flatMap((proof, i) => (proof.ok ? [i] : []));
      const items = places.map((i): ProofToVerify => {
        const proof = parsed[i] as Extract<(typeof parsed)[number], { ok: true }>;
        return { proof: proof.value, publicSignals: batch[i]?.publicSignals ?? [] };
      });
      const wrong = await verifyProofs(await loading, items, { random });
      return [...bad, ...wrong.map((i) => places[i] as number)].sort((a, b) => a - b);
    },
  };
}
