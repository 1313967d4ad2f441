import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type SignInput, signInput } from '#lib/proof/sign-input.ts';
import { MAX_DEPTH } from '#lib/protocol/member/roll.ts';
import { type CompiledCircuit, compileCircuit } from '#scripts/setup-ceremony/compile-circuit.ts';
import { calculateWitness, readWires } from './constraint-system.ts';

// A dishonest prover writes its own calculator. This one is the circuit with its checks taken out and its inner values made
// inputs, so that a lie is followed through to every value that depends on it. What the real constraints then say about
// such a witness is what they say about a clever attacker, not about a typing error.

const RANDOMNESS_BITS = 251;

type Edit = readonly [file: string, from: string, to: string];
const EDITS: readonly Edit[] = [
  [
    'bitify.circom',
    'template Num2Bits(n) {\n    signal input in;',
    'template Num2Bits(n) {\n    signal input in;\n    signal input forged[n];',
  ],
  [
    'bitify.circom',
    'out[i] <-- (in >> i) & 1;\n        out[i] * (out[i] -1 ) === 0;\n        lc1 +=',
    'out[i] <-- forged[i];\n        lc1 +=',
  ],
  ['bitify.circom', 'lc1 === in;\n}\n\ntemplate Num2Bits_strict', '}\n\ntemplate Num2Bits_strict'],
  ['comparators.circom', 'signal output out;\n\n    signal inv;', 'signal input lie;\n    signal output out;\n\n    signal inv;'],
  ['comparators.circom', 'inv <-- in!=0 ? 1/in : 0;', 'inv <-- in!=0 ? (1-lie)/in : 0;'],
  ['comparators.circom', 'out <== -in*inv +1;\n    in*out === 0;', 'out <== -in*inv +1;'],
  [
    'comparators.circom',
    'template IsEqual() {\n    signal input in[2];',
    'template IsEqual() {\n    signal input in[2];\n    signal input lie;',
  ],
  [
    'comparators.circom',
    'in[1] - in[0] ==> isz.in;\n\n    isz.out ==> out;',
    'in[1] - in[0] ==> isz.in;\n    isz.lie <== lie;\n    isz.out ==> out;',
  ],
  ['escalarmulany.circom', 'zeropoint.in <== p[0];', 'zeropoint.in <== p[0];\n    zeropoint.lie <== lie;'],
  ['escalarmulany.circom', '    // Input in binary format\n    signal input p[2];', '\n    signal input p[2];\n    signal input lie;'],
  [
    'binary-merkle-root.circom',
    'siblings[MAX_DEPTH];\n',
    'siblings[MAX_DEPTH];\n    signal input forgedBits[MAX_DEPTH], lies[MAX_DEPTH + 1];\n',
  ],
  ['binary-merkle-root.circom', 'Num2Bits(MAX_DEPTH)(index)', 'Num2Bits(MAX_DEPTH)(index, forgedBits)'],
  ['binary-merkle-root.circom', 'IsEqual()([depth, i])', 'IsEqual()([depth, i], lies[i])'],
  ['binary-merkle-root.circom', 'IsEqual()([depth, MAX_DEPTH])', 'IsEqual()([depth, MAX_DEPTH], lies[MAX_DEPTH])'],
  ['parts/seal.circom', 'signal input randomness;', 'signal input randomness, forgedBits[BITS], bitsOfShared[BITS], keyLie;'],
  ['parts/seal.circom', 'Num2Bits(BITS)(randomness)', 'Num2Bits(BITS)(randomness, forgedBits)'],
  ['parts/seal.circom', 'EscalarMulAny(BITS)(bits, key)', 'EscalarMulAny(BITS)(bitsOfShared, key, keyLie)'],
  [
    'sign.circom',
    'signal input randomness;',
    `signal input randomness, pathBits[16], depthLies[17], randomnessBits[251], bitsOfShared[251], keyLie;
     signal input secretOfNullifier, tokenOfSeal[2], addedToSealed[2];`,
  ],
  ['sign.circom', '(leaf, depth, index, siblings)', '(leaf, depth, index, siblings, pathBits, depthLies)'],
  ['sign.circom', 'Poseidon(2)([scope, secret])', 'Poseidon(2)([scope, secretOfNullifier])'],
  [
    'sign.circom',
    'Seal()(cleared, key, randomness)',
    'Seal()([cleared[0] + addedToSealed[0], cleared[1] + addedToSealed[1]], key, randomness, randomnessBits, bitsOfShared, keyLie)',
  ],
  ['sign.circom', 'Token()(nameHash, salt, token)', 'Token()(nameHash, salt, tokenOfSeal)'],
  ['parts/token.circom', '    y === point[1];\n', ''],
  ['babyjub.circom', '    a*x2 + y2 === 1 + d*x2*y2;\n', ''],
];

