import { readFile } from 'node:fs/promises';
import { createProofSystem } from '../../lib/checking/proof-system.ts';
import { loadManifest } from '../../lib/proof/artifacts.ts';
import { readFromDisk } from '../../lib/proof/disk.ts';
import type { ProofSystem, ProofToCheck } from '../../lib/protocol/record-report.ts';
import { systemRandom } from '../support/world.ts';

/** The real proof system, which judges each proof under each key and signals once and then remembers what it said. */
export async function rememberingProofSystem(): Promise<ProofSystem> {
  const manifest = await loadManifest(readFromDisk());
  if (!manifest.ok) throw new Error(manifest.code);
  const real = createProofSystem(manifest.value, readFromDisk(), systemRandom);
  const verdicts = new Map<string, boolean>();
  const nameOf = (key: string, { proof, publicSignals }: ProofToCheck) => `${key} ${JSON.stringify(proof)} ${publicSignals.join()}`;
  return {
    isListed: real.isListed,
    findBadProofs: async (key, batch) => {
      const names = batch.map((item) => nameOf(key, item));
      const fresh = batch.filter((_, i) => !verdicts.has(names[i] as string));
      const bad = new Set((await real.findBadProofs(key, fresh)).map((i) => fresh[i]));
      for (const item of fresh) verdicts.set(nameOf(key, item), bad.has(item));
      return names.flatMap((name, i) => (verdicts.get(name) ? [i] : []));
    },
  };
}

/** A file of test/vectors. */
export function readVector(name: string): Promise<string> {
  return readFile(new URL(`../vectors/${name}`, import.meta.url), 'utf8');
}

/** The lines of a record of test/vectors, without their line feeds. */
export async function readRecord(name: string): Promise<string[]> {
  return (await readVector(name)).trimEnd().split('\n');
}
