import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contributeToKey, deriveInitialKey } from '#lib/ceremony/setup-steps.ts';
import { loadManifest, loadProvingFiles } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { ProvingFiles } from '#lib/proof/prover.ts';
import { type CircuitInput, signInput } from '#lib/proof/sign-input.ts';
import { loadSnarkjs } from '#lib/proof/snarkjs.ts';
import { nameHash } from '#lib/protocol/member/name.ts';
import { MAX_DEPTH } from '#lib/protocol/member/roll.ts';
import { tokenOf } from '#lib/protocol/member/token.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { BASE, coordinates, type Point } from '#lib/protocol/numbers/point.ts';
import { type Random, randomField, randomScalar } from '#lib/protocol/numbers/random.ts';
import { root } from '../instance/runtime.ts';
import { compileCircuit, hashSources } from '../setup-ceremony/compile-circuit.ts';
import { type Row, timeInTurn } from './measure.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const DEPTH = 20;
const LIBRARIES = [
  'node_modules/circomlib/circuits',
  'node_modules/@zk-kit/binary-merkle-root.circom/src',
  'node_modules/@semaphore-protocol/circuits/src',
];
const MAIN = `pragma circom 2.1.5;\ninclude "semaphore.circom";\ncomponent main {public [message, scope]} = Semaphore(${DEPTH});\n`;

/** Proving a signature against Semaphore's own membership proof at depth 20: same prover, same machine, in turn. */
export async function benchProving(quick: boolean, say: (what: string) => void): Promise<Row> {
  const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
  const manifest = await loadManifest(fetchFile);
  if (!manifest.ok) throw new Error(manifest.code);
  const ours = await loadProvingFiles(manifest.value, manifest.value.current, fetchFile);
  if (!ours.ok) throw new Error(ours.code);
  const theirs = await loadSemaphore(say);
  const [sign, member] = [makeSignInput(), makeSemaphoreInput()];
  const { first, second } = await timeInTurn(
    quick ? 3 : 7,
    () => prove(sign, ours.value),
    () => prove(member, theirs),
  );
  return {
    name: 'proving a signature with its sealed token',
    unit: 'ms',
    value: first,
    baseline: { name: 'Semaphore 4.14.2, depth 20, membership only', value: second },
    ratio: first / second,
    goal: 'at most 1.25 times as long',
    holds: first / second <= 1.25,
  };
}

async function prove(input: CircuitInput, { wasm, zkey }: ProvingFiles): Promise<void> {
  const { groth16, wtns } = await loadSnarkjs();
  const witness: { type: 'mem' } = { type: 'mem' };
  await wtns.calculate(input, wasm, witness);
  await groth16.prove(zkey, witness as unknown as Uint8Array);
}

function makeSignInput(): CircuitInput {
  const pair = (point: Point): [Field, Field] => {
    const { x, y } = coordinates(point);
    return [x, y];
  };
  const [group, name] = ['ab'.repeat(32), 'Jane Doe, Senator for District 4'];
  const token = tokenOf('cd'.repeat(32), group, name);
  return signInput({
    scope: randomField(random),
    message: randomField(random),
    key: pair(BASE.multiply(randomScalar(random))),
    depth: MAX_DEPTH,
    secret: randomField(random),
    blinding: randomField(random),
    nameHash: nameHash(group, name),
    salt: token.salt,
    token: pair(token.point),
    index: 4711,
    siblings: Array.from({ length: MAX_DEPTH }, () => randomField(random)),
    randomness: randomScalar(random),
  });
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
