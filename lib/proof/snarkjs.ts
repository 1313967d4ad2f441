import * as snarkjs from 'snarkjs';
import type { CircuitInput } from './sign-input.ts';

// The only file that imports the prover library, so that it can be exchanged in one place.
//
// The library looks for its curve in a global and otherwise builds one with worker threads. Threads would keep a process
// alive, and would hang for ever in a page whose policy forbids nested workers, so the single-threaded curve is put there
// before every use; other copies of the library reset that global when they are imported.

/** A point as the library holds it: coordinates in Montgomery form. */
export type CurvePoint = Uint8Array;

/** Operations on one of the two groups, as far as they are used here. */
export interface CurveGroup {
  readonly g: CurvePoint;
  readonly F: { readonly n8: number };
  eq(a: CurvePoint, b: CurvePoint): boolean;
  isZero(a: CurvePoint): boolean;
  neg(a: CurvePoint): CurvePoint;
  toAffine(a: CurvePoint): CurvePoint;
  timesFr(a: CurvePoint, scalar: Uint8Array): CurvePoint;
  timesScalar(a: CurvePoint, scalar: bigint): CurvePoint;
  isValid(a: CurvePoint): boolean;
  fromRng(random: CurveRandom): CurvePoint;
  toRprUncompressed(buffer: Uint8Array, offset: number, point: CurvePoint): void;
  /** Sum of scalar · point; scalars little-endian, all of one width. */
  multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<CurvePoint>;
}

/** A stream of numbers in the form in which the library draws from it. */
export interface CurveRandom {
  nextU32(): number;
  nextU64(): bigint;
  nextBool(): boolean;
}

export interface Curve {
  readonly G1: CurveGroup;
  readonly G2: CurveGroup;
  readonly Fr: { fromRng(random: CurveRandom): Uint8Array };
  readonly r: bigint;
  pairingEq(...points: CurvePoint[]): Promise<boolean>;
}

/** A file of the library that lives in memory. */
export interface MemoryFile {
  type: 'mem';
  data?: Uint8Array;
}

/** The library's own messages; the errors are what makes a refusal readable. */
export interface Logger {
  error(text: string): void;
  warn(text: string): void;
  info(text: string): void;
  debug(text: string): void;
}

interface CurveBuilder {
  curves: { getCurveFromName(name: 'bn128', options: { singleThread: true }): Promise<Curve> };
}

const shared = globalThis as { curve_bn128?: Curve };
let ready: Promise<Curve> | null = null;

/** The prover library with its curve in this thread. */
export async function loadSnarkjs() {
  ready ??= (snarkjs as unknown as CurveBuilder).curves.getCurveFromName('bn128', { singleThread: true });
  const curve = await ready;
  shared.curve_bn128 = curve;
  const { groth16, powersOfTau, wtns, zKey } = snarkjs;
  return { curve, groth16, powersOfTau, wtns, zKey };
}

/**
 * The values of all signals of a compiled circuit, as a witness file. Needs no curve: building one takes longer than a proof's sums.
 *
 * @throws the library's Error when the input does not satisfy the circuit
 */
export async function calculateWitness(input: CircuitInput, wasm: Uint8Array): Promise<Uint8Array> {
  const file: MemoryFile = { type: 'mem' };
  await snarkjs.wtns.calculate(input, wasm, file);
  if (!file.data) throw new TypeError('the prover library computed no witness');
  return file.data;
}
