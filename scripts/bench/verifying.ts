import { randomBytes } from 'node:crypto';
import type { Proof } from '../../lib/proof/proof.ts';
import { verifyGroth16Single } from '../../lib/proof/prover.ts';
import { SIGNAL_COUNT } from '../../lib/proof/signals.ts';
import { type ProofToVerify, verifyProofs } from '../../lib/proof/verify.ts';
import { type Random, randomField } from '../../lib/protocol/random.ts';
import { makeBenchKey } from '../make-record/bench-key.ts';
import { type Row, timeInTurn } from './measure.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const SINGLE = 8;

/** Batch verification against the prover library's, one thread each, in turn. */
export async function benchVerifying(quick: boolean): Promise<Row> {
  const { key, forge } = await makeBenchKey();
  const items: ProofToVerify[] = Array.from({ length: 256 }, () => {
    const publicSignals = Array.from({ length: SIGNAL_COUNT }, () => randomField(random));
    return { publicSignals, proof: forge(publicSignals, random) };
  });
  const batch = async () => {
    if ((await verifyProofs(key, items, { random })).length > 0) throw new Error('a forged proof was refused');
  };
  const single = async () => {
    for (const { proof, publicSignals } of items.slice(0, SINGLE))
      if (!(await verifyGroth16Single(key, proof as Proof, publicSignals))) throw new Error('a forged proof was refused');
  };
  const { first, second } = await timeInTurn(quick ? 3 : 9, batch, single);
  const [value, baseline] = [first / items.length, second / SINGLE];
  const ratio = baseline / value;
  return {
    name: 'checking a proof, batches of 256, one thread',
    unit: 'ms',
    value,
    baseline: { name: 'snarkjs.groth16.verify, one thread', value: baseline },
    ratio,
    goal: 'at least 5 times faster (aim: 8)',
    holds: ratio >= 5,
  };
}
