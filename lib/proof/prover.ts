import type { Field } from '#lib/protocol/numbers/field.ts';
import { type LibraryProof, type ParsedProof, proofFromLibrary, proofToLibrary } from './proof.ts';
import type { CircuitInput } from './sign-input.ts';
import { formatSignals, parseSignals } from './signals.ts';
import { loadSnarkjs } from './snarkjs.ts';
import { withTimeLimit } from './time-limit.ts';
import type { VerificationKey } from './verification-key.ts';

/** What the prover is doing: working out all the circuit's values, then the proof itself. */
export type ProvingStage = 'witness' | 'proof';

export interface ProvingOptions {
  /** Looked at between stages. Within one the thread is busy: to stop at once, end the worker that proves. */
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
 * Proves a signature. Takes seconds of one thread and some 200 MB: in a page, call it in a worker.
 * The outputs (root, nullifier, ephemeral, sealed) come from the circuit; comparing the root with the roll's is the caller's.
 *
 * @throws the reason of `signal`, a TimeoutError, or the library's Error when the input does not satisfy the circuit
 */
export async function proveSign(input: CircuitInput, files: ProvingFiles, options: ProvingOptions = {}): Promise<ProvedSignature> {
  const { signal, onStage, timeoutMs = PROVING_TIME_LIMIT_MS } = options;
  return withTimeLimit(prove(input, files, onStage, signal), timeoutMs, signal);
}

async function prove(
  input: CircuitInput,
  files: ProvingFiles,
  onStage: ProvingOptions['onStage'],
  signal: AbortSignal | undefined,
): Promise<ProvedSignature> {
  signal?.throwIfAborted();
  const { groth16, wtns } = await loadSnarkjs();
  onStage?.('witness');
  const witness: { type: 'mem'; data?: Uint8Array } = { type: 'mem' };
  await wtns.calculate(input, files.wasm, witness);
  await letOthersRun();
  signal?.throwIfAborted();

  onStage?.('proof');
  const { proof, publicSignals } = await groth16.prove(files.zkey, witness as unknown as Uint8Array);
  witness.data?.fill(0);
  signal?.throwIfAborted();

  const signals = parseSignals(publicSignals);
  if (!signals.ok) throw new TypeError('publicSignals: the proving key belongs to another circuit');
  return { proof: proofFromLibrary(proof as LibraryProof), publicSignals: signals.value };
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
