import { createProofSystem } from '#lib/checking/proof-system.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { ProofSystem, RecordReport } from '#lib/protocol/record/report.ts';
import { RecordVerifier } from '#lib/protocol/record/verifier.ts';
import { systemRandom } from './world.ts';

/** The proof system that everybody uses, over the committed keys. */
export async function realProofSystem(): Promise<ProofSystem> {
  const manifest = await loadManifest(readFromDisk());
  if (!manifest.ok) throw new Error(manifest.code);
  return createProofSystem(manifest.value, readFromDisk(), systemRandom);
}

export async function verifyLines(lines: readonly string[], proofs: ProofSystem): Promise<RecordReport> {
  const verifier = new RecordVerifier(proofs);
  for (const line of lines) await verifier.push(line);
  return verifier.finish();
}
