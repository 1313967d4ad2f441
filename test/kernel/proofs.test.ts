import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkRoom } from '#lib/host/work-room.ts';
import { divideSums, SUM_NAMES } from '#lib/proof/divide-sums.ts';
import { type ProofRun, proveGroth16 } from '#lib/proof/groth16.ts';
import { type Kernel, startKernel } from '#lib/proof/kernel.ts';
import { type LibraryProof, proofFromLibrary } from '#lib/proof/proof.ts';
import { signInput } from '#lib/proof/sign-input.ts';
import { calculateWitness, loadSnarkjs } from '#lib/proof/snarkjs.ts';
import { createSumJobs, type SumJobs } from '#lib/proof/sum-jobs.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import type { WorkRoom } from '#lib/room/room.ts';
import { makeSigner } from '../circuits/signer.ts';
import { loadCurrentKey } from '../proof/current-key.ts';
import { pointBytes, R } from './points.ts';
import { drawer, drawField, makeSyntheticKey, makeWitnessFile } from './synthetic-key.ts';

const MOST_HANDS = 4;
/** KERNEL_RUNS=1000 takes some minutes. */
const RUNS = Number(process.env.KERNEL_RUNS ?? 10);
type Files = { zkey: Uint8Array; witness: Uint8Array };
type Scalars = { fromRng: unknown; random: () => Uint8Array; e: (value: bigint) => Uint8Array };

let kernels: Kernel[];
let room: WorkRoom<SumJobs>;
beforeAll(async () => {
  kernels = [await startKernel(['fma']), await startKernel(['scalar'])] as Kernel[];
  room = createWorkRoom<SumJobs>({ file: path.resolve('scripts/bench/summing-thread.ts'), hands: MOST_HANDS - 1 });
});
afterAll(() => room?.close());

const go = async () => {};
const proveOurs = (kernel: Kernel, files: Files, r: bigint, s: bigint, work: Partial<ProofRun> = {}) =>
  proveGroth16(kernel, files, { r: r as Field, s: s as Field }, { pause: go, ...work });
/** The same by this thread and others, by every number of hands from two on. */
const proveTogether = (files: Files, r: bigint, s: bigint) =>
  Promise.all(
    Array.from({ length: MOST_HANDS - 1 }, async (_, i) =>
      proveOurs((await startKernel()) as Kernel, files, r, s, { helpers: { run: room.run, count: i + 1 } }),
    ),
  );

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
      const same = seed === 0 ? 0n : seed % 5 === 0 ? drawField(draw) : null;
      const witness = makeWitnessFile(Array.from({ length: signals }, () => same ?? drawField(draw)));
      const [r, s] = [drawField(draw), drawField(draw)];
      const theirs = await proveTheirs({ zkey, witness }, r, s);
      for (const kernel of kernels) expect(await proveOurs(kernel, { zkey, witness }, r, s), `seed ${seed}`).toEqual(theirs);
      expect(await proveTogether({ zkey, witness }, r, s), `seed ${seed}`).toEqual([theirs, theirs, theirs]);
    }
  });

  it('is the same for a real signature', async () => {
    const { files } = await loadCurrentKey();
    const witness = await calculateWitness(signInput(makeSigner('kernel').input), files.wasm);
    const both = { zkey: files.zkey, witness };
    const theirs = await proveTheirs(both, R - 3n, 1n << 200n);
    for (const kernel of kernels) expect(await proveOurs(kernel, both, R - 3n, 1n << 200n)).toEqual(theirs);
    expect(await proveTogether(both, R - 3n, 1n << 200n)).toEqual([theirs, theirs, theirs]);
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
      await expect(proveOurs(kernel, files, 1n, 2n, { pause: stop })).rejects.toThrow('closed the page');
      expect(kernel.holds()).toBe(true);
      kernel.wipe();
      expect(kernel.holds()).toBe(false);
    }
  });
});

describe('a proof that is divided', () => {
  const files = { zkey: makeSyntheticKey(9, 1, 8, drawer(3)), witness: makeWitnessFile(Array.from({ length: 9 }, (_, i) => BigInt(i))) };
  const help = ({ run }: WorkRoom<SumJobs>) => ({ run, count: 1 });

  it('gives each hand a run of points of even cost, and every point to one', () => {
    const part = (count: number, pointBytes: number) => ({
      points: new Uint8Array(count * pointBytes),
      scalars: new Uint8Array(count * 32),
    });
    for (const [signals, size] of [
      [1, 2],
      [7, 8],
      [13_000, 16_384],
      [13_000, 4],
    ] as const) {
      const whole = { a: part(signals, 64), b1: part(signals, 64), b2: part(signals, 128), c: part(signals - 1, 64) };
      for (const hands of [1, 2, 3, 4, 9]) {
        const pieces = divideSums(whole, size, hands);
        expect(pieces).toHaveLength(hands);
        for (const name of SUM_NAMES) {
          const own = pieces.flat().filter(({ of }) => of === name);
          const ends = own.map(({ scalars }) => scalars.byteOffset + scalars.length);
          expect(own.map(({ scalars }) => scalars.byteOffset)).toEqual(ends.length > 0 ? [0, ...ends.slice(0, -1)] : []);
          expect(ends.at(-1) ?? 0).toBe(whole[name].scalars.length);
          for (const { points, scalars } of own)
            expect(points.byteOffset / scalars.byteOffset || 0).toBe(scalars.byteOffset && (name === 'b2' ? 4 : 2));
        }
        const costs = pieces
          .slice(1)
          .map((piece) => piece.reduce((sum, { of, scalars }) => sum + { a: 3, b1: 2, b2: 6, c: 4 }[of] * scalars.length, 0));
        expect(Math.max(0, ...costs) - Math.min(...costs, Math.max(0, ...costs))).toBeLessThan(16 * 32);
      }
    }
  });

  it('leaves no scalar and nothing of the work with a helper', async () => {
    const [kernel] = kernels as [Kernel];
    const { sums } = createSumJobs(Promise.resolve(kernel));
    const scalars = Uint8Array.from({ length: 32 }, (_, i) => i);
    const [made] = await sums([{ of: 'a', points: pointBytes(1, 1n), scalars }], () => {});
    expect(made?.point).toHaveLength(2);
    expect([scalars.some((byte) => byte !== 0), kernel.holds()]).toEqual([false, false]);
    await expect(async () => sums([{ of: 'b2', points: pointBytes(1, 1n), scalars: scalars.fill(9) }], () => {})).rejects.toThrow(
      'fit together',
    );
    expect([scalars.some((byte) => byte !== 0), kernel.holds()]).toEqual([false, false]);
    expect(() => createSumJobs(Promise.reject(new Error('no memory')))).not.toThrow();
  });

  it('ends with a helper that is lost, and with a signal, and the next one is made', async () => {
    const [kernel] = kernels as [Kernel];
    const whole = await proveOurs(kernel, files, 1n, 2n);
    const dying = createWorkRoom<SumJobs>({ file: path.resolve('test/kernel/dying-thread.ts'), hands: 1 });
    await expect(proveOurs(kernel, files, 1n, 2n, { helpers: help(dying) })).rejects.toMatchObject({ code: 'LOST' });
    await dying.close();
    const one = createWorkRoom<SumJobs>({ file: path.resolve('scripts/bench/summing-thread.ts'), hands: 1 });
    const controller = new AbortController();
    const pause = async () => controller.abort();
    const cancelled = proveOurs(kernel, files, 1n, 2n, { helpers: help(one), pause, signal: controller.signal });
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await proveOurs(kernel, files, 1n, 2n, { helpers: help(one) })).toEqual(whole);
    await one.close();
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
