import type { Field } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { parseProof } from './proof.ts';
import type { VerificationKey } from './verification-key.ts';
import { type ProofToVerify, verifyProofs } from './verify.ts';

/** The positions of the proofs that are malformed or do not hold, ascending. `random` as for `verifyProofs`. */
export async function findBadProofs(
  key: VerificationKey,
  batch: readonly { proof: unknown; publicSignals: readonly Field[] }[],
  random: Random,
): Promise<number[]> {
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
