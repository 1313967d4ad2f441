import { beforeAll, describe, expect, it } from 'vitest';
import { proveGroth16 } from '#lib/proof/groth16.ts';
import { type Kernel, startKernel } from '#lib/proof/kernel.ts';
import { type LibraryProof, proofFromLibrary } from '#lib/proof/proof.ts';
import { signInput } from '#lib/proof/sign-input.ts';
import { calculateWitness, loadSnarkjs } from '#lib/proof/snarkjs.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { makeSigner } from '../circuits/signer.ts';
import { loadCurrentKey } from '../proof/current-key.ts';
import { R } from './points.ts';
import { drawer, drawField, makeSyntheticKey, makeWitnessFile } from './synthetic-key.ts';

/** KERNEL_RUNS=1000 takes some minutes. */
const RUNS = Number(process.env.KERNEL_RUNS ?? 10);
type Files = { zkey: Uint8Array; witness: Uint8Array };
type Scalars = { fromRng: unknown; random: () => Uint8Array; e: (value: bigint) => Uint8Array };

let kernels: Kernel[];
beforeAll(async () => {
  kernels = [await startKernel(['fma']), await startKernel(['scalar'])] as Kernel[];
});

const go = async () => {};
const proveOurs = (kernel: Kernel, files: Files, r: bigint, s: bigint) => proveGroth16(kernel, files, { r: r as Field, s: s as Field }, go);

/** The library's own proof, with these in place of the two scalars that it draws. */
async function proveTheirs({ zkey, witness }: Files, r: bigint, s: bigint) {
  const { groth16, curve } = await loadSnarkjs();
  const scalars = curve.Fr as unknown as Scalars;
  const { random } = scalars;
  const drawn = [r, s];
  scalars.random = () => scalars.e(drawn.shift() as bigint);
  try {
    const { proof, publicSignals } = await groth16.prove(zkey, witness);
    return { proof: proofFromLibrary(proof as LibraryProof), publicSignals: [...publicSignals] };
  } finally {
    scalars.random = random;
  }
}

describe('a proof of the kernel', () => {
  it('is the one that the prover library makes for the same r and s, byte for byte, for keys and witnesses full of edges', async () => {
    for (let seed = 0; seed < RUNS; seed++) {
      const draw = drawer(seed);
      const signals = 2 + draw(60);
      const zkey = makeSyntheticKey(signals, draw(Math.min(5, signals - 1)), 2 << draw(6), draw);
      const same = seed % 5 === 0 ? drawField(draw) : null;
      const witness = makeWitnessFile(Array.from({ length: signals }, () => same ?? drawField(draw)));
      const [r, s] = [drawField(draw), drawField(draw)];
      const theirs = await proveTheirs({ zkey, witness }, r, s);
      for (const kernel of kernels) expect(await proveOurs(kernel, { zkey, witness }, r, s), `seed ${seed}`).toEqual(theirs);
    }
  });

  it('is the same for a real signature', async () => {
    const { files } = await loadCurrentKey();
    const witness = await calculateWitness(signInput(makeSigner('kernel').input), files.wasm);
    const both = { zkey: files.zkey, witness };
    const theirs = await proveTheirs(both, R - 3n, 1n << 200n);
    for (const kernel of kernels) expect(await proveOurs(kernel, both, R - 3n, 1n << 200n)).toEqual(theirs);
  });

  it('is not made of files that do not fit together, and the reason says which', async () => {
    const zkey = makeSyntheticKey(5, 1, 8, drawer(1));
    const witness = makeWitnessFile([1n, 2n, 3n, 4n, 5n]);
    const refusals: [Partial<Files>, RegExp][] = [
      [{ witness: makeWitnessFile([1n, 2n]) }, /the witness has 2 signals, the proving key is for 5/],
      [{ witness: makeWitnessFile([1n, 2n, 3n, 4n, R]) }, /not below the modulus/],
      [{ witness: makeWitnessFile([1n, 2n, 3n, 4n, 1n << 255n]) }, /not below the modulus/],
      [{ witness: zkey }, /not a wtns file/],
      [{ witness: witness.slice(0, -1) }, /ends in the middle/],
      [{ zkey: zkey.slice(0, -1) }, /the proving key cannot be read/],
      [{ zkey: changeCoefficient(zkey, 8, 0xffff) }, /a coefficient outside its matrix/],
      [{ zkey: changeCoefficient(zkey, 4, 8) }, /a coefficient outside its matrix/],
      [{ zkey: changeCoefficient(zkey, 0, 2) }, /a coefficient outside its matrix/],
    ];
    for (const [change, reason] of refusals) {
      await expect(proveOurs(kernels[0]!, { zkey, witness, ...change }, 1n, 1n)).rejects.toThrow(reason);
    }
  });

  it('ends between its parts when it is told to, and nothing of it stays in memory', async () => {
    const files = { zkey: makeSyntheticKey(5, 1, 8, drawer(2)), witness: makeWitnessFile([1n, 2n, 3n, 4n, 5n]) };
    const stop = async () => {
      throw new Error('closed the page');
    };
    for (const kernel of kernels) {
      await expect(proveGroth16(kernel, files, { r: 1n as Field, s: 2n as Field }, stop)).rejects.toThrow('closed the page');
      expect(kernel.holds()).toBe(true);
      kernel.wipe();
      expect(kernel.holds()).toBe(false);
    }
  });
});

/** Overwrites a number of the first coefficient: its matrix at 0, its constraint at 4, its signal at 8. */
function changeCoefficient(zkey: Uint8Array, at: number, value: number): Uint8Array {
  const copy = zkey.slice();
  const view = new DataView(copy.buffer);
  let section = 12;
  while (view.getUint32(section, true) !== 4) section += 12 + Number(view.getBigUint64(section + 4, true));
  view.setUint32(section + 12 + 4 + at, value, true);
  return copy;
}
