import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { currentKey, type Manifest } from '#lib/proof/manifest.ts';
import { signInput } from '#lib/proof/sign-input.ts';
import { SIGNAL_NAMES, signalsToArray } from '#lib/proof/signals.ts';
import { openPoint } from '#lib/protocol/key/sealing.ts';
import { clearToken } from '#lib/protocol/member/token.ts';
import { type Point, parseCurvePoint, parsePoint, SCALAR_ORDER } from '#lib/protocol/numbers/point.ts';
import { type CompiledCircuit, sha256Hex } from '#scripts/setup-ceremony/compile-circuit.ts';
import { compileSignCircuit } from './compile-sign-circuit.ts';
import { type ConstraintSystem, calculateWitness, findBroken, readConstraintSystem, readWires } from './constraint-system.ts';
import { makeSigner } from './signer.ts';

const CONSTRAINTS = 8000;

let circuit: CompiledCircuit;
let system: ConstraintSystem;
beforeAll(async () => {
  circuit = await compileSignCircuit();
  system = readConstraintSystem(circuit.r1cs);
});

describe('the compiled circuit', () => {
  const manifest = JSON.parse(readFileSync('circuits/artifacts/manifest.json', 'utf8')) as Manifest;

  it('has the size written here, within the 8,050 that the protocol allows', () => {
    expect(circuit.constraints).toBe(CONSTRAINTS);
    expect(system.constraints).toHaveLength(CONSTRAINTS);
    expect(CONSTRAINTS).toBeLessThanOrEqual(8050);
  });

  it('is the circuit that the current key was made for: source, constraints and program compile to the hashes of the manifest', () => {
    const key = currentKey(manifest);
    expect(sha256Hex(circuit.r1cs)).toBe(key.r1cs);
    expect(sha256Hex(circuit.wasm)).toBe(key.files.wasm.sha256);
    expect(circuit.source).toBe(key.source);
    expect(circuit.compiler).toEqual(key.compiler);
    expect(circuit.constraints).toBe(key.constraints);
  });

  it('numbers its public signals as lib/proof does, and the current key has as many', () => {
    const wires = readWires(circuit.symbols);
    expect(SIGNAL_NAMES.map((name) => wires.get(`main.${name}`))).toEqual(SIGNAL_NAMES.map((_, i) => i + 1));
    expect(system.publicOutputs + system.publicInputs).toBe(SIGNAL_NAMES.length);
    const path = currentKey(manifest).files.verificationKey.path;
    const key = JSON.parse(readFileSync(`circuits/artifacts/${path}`, 'utf8')) as { nPublic: number; IC: unknown[] };
    expect(key.nPublic).toBe(SIGNAL_NAMES.length);
    expect(key.IC).toHaveLength(SIGNAL_NAMES.length + 1);
  });
});

describe('an honest signer', () => {
  it('gets from the circuit what lib/protocol computes, at every depth, and satisfies every constraint', async () => {
    const property = fc.asyncProperty(fc.string(), fc.integer({ min: 3, max: 10 }), async (seed, depth) => {
      const { input, expected } = makeSigner(seed, { depth });
      const witness = await calculateWitness(circuit, signInput(input));
      expect(witness.slice(1, 12)).toEqual(signalsToArray(expected));
      expect(findBroken(system, witness)).toEqual([]);
    });
    await fc.assert(property, { numRuns: Number(process.env.PROPERTY_RUNS ?? 12) });
  });

  it('can stand at the last place of the deepest roll', async () => {
    const { input } = makeSigner('deep', { depth: 3 });
    const last = { ...input, depth: 16, index: 2 ** 16 - 1, siblings: Array.from({ length: 16 }, () => input.siblings[0]!) };
    const witness = await calculateWitness(circuit, signInput(last));
    expect(findBroken(system, witness)).toEqual([]);
    expect(witness[1]).not.toBe(0n);
  });

  it.each([1n, 2n, SCALAR_ORDER - 1n])('seals with randomness %s, at the edges of the range, what the key opens', async (randomness) => {
    const { input, expected, shared } = makeSigner('edge', { randomness });
    const witness = await calculateWitness(circuit, signInput(input));
    expect(witness.slice(3, 7)).toEqual([...expected.ephemeral, ...expected.sealed]);
    const opened = openPoint(parsePoint(expected.sealed.map(String)) as Point, shared);
    const token = parseCurvePoint(input.token.map(String)) as Point;
    expect(opened.equals(clearToken(token))).toBe(true);
  });

  it('gets the same seal from two spellings of one randomness modulo l', async () => {
    const { input, expected } = makeSigner('spelling', { randomness: 5n });
    const witness = await calculateWitness(circuit, signInput({ ...input, randomness: 5n + SCALAR_ORDER }));
    expect(witness.slice(1, 12)).toEqual(signalsToArray(expected));
  });

  it('gets no witness for randomness of 2^251, an index of 2^16, or too many siblings', async () => {
    const { input } = makeSigner('range');
    const honest = signInput(input);
    await expect(calculateWitness(circuit, { ...honest, randomness: (1n << 251n).toString() })).rejects.toThrow();
    await expect(calculateWitness(circuit, { ...honest, index: (2 ** 16).toString() })).rejects.toThrow();
    await expect(calculateWitness(circuit, { ...honest, siblings: Array(17).fill('0') })).rejects.toThrow();
  });
});
