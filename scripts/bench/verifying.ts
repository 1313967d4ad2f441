import { randomBytes } from 'node:crypto';
import { verifyProofs } from '#lib/proof/verify.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { makeBenchKey } from '../make-record/bench-key.ts';
import { type Row, timeInTurn } from './measure.ts';
import { checkSingly, forgeProofs } from './single-proofs.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const SINGLE = 8;

/** Batch verification against the prover library's, one thread each, in turn. */
export async function benchVerifying(quick: boolean): Promise<Row> {
  const bench = await makeBenchKey();
  const items = forgeProofs(bench, 256);
  const batch = async () => {
    if ((await verifyProofs(bench.key, items, { random })).length > 0) throw new Error('a forged proof was refused');
  };
  const single = () => checkSingly(bench, items.slice(0, SINGLE));
  const { first, second } = await timeInTurn(quick ? 3 : 9, batch, single);
  const [value, baseline] = [first / items.length, second / SINGLE];
  const ratio = baseline / value;
  return {
    name: 'checking a proof, batches of 256, one thread',
    unit: 'ms',
    value,
    baseline: { name: 'snarkjs.groth16.verify, one thread', value: baseline },
    ratio,
    goal: 'at least 25 times faster',
    holds: ratio >= 25,
  };
}
