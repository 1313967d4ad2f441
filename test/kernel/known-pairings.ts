// node [--liftoff-only | --no-liftoff] test/kernel/known-pairings.ts [--without]: which kernels the engine runs, what the program says of
// proofs with them, or without WebAssembly, and the numbers of a pairing by each.
import { createHash } from 'node:crypto';
import { bn254 } from '@noble/curves/bn254.js';
import { FMA, SCALAR } from '#kernel/generator/field.ts';
import { startKernelPairing } from '#lib/proof/kernel-pairing.ts';
import { loadPairing } from '#lib/proof/pairing.ts';
import { verifyProofsBy } from '#lib/proof/verify.ts';
import { forgeProofs } from '#scripts/bench/single-proofs.ts';
import { makeBenchKey } from '#scripts/make-record/bench-key.ts';
import { LaneMemory, QUAD, TWELVE } from './lane-memory.ts';

const without = process.argv.includes('--without');
if (without) Reflect.deleteProperty(globalThis, 'WebAssembly'); // kernels start at their first use

const random = (length: number) => new Uint8Array(createHash('shake256', { outputLength: length }).update('pairings').digest());
const bench = await makeBenchKey();
const items = forgeProofs(bench, 6);
items[4] = { ...items[4]!, proof: { ...items[4]!.proof, c: items[4]!.proof.a } };
const kinds = [];
for (const kind of ['fma', 'scalar'] as const) {
  const pairing = await startKernelPairing([kind]);
  if (!pairing) continue;
  kinds.push(kind);
  console.log(`${await verifyProofsBy(pairing, bench.key, items, { random })}`);
}
console.log(kinds.join(' '));
console.log(`${await verifyProofsBy(await loadPairing(), bench.key, items, { random })}`);
for (const shape of without ? [] : [FMA, SCALAR]) {
  const memory = await LaneMemory.of(shape);
  const { exports } = memory;
  const { x, y } = bn254.G2.Point.BASE.toAffine();
  for (const lane of [0, 1, 2, 3]) memory.put(0, lane, 1n, 2n, 1n, x.c0, x.c1, y.c0, y.c1);
  const [f, outside] = [exports.allocate(TWELVE * QUAD), exports.allocate(4)];
  exports.multiplyLoops(memory.at(0), 1, f, outside);
  exports.exponentiate(f);
  for (const lane of [0, 3]) console.log(memory.getTwelve((f - memory.at(0)) / QUAD, lane).c1.c2.c1.toString());
}
