import { bn254 } from '@noble/curves/bn254.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { BASE_FIELD_ORDER } from '#lib/protocol/board/signature.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import type { Helpers } from '#lib/room/room.ts';
import { divideSums, SUM_DEGREES, SUM_NAMES, type SumName, type SumToDo } from './divide-sums.ts';
import { type Groth16Key, readGroth16Key, readWitness } from './groth16-files.ts';
import { type Affine, type Kernel, NUMBER_BYTES, type SumPart } from './kernel.ts';
import { type ParsedProof, parseProof } from './proof.ts';
import type { MadeSum, SumJobs } from './sum-jobs.ts';

// Groth, "On the Size of Pairing-Based Non-interactive Arguments", 2016, section 3.2, with the keys and the choices of snarkjs:
//   A = alpha + sum of w_i A_i + r delta        B = beta + sum of w_i B_i + s delta
//   C = sum of private w_i C_i + sum of h_j H_j + s A + r B - r s delta
// Each is one sum of scalars and points, made in parts by as many threads as there are. For the same r and s the proof is the one that snarkjs makes.

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

/** Who else works on a proof, and what ends it. `pause` is awaited between the parts that are made here, and ends them by throwing. */
export interface ProofRun {
  readonly helpers?: Helpers<SumJobs> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly pause: () => Promise<void>;
}

/**
 * Proves that a witness satisfies the circuit of a proving key; with a witness that does not, the proof does not hold. The kernel
 * holds secrets afterwards: `wipe` it. Helpers get the parts of key and witness that they need, and give none of it back.
 *
 * @throws LayoutError when a file is not what it should be, or the two are of different circuits; what `pause` and helpers throw
 */
export async function proveGroth16(
  kernel: Kernel,
  files: { readonly zkey: Uint8Array; readonly witness: Uint8Array },
  { r, s }: Blinding,
  { helpers, signal, pause }: ProofRun,
): Promise<Groth16Proof> {
  const key = readGroth16Key(files.zkey);
  const witness = readWitness(files.witness, key.signals);
  const [here = [], ...elsewhere] = divideSums(sumsOf(key, witness), key.size, 1 + (helpers?.count ?? 0));
  const lent = Promise.all(elsewhere.map((parts) => lend(helpers as Helpers<SumJobs>, parts, signal)));
  lent.catch(() => {}); // told below, when what is made here is done

  const h = kernel.quotient({ ...key, witness, ...rootsOf(key.size) });
  await pause();
  const made = await sumHere(kernel, [...here, { of: 'c', points: key.h, scalars: h }], pause);
  h.fill(0);
  const all = [...made, ...(await lent).flat()];
  return { proof: putTogether(kernel, key, all, { r, s }), publicSignals: publicSignalsOf(witness, key.publicSignals) };
}

function sumsOf({ a, b1, b2, c, publicSignals }: Groth16Key, witness: Uint8Array): Record<SumName, SumPart> {
  const over = (points: Uint8Array) => ({ points, scalars: witness });
  const hidden = witness.subarray((publicSignals + 1) * NUMBER_BYTES);
  return { a: over(a), b1: over(b1), b2: over(b2), c: { points: c, scalars: hidden } };
}

/** Has sums made by another thread, which gets copies that are its own: nothing of them stays here. */
function lend(helpers: Helpers<SumJobs>, parts: readonly SumToDo[], signal: AbortSignal | undefined): Promise<MadeSum[]> {
  const copies = parts.map(({ of, points, scalars }) => ({ of, points: points.slice(), scalars: scalars.slice() }));
  return helpers.run('sums', copies, { signal, transfer: copies.flatMap(({ points, scalars }) => [points.buffer, scalars.buffer]) });
}

async function sumHere(kernel: Kernel, parts: readonly SumToDo[], pause: () => Promise<void>): Promise<MadeSum[]> {
  const made: MadeSum[] = [];
  for (const of of SUM_NAMES) {
    const own = parts.filter((part) => part.of === of);
    if (own.length === 0) continue;
    made.push({ of, point: kernel.sum(SUM_DEGREES[of], own) });
    await pause();
  }
  return made;
}

function putTogether(kernel: Kernel, key: Groth16Key, made: readonly MadeSum[], { r, s }: Blinding): ParsedProof {
  const add = (name: SumName, ...more: Term[]) => {
    const parts = made.filter(({ of }) => of === name).map(({ point }): Term => [toKeyForm(point, SUM_DEGREES[name]), 1n]);
    return kernel.sum(SUM_DEGREES[name], [terms(...parts, ...more)]);
  };
  const a = add('a', [key.alpha1, 1n], [key.delta1, r]);
  const b1 = add('b1', [key.beta1, 1n], [key.delta1, s]);
  const b2 = add('b2', [key.beta2, 1n], [key.delta2, s]);
  const c = add('c', [toKeyForm(a, 1), s], [toKeyForm(b1, 1), r], [key.delta1, Fr.neg(Fr.mul(r, s))]);
  return toProof(a, b2, c);
}

type Term = readonly [point: Uint8Array, scalar: bigint];

/** A few points with their scalars. */
function terms(...pairs: readonly Term[]): SumPart {
  const points = pairs.map(([point]) => point);
  return { points: joined(points), scalars: joined(pairs.map(([, scalar]) => numberToBytesLE(scalar, NUMBER_BYTES))) };
}

/** A point in the form of a proving key, infinity as zeros. */
function toKeyForm(point: Affine, degree: 1 | 2): Uint8Array {
  return joined(
    (point ?? Array<bigint>(2 * degree).fill(0n)).map((part) => numberToBytesLE((part * KEY_FORM) % BASE_FIELD_ORDER, NUMBER_BYTES)),
  );
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
