import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { numberToBytesLE } from '@noble/curves/utils.js';
import { contributeToKey, deriveInitialKey } from '#lib/ceremony/setup-steps.ts';
import { createWorkRoom } from '#lib/host/work-room.ts';
import { loadManifest, loadProvingFiles } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { NUMBER_BYTES, startKernel } from '#lib/proof/kernel.ts';
import { type ProvingFiles, proveSign } from '#lib/proof/prover.ts';
import type { CircuitInput } from '#lib/proof/sign-input.ts';
import { loadSnarkjs } from '#lib/proof/snarkjs.ts';
import type { SumJobs } from '#lib/proof/sum-jobs.ts';
import { type Random, randomField, randomScalar } from '#lib/protocol/numbers/random.ts';
import { root } from '../instance/runtime.ts';
import { compileCircuit, hashSources } from '../setup-ceremony/compile-circuit.ts';
import { medianOf, type Row, timeInTurn } from './measure.ts';
import { makeSignInput } from './sign-input.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const DEPTH = 20;
const LIBRARIES = [
  'node_modules/circomlib/circuits',
  'node_modules/@zk-kit/binary-merkle-root.circom/src',
  'node_modules/@semaphore-protocol/circuits/src',
];
const MAIN = `pragma circom 2.1.5;\ninclude "semaphore.circom";\ncomponent main {public [message, scope]} = Semaphore(${DEPTH});\n`;

/** Proving a signature against Semaphore's own membership proof at depth 20 with the prover library, and the sums that it consists of. */
export async function benchProving(quick: boolean, say: (what: string) => void): Promise<Row[]> {
  const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
  const manifest = await loadManifest(fetchFile);
  if (!manifest.ok) throw new Error(manifest.code);
  const ours = await loadProvingFiles(manifest.value, manifest.value.current, fetchFile);
  if (!ours.ok) throw new Error(ours.code);
  const theirs = await loadSemaphore(say);
  const [sign, member] = [makeSignInput(), makeSemaphoreInput()];
  const rounds = quick ? 3 : 7;
  const baseline = () => proveByLibrary(member, theirs);
  return [
    await compareProving(
      'proving a signature with its sealed token',
      0.32,
      rounds,
      () => proveSign(sign, ours.value, { random }),
      baseline,
    ),
    await compareOnTwoThreads(sign, ours.value, rounds, baseline),
    await compareProving('the same where an engine lacks fused arithmetic', 0.45, rounds, () => proveScalar(sign, ours.value), baseline),
    await compareProving(
      'the same by the prover library',
      1.25,
      rounds,
      () => proveSign(sign, ours.value, { random, kernel: null }),
      baseline,
    ),
    await benchFirst(rounds),
    await benchSum(1, 0.18, rounds),
    await benchSum(2, 0.2, rounds),
  ];
}

async function compareProving(name: string, most: number, rounds: number, ours: () => unknown, theirs: () => unknown): Promise<Row> {
  const { first, second } = await timeInTurn(rounds, ours, theirs);
  return {
    ...{ name, unit: 'ms', value: first, ratio: first / second },
    baseline: { name: 'Semaphore 4.14.2, depth 20, membership only, with snarkjs', value: second },
    goal: `at most ${most} of it`,
    holds: first / second <= most,
  };
}

/** As a page proves on a device with two cores: a helper makes half of the sums. */
async function compareOnTwoThreads(input: CircuitInput, files: ProvingFiles, rounds: number, baseline: () => unknown): Promise<Row> {
  const room = createWorkRoom<SumJobs>({ file: path.join(import.meta.dirname, 'summing-thread.ts'), hands: 1 });
  try {
    const prove = () => proveSign(input, files, { random, helpers: { run: room.run, count: 1 } });
    return await compareProving('the same on two threads', 0.24, rounds, prove, baseline);
  } finally {
    await room.close();
  }
}

const SUM_POINTS = 8192;