/** What a forger may choose freely where an honest prover has no choice. Left out, each has its honest value. */
export interface Lies {
  pathBits?: readonly bigint[];
  /** 1 to claim that the depth is this level's, whatever it is. */
  depthLies?: readonly number[];
  randomnessBits?: readonly bigint[];
  bitsOfShared?: readonly bigint[];
  /** 1 to claim that the key's x is 0. */
  keyLie?: number;
  secretOfNullifier?: bigint;
  /** The token that is checked against the name and sealed, where the leaf has another one. */
  tokenOfSeal?: readonly [x: bigint, y: bigint];
  /** What is added to the coordinates of T before it is sealed. */
  addedToSealed?: readonly [x: bigint, y: bigint];
  /** Replace inputs after the honest layout was made of them, so that they may be out of range. */
  index?: bigint;
  randomness?: bigint;
  nameHash?: bigint;
  salt?: bigint;
}

/** Gives a witness for the real circuit that contains the lies and everything that follows from them. */
export type Forger = (input: SignInput, lies?: Lies) => Promise<bigint[]>;

/** Compiles the calculator without checks and learns where its values belong in the real circuit. */
export async function makeForger(real: CompiledCircuit): Promise<Forger> {
  const forge = await compileForge();
  const source = readWires(forge.symbols);
  const target = [...readWires(real.symbols)].map(([name, wire]) => {
    const from = source.get(name);
    if (from === undefined) throw new Error(`the forged circuit has no signal ${name}`);
    return [wire, from] as const;
  });

  return async (input, lies = {}) => {
    const randomnessBits = bitsOf(input.randomness, RANDOMNESS_BITS);
    const values = {
      ...signInput(input),
      pathBits: bitsOf(BigInt(input.index), MAX_DEPTH),
      depthLies: Array(MAX_DEPTH + 1).fill(0),
      randomnessBits,
      bitsOfShared: lies.randomnessBits ?? randomnessBits,
      keyLie: 0,
      secretOfNullifier: input.secret,
      tokenOfSeal: input.token,
      addedToSealed: [0, 0],
      ...lies,
    };
    const calculated = await calculateWitness(forge, values);
    const witness: bigint[] = [1n];
    for (const [wire, from] of target) witness[wire] = calculated[from] as bigint;
    return witness;
  };
}

export function bitsOf(value: bigint, count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => (value >> BigInt(i)) & 1n);
}

async function compileForge(): Promise<CompiledCircuit> {
  await mkdir('build', { recursive: true });
  const folder = await mkdtemp(join('build', 'forge-'));
  try {
    await cp('node_modules/circomlib/circuits', folder, { recursive: true });
    await cp('node_modules/@zk-kit/binary-merkle-root.circom/src', folder, { recursive: true });
    await cp('circuits/sign.circom', join(folder, 'sign.circom'));
    await cp('circuits/parts', join(folder, 'parts'), { recursive: true });
    for (const [file, from, to] of EDITS) {
      const text = await readFile(join(folder, file), 'utf8');
      if (text.split(from).length !== 2) throw new Error(`${file}: "${from}" must stand there exactly once`);
      await writeFile(join(folder, file), text.replace(from, to));
    }
    return await compileCircuit(`build/${basename(folder)}/sign.circom`, { optimisation: '--O0', libraries: [folder] });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
