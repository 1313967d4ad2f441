import { type ArtifactCode, type FetchFile, loadProvingFiles, loadVerificationKey } from '#lib/proof/artifacts.ts';
import { startKernel } from '#lib/proof/kernel.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import { loadPairing } from '#lib/proof/pairing.ts';
import { type ProvingFiles, type ProvingOptions, type ProvingStage, proveSign } from '#lib/proof/prover.ts';
import { formatSignals } from '#lib/proof/signals.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import { verifyProof } from '#lib/proof/verify.ts';
import type { Proof } from '#lib/protocol/board/signature.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { compareSignals, type ProofJob } from './make-entry.ts';

export type ProvingKit = { files: ProvingFiles; key: VerificationKey };

/** `files`: the 8 MB of circuit and proving key are fetched and hash-checked. */
export type JobStage = 'files' | ProvingStage | 'check';

/**
 * Fetches what proving under that verification key takes, every file checked against the manifest. What computes is compiled
 * meanwhile, so that a first proof takes little longer than a second.
 */
export async function loadProvingKit(manifest: Manifest, hash: Hex32, fetchFile: FetchFile): Promise<Checked<ProvingKit, ArtifactCode>> {
  const fetching = Promise.all([loadProvingFiles(manifest, hash, fetchFile), loadVerificationKey(manifest, hash, fetchFile)]);
  const [[files, key]] = await Promise.all([fetching, startKernel(), loadPairing()]);
  if (!files.ok) return files;
  if (!key.ok) return key;
  return accept({ files: files.value, key: key.value });
}

/**
 * Proves a job in this thread, with help where there is some, compares every output of the circuit with what the signer computed itself, and verifies the
 * proof as others will: a miscompiled circuit or a broken prover must not get a seal onto the board that opens to nothing.
 * @throws the reason of `signal`, a TimeoutError, or the prover's Error
 */
export async function proveJob(
  job: ProofJob,
  kit: ProvingKit,
  options: Pick<ProvingOptions, 'random' | 'helpers' | 'timeoutMs' | 'signal'> & { onStage?: (stage: JobStage) => void },
): Promise<Checked<Proof, 'PROOF_OTHER' | 'PROOF_INVALID'>> {
  const { random, onStage } = options;
  const proved = await proveSign(job.input, kit.files, options);
  const same = compareSignals(job.expected, formatSignals(proved.publicSignals));
  if (!same.ok) return same;
  onStage?.('check');
  const holds = await verifyProof(kit.key, proved, random);
  const { a, b, c } = proved.proof;
  return holds ? accept({ a, b, c }) : refuse('PROOF_INVALID', 'the proof that was made does not hold');
}