/** A sum of random scalars and points, by the kernel and by the prover library, one thread each. */
async function benchSum(degree: 1 | 2, most: number, rounds: number): Promise<Row> {
  const kernel = await startKernel(['fma']);
  if (!kernel) throw new Error('this engine has no fused multiply-add');
  const { curve } = await loadSnarkjs();
  const group = degree === 1 ? curve.G1 : curve.G2;
  const bytes = 64 * degree;
  const points = new Uint8Array(SUM_POINTS * bytes);
  const scalars = new Uint8Array(SUM_POINTS * NUMBER_BYTES);
  let point = group.g;
  for (let i = 0; i < SUM_POINTS; i++) {
    points.set(group.toAffine(point), i * bytes);
    scalars.set(numberToBytesLE(randomField(random), NUMBER_BYTES), i * NUMBER_BYTES);
    point = group.timesScalar(point, 3n);
  }
  const { first, second } = await timeInTurn(
    2 * rounds,
    () => kernel.sum(degree, [{ points, scalars }]),
    () => group.multiExpAffine(points, scalars),
  );
  return {
    name: `a sum of ${SUM_POINTS.toLocaleString('en')} points of group ${degree}`,
    ...{ unit: 'ms', value: first, ratio: first / second, goal: `at most ${most} of it`, holds: first / second <= most },
    baseline: { name: 'snarkjs, one thread', value: second },
  };
}

/** The first proof of each of some processes, against those that follow in it. */
async function benchFirst(rounds: number): Promise<Row> {
  const script = path.join(root, 'scripts/bench/first-proof.ts');
  const runs: { first: number; later: number }[] = [];
  for (let i = 0; i < rounds; i++) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', script]);
    runs.push(JSON.parse(stdout) as (typeof runs)[0]);
  }
  const [value, later] = [medianOf(runs.map(({ first }) => first)), medianOf(runs.map((run) => run.later))];
  return {
    name: 'a first proof, once its files are there',
    ...{ unit: 'ms', value, ratio: value / later, goal: 'at most 1.3 of a later one', holds: value / later <= 1.3 },
    baseline: { name: 'a later one in the same process', value: later },
  };
}

async function proveScalar(input: CircuitInput, files: ProvingFiles): Promise<void> {
  await proveSign(input, files, { random, kernel: await startKernel(['scalar']) });
}

async function proveByLibrary(input: CircuitInput, { wasm, zkey }: ProvingFiles): Promise<void> {
  const { groth16, wtns } = await loadSnarkjs();
  const witness: { type: 'mem' } = { type: 'mem' };
  await wtns.calculate(input, wasm, witness);
  await groth16.prove(zkey, witness as unknown as Uint8Array);
}

function makeSemaphoreInput(): CircuitInput {
  return {
    secret: randomScalar(random).toString(),
    merkleProofLength: String(DEPTH),
    merkleProofIndex: '4711',
    merkleProofSiblings: Array.from({ length: DEPTH }, () => randomField(random).toString()),
    message: randomField(random).toString(),
    scope: randomField(random).toString(),
  };
}

/** Compiles the circuit and makes a key for it with our powers of tau; half a minute, kept in the system's folder for such things. */
async function loadSemaphore(say: (what: string) => void): Promise<ProvingFiles> {
  const source = path.join('build', 'bench', 'semaphore-main.circom');
  await mkdir(path.join(root, 'build', 'bench'), { recursive: true });
  await writeFile(path.join(root, source), MAIN);
  try {
    const hash = await hashSources(source, LIBRARIES);
    const cache = path.join(tmpdir(), `round-robin-bench-${hash.slice(0, 16)}`);
    const [wasm, zkey] = [path.join(cache, 'main.wasm'), path.join(cache, 'main.zkey')];
    if (!existsSync(zkey)) {
      say("compiling Semaphore's circuit and making a key for it");
      const compiled = await compileCircuit(source, { libraries: LIBRARIES });
      const powers = await readFile(path.join(root, 'circuits', 'ceremony', 'powers-of-tau.ptau'));
      const key = await contributeToKey(await deriveInitialKey(compiled.r1cs, new Uint8Array(powers)), 'bench', '');
      await mkdir(cache, { recursive: true });
      await writeFile(wasm, compiled.wasm);
      await writeFile(zkey, key);
    }
    return { wasm: new Uint8Array(await readFile(wasm)), zkey: new Uint8Array(await readFile(zkey)) };
  } finally {
    await rm(path.join(root, source));
  }
}
