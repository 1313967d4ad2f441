import { beforeAll, describe, expect, it } from 'vitest';
import { signInput } from '#lib/proof/sign-input.ts';
import { SIGNAL_NAMES } from '#lib/proof/signals.ts';
import { leafOf } from '#lib/protocol/member/credential.ts';
import { clearToken } from '#lib/protocol/member/token.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { type Point, parseCurvePoint } from '#lib/protocol/numbers/point.ts';
import { hash2 } from '#lib/protocol/numbers/poseidon.ts';
import { smallOrderPoint } from '../protocol/make-vectors/odd-points.ts';
import { compileSignCircuit } from './compile-sign-circuit.ts';
import { type ConstraintSystem, calculateWitness, findBroken, readConstraintSystem, readWires } from './constraint-system.ts';
import { bitsOf, type Forger, makeForger } from './forge.ts';
import { makeSigner, pairOf } from './signer.ts';

let system: ConstraintSystem;
let forge: Forger;
let wires: Map<string, number>;
let honest: bigint[];
const { input, expected, tree } = makeSigner('dishonest');
const other = makeSigner('somebody else').input;
type Affine = { x: bigint; y: bigint };

beforeAll(async () => {
  const circuit = await compileSignCircuit();
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
  expect(await forge(input)).toEqual(honest);
  expect(findBroken(system, honest)).toEqual([]);
});

describe('a prover who is in no roll', () => {
  // A switch that is neither 0 nor 1 mixes node and sibling: with left + right kept equal to their sum, any two published
  // nodes can be made to appear as parents' inputs, and the way from there to the root is public.
  it('cannot prove membership with a path bit that is not a bit (T21)', async () => {
    const outsider = { ...input, secret: 4711n as Field };
    const leaf = leafOf(hash2(outsider.secret, outsider.blinding), pointOf(input.token));
    const [left, right] = tree[0] as [Field, Field];
    const sibling = mod(left + right - leaf);
    const bit = mod((left - leaf) * inverse(mod(sibling - leaf)));
    const siblings = [sibling, tree[1]![1], tree[2]![1]] as Field[];

    const forged = { ...outsider, siblings, index: 0 };
    const witness = await forge(forged, { pathBits: [bit, ...bitsOf(0n, 15)], index: bit });
    expect(witness[wireOf('root')]).toBe(expected.root);
    expect(findBroken(system, witness)).toHaveLength(1);
  });

  it('cannot claim that the depth is another level’s', async () => {
    const depthLies = Array.from({ length: 17 }, (_, level) => (level === 1 ? 1 : 0));
    const witness = await forge(input, { depthLies });
    expect(witness[wireOf('root')]).toBe(mod(expected.root + tree[1]![input.index >> 1]!));
    expect(findBroken(system, witness)).toHaveLength(1);
  });

  it('cannot write an index of more than 16 bits', async () => {
    const witness = await forge(input, { index: BigInt(input.index) + (1n << 16n) });
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });
});

describe('a prover who signs twice or for another', () => {
  it('cannot take the nullifier from another secret than the leaf (T3)', async () => {
    const witness = await forge(input, { secretOfNullifier: 4711n });
    expect(witness[wireOf('root')]).toBe(expected.root);
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });

  it('cannot seal the token of another name than the one in the leaf (T5)', async () => {
    const { nameHash, salt, token } = other;
    const witness = await forge(input, { nameHash, salt, tokenOfSeal: token });
    expect(witness[wireOf('root')]).toBe(expected.root);
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });

  it('cannot seal another point than eight times the token of the leaf (T5)', async () => {
    for (const addedToSealed of [
      [1n, 0n],
      [0n, 1n],
    ] as const) {
      const witness = await forge(input, { addedToSealed });
      expect(findBroken(system, witness).length).toBeGreaterThan(0);
    }
    const [mine, theirs] = [input, other].map(({ token }) => clearToken(pointOf(token)).toAffine()) as [Affine, Affine];
    const witness = await forge(input, { addedToSealed: [mod(theirs.x - mine.x), mod(theirs.y - mine.y)] });
    expect(witness[wireOf('root')]).toBe(expected.root);
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });

  it('cannot say that the token is of another name, or made with another salt (T44)', async () => {
    for (const lie of [
      { nameHash: other.nameHash },
      { salt: other.salt },
      { nameHash: mod(input.nameHash + 1n) },
      { salt: mod(input.salt + 1n) },
    ]) {
      const witness = await forge(input, lie);
      expect(witness.slice(1, 7)).toEqual(honest.slice(1, 7));
      expect(findBroken(system, witness)).toHaveLength(1);
    }
  });

  it('cannot use a token off the curve, even if the issuer has put it into the leaf (T44)', async () => {
    const [x, y] = input.token;
    const off = { ...input, token: [mod(x + 1n), y] as const };
    expect(findBroken(system, await forge(off))).toHaveLength(1);
  });

  it('seals the same T for a token with any small-order part, and cannot prove a name for more than one of the eight (T44)', async () => {
    let token = pointOf(input.token);
    for (let part = 1; part < 8; part++) {
      token = token.add(smallOrderPoint());
      const witness = await forge({ ...input, token: pairOf(token) });
      expect(witness.slice(2, 7)).toEqual(honest.slice(2, 7));
      expect(findBroken(system, witness)).toHaveLength(1);
    }
  });

  it('cannot seal to another shared point than the one that opens with its ephemeral', async () => {
    const witness = await forge(input, { bitsOfShared: bitsOf(7n, 251) });
    expect(witness.slice(3, 5)).toEqual(expected.ephemeral);
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });

  it('cannot claim that the key is zero, which would leave the token in the open', async () => {
    expect(findBroken(system, await forge(input, { keyLie: 1 }))).toHaveLength(1);
  });

  it('cannot use randomness with a digit that is not a bit', async () => {
    const randomnessBits = [2n, ...bitsOf(input.randomness, 251).slice(1)];
    const randomness = randomnessBits.reduce((sum, bit, i) => sum + (bit << BigInt(i)), 0n);
    expect(findBroken(system, await forge(input, { randomnessBits, randomness }))).toHaveLength(1);
  });

  it('cannot use randomness of more than 251 bits', async () => {
    const witness = await forge(input, { randomness: input.randomness + (1n << 251n) });
    expect(findBroken(system, witness).length).toBeGreaterThan(0);
  });
});

it.each(SIGNAL_NAMES)('no other value of %s fits the rest of an honest witness', (name) => {
  const changed = honest.with(wireOf(name), mod((honest[wireOf(name)] as bigint) + 1n));
  expect(findBroken(system, changed).length).toBeGreaterThan(0);
});

function pointOf(token: readonly Field[]): Point {
  return parseCurvePoint(token.map(String)) as Point;
}

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
