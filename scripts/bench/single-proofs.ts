import { randomBytes } from 'node:crypto';
import type { ParsedProof } from '#lib/proof/proof.ts';
import { verifyGroth16Single } from '#lib/proof/prover.ts';
import { SIGNAL_COUNT } from '#lib/proof/signals.ts';
import type { ProofToVerify } from '#lib/proof/verify.ts';
import { type Random, randomField } from '#lib/protocol/numbers/random.ts';
import { type BenchKey, makeBenchKey } from '../make-record/bench-key.ts';
import { medianOf, timeOf } from './measure.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const PROOFS = 8;
const ROUNDS = 5;

/** Proofs under the bench key for random signals. */
export function forgeProofs({ forge }: BenchKey, count: number): ProofToVerify[] {
  return Array.from({ length: count }, () => {
    const publicSignals = Array.from({ length: SIGNAL_COUNT }, () => randomField(random));
    return { publicSignals, proof: forge(publicSignals, random) };
  });
}

/** Checks proofs one after the other with the prover library. @throws Error when one is refused */
export async function checkSingly({ key }: BenchKey, items: readonly ProofToVerify[]): Promise<void> {
  for (const { proof, publicSignals } of items)
    if (!(await verifyGroth16Single(key, proof as ParsedProof, publicSignals))) throw new Error('a forged proof was refused');
}

/** Milliseconds that the prover library takes for a proof on one thread: the yardstick of what is made of many proofs. */
export async function timeSingleProof(): Promise<number> {
  const bench = await makeBenchKey();
  const items = forgeProofs(bench, PROOFS);
  const check = () => checkSingly(bench, items);
  await check(); // the first use prepares the library
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await timeOf(check));
  return medianOf(times) / PROOFS;
}
