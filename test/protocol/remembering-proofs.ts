import { readFile } from 'node:fs/promises';
import type { ProofSystem, ProofToCheck, RecordReport } from '#lib/protocol/record/report.ts';
import { RecordVerifier } from '#lib/protocol/record/verifier.ts';
import { workHere } from '#lib/protocol/record/work.ts';
import { realProofSystem } from '../support/verify-lines.ts';
import { rememberWork } from './remember.ts';

/** The real proof system, which judges each proof under each key and signals once and then remembers what it said. */
export async function rememberingProofSystem(): Promise<ProofSystem> {
  const real = await realProofSystem();
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

const work = rememberWork(workHere);

/** What the verifier says of a record, whose last line may lack its line feed. Work that takes long is done once for each input. */
export async function checkLines(lines: readonly string[], proofs: ProofSystem, isEnded = true): Promise<RecordReport> {
  const verifier = new RecordVerifier(proofs, work);
  for (const [i, line] of lines.entries()) await verifier.push(line, isEnded || i < lines.length - 1);
  return verifier.finish();
}

/** A file of test/vectors. */
export function readVector(name: string): Promise<string> {
  return readFile(new URL(`../vectors/${name}`, import.meta.url), 'utf8');
}

/** The lines of a record of test/vectors, without their line feeds. */
export async function readRecord(name: string): Promise<string[]> {
  return (await readVector(name)).trimEnd().split('\n');
}
