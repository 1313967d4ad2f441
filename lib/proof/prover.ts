import type { Field } from '#lib/protocol/numbers/field.ts';
import { type Random, randomField } from '#lib/protocol/numbers/random.ts';
import type { Helpers } from '#lib/room/room.ts';
import { type Groth16Proof, type ProofRun, proveGroth16 } from './groth16.ts';
import { type Kernel, startKernel } from './kernel.ts';
import { type LibraryProof, type ParsedProof, proofFromLibrary, proofToLibrary } from './proof.ts';
import type { CircuitInput } from './sign-input.ts';
import { formatSignals, parseSignals } from './signals.ts';
import { calculateWitness, loadSnarkjs } from './snarkjs.ts';
import type { SumJobs } from './sum-jobs.ts';
import { withTimeLimit } from './time-limit.ts';
import type { VerificationKey } from './verification-key.ts';

/** What the prover is doing: working out all the circuit's values, then the proof itself. */
export type ProvingStage = 'witness' | 'proof';

export interface ProvingOptions {
  /** For the two scalars that hide the witness. */
  readonly random: Random;
  /** What to compute with instead of what this engine can: null for the prover library, several times slower. */
  readonly kernel?: Kernel | null;
  /** Who does a part of the work, in other threads; the library has no use for them. */
  readonly helpers?: Helpers<SumJobs> | undefined;
  /** Looked at between stages and parts of them. Within one the thread is busy: to stop at once, end the worker that proves. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly onStage?: (stage: ProvingStage) => void;
}

/** Compiled circuit and proving key. Only bytes that `artifacts.ts` has checked against the manifest belong here. */
export interface ProvingFiles {
  readonly wasm: Uint8Array;
  readonly zkey: Uint8Array;
}

export interface ProvedSignature {
  readonly proof: ParsedProof;
  /** In the order of SIGNAL_NAMES. */
  readonly publicSignals: Field[];
}

const PROVING_TIME_LIMIT_MS = 120_000;
const VERIFYING_TIME_LIMIT_MS = 10_000;

/**
 * Proves a signature. Takes a quarter of a second of one thread, less with helpers, twice as much where the engine lacks fused
 * arithmetic, and by the library seconds and some 200 MB: in a page, call it in a worker. The proof is the same either way, for the
 * same randomness; the library draws its own.
 * The outputs (root, nullifier, ephemeral, sealed) come from the circuit; comparing the root with the roll's is the caller's.
 *
 * @throws the reason of `signal`, a TimeoutError, or the library's Error when the input does not satisfy the circuit
 */
export async function proveSign(input: CircuitInput, files: ProvingFiles, options: ProvingOptions): Promise<ProvedSignature> {
  const { signal, timeoutMs = PROVING_TIME_LIMIT_MS } = options;
  return withTimeLimit(prove(input, files, options), timeoutMs, signal);
}

async function prove(input: CircuitInput, files: ProvingFiles, options: ProvingOptions): Promise<ProvedSignature> {
  const { signal, onStage, random } = options;
  const pause = async () => {
    await letOthersRun();
    signal?.throwIfAborted();
  };
  signal?.throwIfAborted();
  onStage?.('witness');
  const witness = await calculateWitness(input, files.wasm);
  try {
    await pause();
    onStage?.('proof');
    const kernel = options.kernel === undefined ? await startKernel() : options.kernel;
    const made = kernel
      ? await proveWithKernel(kernel, { zkey: files.zkey, witness }, random, { helpers: options.helpers, signal, pause })
      : await proveWithLibrary({ zkey: files.zkey, witness });
    signal?.throwIfAborted();
    const signals = parseSignals(made.publicSignals);
    if (!signals.ok) throw new TypeError('publicSignals: the proving key belongs to another circuit');
    return { proof: made.proof, publicSignals: signals.value };
  } finally {
    witness.fill(0);
  }
}

type Files = { readonly zkey: Uint8Array; readonly witness: Uint8Array };

async function proveWithKernel(kernel: Kernel, files: Files, random: Random, work: ProofRun): Promise<Groth16Proof> {
  try {
    return await proveGroth16(kernel, files, { r: randomField(random), s: randomField(random) }, work);
  } finally {
    kernel.wipe();
  }
}

async function proveWithLibrary({ zkey, witness }: Files): Promise<Groth16Proof> {
  const { groth16 } = await loadSnarkjs();
  const { proof, publicSignals } = await groth16.prove(zkey, witness);
  return { proof: proofFromLibrary(proof as LibraryProof), publicSignals: [...publicSignals] };
}

/**
 * Checks one proof with the prover library, ten times slower than `verify.ts`: for comparison and second opinions.
 * The signals are the caller's own knowledge. A point outside the subgroup may pass here; `verify.ts` refuses it.
 *
 * @throws TimeoutError after ten seconds
 */
export async function verifyGroth16Single(key: VerificationKey, proof: ParsedProof, publicSignals: readonly Field[]): Promise<boolean> {
  const { groth16 } = await loadSnarkjs();
  const verified = groth16.verify(key, formatSignals(publicSignals), proofToLibrary(proof));
  return withTimeLimit(verified, VERIFYING_TIME_LIMIT_MS);
}

function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
