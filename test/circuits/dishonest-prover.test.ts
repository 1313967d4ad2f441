import { beforeAll, describe, expect, it } from 'vitest';
import { signInput } from '#lib/proof/sign-input.ts';
import { SIGNAL_NAMES } from '#lib/proof/signals.ts';
import { leafOfFields } from '#lib/protocol/member/credential.ts';
import { packName } from '#lib/protocol/member/name.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { hash2 } from '#lib/protocol/numbers/poseidon.ts';
import { compileCircuit } from '#scripts/setup-ceremony/compile-circuit.ts';
import { type ConstraintSystem, calculateWitness, findBroken, readConstraintSystem, readWires } from './constraint-system.ts';
import { bitsOf, type Forger, makeForger } from './forge.ts';
import { makeSigner } from './signer.ts';

let system: ConstraintSystem;
let forge: Forger;
let wires: Map<string, number>;
let honest: bigint[];
const { input, expected, tree } = makeSigner('dishonest');
const nullifier = expected.nullifier;

beforeAll(async () => {
  const circuit = await compileCircuit();
  system = readConstraintSystem(circuit.r1cs);
  wires = readWires(circuit.symbols);
  honest = await calculateWitness(circuit, signInput(input));
  forge = await makeForger(circuit);
});

/** The place of a signal's value in a witness. */
function wireOf(name: string): number {
  const wire = wires.get(`main.${name}`);
  if (wire === undefined) throw new Error(`no wire for ${name}`);
  return wire;
}

it('the forger without a lie makes the honest witness, value for value', async () => {
  expect(await forge(input, nullifier)).toEqual(honest);
  expect(findBroken(system, honest)).toEqual([]);
});

describe('a prover who is in no roll', () => {
  // A switch that is neither 0 nor 1 mixes node and sibling: with left + right kept equal to their sum, any two published
  // nodes can be made to appear as parents' inputs, and the way from there to the root is public.
  it('cannot prove membership with a path bit that is not a bit (T21)', async () => {
    const outsider = { ...input, secret: 4711n as Field };
    const leaf = leafOfFields(hash2(outsider.secret, outsider.blinding), input.name);
    const [left, right] = tree[0] as [Field, Field];
    const sibling = mod(left + right - leaf);
    const bit = mod((left - leaf) * inverse(mod(sibling - leaf)));
    const siblings = [sibling, tree[1]![1], tree[2]![1]] as Field[];

    const forged = { ...outsider, siblings, index: 0 };
    const witness = await forge(forged, hash2(expected.scope, outsider.secret), { pathBits: [bit, ...bitsOf(0n, 15)], index: bit });
    expect(witness[wireOf('root')]).toBe(expected.root);
    expect(findBroken(system, witness)).toHaveLength(1);
  });

  it('cannot claim that the depth is another level’s', async () => {
    const depthLies = Array.from({ length: 17 }, (_, level) => (level === 1 ? 1 : 0));
    const witness = await forge(input, nullifier, { depthLies });
    expect(witness[wireOf('root')]).toBe(mod(expected.root + tree[1]![input.index >> 1]!));
    expect(findBroken(system, witness)).toHaveLength(1);
  });

  it('cannot write an index of more than 16 bits', async () => {
    const witness = await forge(input, nullifier, { index: BigInt(input.index) + (1n << 16n) });
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });
});

describe('a prover who signs twice or for another', () => {
  it('cannot take the nullifier from another secret than the leaf (T3)', async () => {
    const witness = await forge(input, hash2(expected.scope, 4711n as Field), { secretOfNullifier: 4711n });
    expect(witness[wireOf('root')]).toBe(expected.root);
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });

  it('cannot seal another name than the one in the leaf (T5)', async () => {
    const witness = await forge(input, nullifier, { sealedName: packName('Somebody Else') });
    expect(witness[wireOf('root')]).toBe(expected.root);
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });

  it('cannot seal to another shared point than the one that opens with its ephemeral', async () => {
    const witness = await forge(input, nullifier, { bitsOfShared: bitsOf(7n, 251) });
    expect(witness.slice(3, 5)).toEqual(expected.ephemeral);
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });

  it('cannot claim that the key is zero, which would give a mask that everybody knows', async () => {
    expect(findBroken(system, await forge(input, nullifier, { keyLie: 1 }))).toHaveLength(1);
  });

  it('cannot bind the seal to another statement or another nullifier (T6)', async () => {
    const otherScope = await forge(input, nullifier, { maskContext: [input.scope + 1n, nullifier] });
    const otherNullifier = await forge(input, nullifier, { maskContext: [input.scope, nullifier + 1n] });
    expect(findBroken(system, otherScope).length).toBeGreaterThan(0);
    expect(findBroken(system, otherNullifier).length).toBeGreaterThan(0);
  });

  it('cannot use randomness with a digit that is not a bit', async () => {
    const randomnessBits = [2n, ...bitsOf(input.randomness, 251).slice(1)];
    const randomness = randomnessBits.reduce((sum, bit, i) => sum + (bit << BigInt(i)), 0n);
    expect(findBroken(system, await forge(input, nullifier, { randomnessBits, randomness }))).toHaveLength(1);
  });

  it('cannot use randomness of more than 251 bits', async () => {
    const witness = await forge(input, nullifier, { randomness: input.randomness + (1n << 251n) });
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });
});

it.each(SIGNAL_NAMES)('no other value of %s fits the rest of an honest witness', (name) => {
  const changed = honest.with(wireOf(name), mod((honest[wireOf(name)] as bigint) + 1n));
  expect(findBroken(system, changed).length).toBeGreaterThan(0);
});

function mod(value: bigint): Field {
  return (((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER) as Field;
}

function inverse(value: bigint): bigint {
  let [result, base] = [1n, value];
  for (let exponent = FIELD_ORDER - 2n; exponent > 0n; exponent >>= 1n, base = mod(base * base)) {
    if (exponent & 1n) result = mod(result * base);
  }
  return result;
}
