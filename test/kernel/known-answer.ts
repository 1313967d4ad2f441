// node [--liftoff-only | --no-liftoff] test/kernel/known-answer.ts: the same proof whichever compiler of the engine made its code.
import { proveGroth16 } from '#lib/proof/groth16.ts';
import { startKernel } from '#lib/proof/kernel.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { drawer, drawField, makeSyntheticKey, makeWitnessFile } from './synthetic-key.ts';

const draw = drawer(4711);
const files = { zkey: makeSyntheticKey(40, 2, 64, draw), witness: makeWitnessFile(Array.from({ length: 40 }, () => drawField(draw))) };
for (const kind of ['fma', 'scalar'] as const) {
  const kernel = await startKernel([kind]);
  if (!kernel) throw new Error(`this engine cannot run ${kind}`);
  const made = await proveGroth16(kernel, files, { r: 5n as Field, s: 7n as Field }, { pause: async () => {} });
  console.log(JSON.stringify(made.proof));
}
