import { bn254 } from '@noble/curves/bn254.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { BASE_FIELD_ORDER } from '#lib/protocol/board/signature.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { readGroth16Key, readWitness } from './groth16-files.ts';
import { type Affine, type Kernel, NUMBER_BYTES, type SumPart } from './kernel.ts';
import { type ParsedProof, parseProof } from './proof.ts';

// Groth, "On the Size of Pairing-Based Non-interactive Arguments", 2016, section 3.2, with the keys and the choices of snarkjs:
//   A = alpha + sum of w_i A_i + r delta        B = beta + sum of w_i B_i + s delta
//   C = sum of private w_i C_i + sum of h_j H_j + s A + r B - r s delta
// Each is one sum of scalars and points. For the same r and s the proof is the one that snarkjs makes.

/** Two secret scalars, drawn for each proof and used once: whoever learns them and the proof learns about the witness. */
export interface Blinding {
  readonly r: Field;
  readonly s: Field;
}

export interface Groth16Proof {
  readonly proof: ParsedProof;
  /** Canonical decimals, in the circuit's order. */
  readonly publicSignals: string[];
}

const { Fr } = bn254.fields;
/** Coordinates of proving keys come times this. */
const KEY_FORM = 1n << 256n;
/** The highest power of two that divides r - 1. */
const TWO_ADICITY = 28n;
/** Of order 2^28: 5 is the least number without a square root. Keys of snarkjs are made for this choice. */
const ROOT = Fr.pow(5n, (FIELD_ORDER - 1n) >> TWO_ADICITY);

/**
 * Proves that a witness satisfies the circuit of a proving key; with a witness that does not, the proof does not hold. The kernel
 * holds secrets afterwards: `wipe` it. `pause` is awaited between the parts, and ends the work by throwing.
 *
 * @throws LayoutError when a file is not what it should be, or the two are of different circuits
 */
export async function proveGroth16(
  kernel: Kernel,
  files: { readonly zkey: Uint8Array; readonly witness: Uint8Array },
  { r, s }: Blinding,
  pause: () => Promise<void>,
): Promise<Groth16Proof> {
  const key = readGroth16Key(files.zkey);
  const witness = readWitness(files.witness, key.signals);
  const hidden = witness.subarray((key.publicSignals + 1) * NUMBER_BYTES);

  const a = kernel.sum(1, [{ points: key.a, scalars: witness }, terms([key.alpha1, 1n], [key.delta1, r])]);
  await pause();
  const b1 = kernel.sum(1, [{ points: key.b1, scalars: witness }, terms([key.beta1, 1n], [key.delta1, s])]);
  await pause();
  const b2 = kernel.sum(2, [{ points: key.b2, scalars: witness }, terms([key.beta2, 1n], [key.delta2, s])]);
  await pause();
  const h = kernel.quotient({ ...key, witness, ...rootsOf(key.size) });
  await pause();
  const blinded = terms([toKeyForm(a), s], [toKeyForm(b1), r], [key.delta1, Fr.neg(Fr.mul(r, s))]);
  const c = kernel.sum(1, [{ points: key.c, scalars: hidden }, { points: key.h, scalars: h }, blinded]);
  h.fill(0);

  return { proof: toProof(a, b2, c), publicSignals: publicSignalsOf(witness, key.publicSignals) };
}

/** A few points with their scalars. */
function terms(...pairs: (readonly [Uint8Array, bigint])[]): SumPart {
  const points = pairs.map(([point]) => point);
  return { points: joined(points), scalars: joined(pairs.map(([, scalar]) => numberToBytesLE(scalar, NUMBER_BYTES))) };
}

/** A point of the first group in the form of a proving key, infinity as zeros. */
function toKeyForm(point: Affine): Uint8Array {
  return joined((point ?? [0n, 0n]).map((part) => numberToBytesLE((part * KEY_FORM) % BASE_FIELD_ORDER, NUMBER_BYTES)));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** A root of unity of that order; its square root, whose odd powers the quotient is evaluated on; and 1/size. */
function rootsOf(size: number): { root: bigint; shift: bigint; inverse: bigint } {
  const shift = Fr.pow(ROOT, (1n << TWO_ADICITY) / BigInt(2 * size));
  return { root: Fr.sqr(shift), shift, inverse: Fr.inv(BigInt(size)) };
}

function toProof(a: Affine, b: Affine, c: Affine): ParsedProof {
  const [A, B, C] = [a, b, c].map((point) => point?.map(String) ?? []);
  const parsed = parseProof({ a: A, b: [B?.slice(0, 2), B?.slice(2)], c: C });
  if (!parsed.ok) throw new TypeError('proof: a point is not on its curve');
  return parsed.value;
}

function publicSignalsOf(witness: Uint8Array, count: number): string[] {
  const at = (i: number) => bytesToNumberLE(witness.subarray(i * NUMBER_BYTES, (i + 1) * NUMBER_BYTES));
  return Array.from({ length: count }, (_, i) => at(i + 1).toString());
}
