import { verifyProofs } from '../../lib/proof/verify.ts';
import type { ProofSystem, RecordReport } from '../../lib/protocol/record-report.ts';
import { RecordVerifier } from '../../lib/protocol/record-verifier.ts';
import { loadCurrentKey } from '../proof/current-key.ts';
import { systemRandom } from './world.ts';

/** The real proof system under the committed key; `setup` is the one that the manifest lists beside it. */
export async function realProofSystem(setup: string): Promise<ProofSystem> {
  const { hash, key } = await loadCurrentKey();
  return {
    isListed: (verificationKey, itsSetup) => verificationKey === hash && itsSetup === setup,
    findBadProofs: (_, batch) => verifyProofs(key, batch, { random: systemRandom }),
  };
}

export async function verifyLines(lines: readonly string[], proofs: ProofSystem): Promise<RecordReport> {
  const verifier = new RecordVerifier(proofs);
  for (const line of lines) await verifier.push(line);
  return verifier.finish();
}
