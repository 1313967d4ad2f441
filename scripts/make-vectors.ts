// node scripts/make-vectors.ts [FILE.json …]
// With names, writes those chapters. Without, writes test/vectors anew: everything in it follows from fixed seeds and the
// current verification key. Proofs that are known are kept; a new verification key needs new ones, a few seconds each.
import path from 'node:path';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';

const USAGE = `node scripts/make-vectors.ts [FILE.json …]

  With names, writes those chapters of test/vectors. Without, writes all of it anew.`;

await runScript(USAGE, async () => {
  const { positionals } = readCommandLine({ allowPositionals: true });
  process.chdir(path.resolve(import.meta.dirname, '..'));
  // The chapters make their scenes as they are loaded, which takes seconds.
  const { CHAPTERS } = await import('#test/protocol/make-vectors/all-chapters.ts');
  const { writeChapters, writeEverything } = await import('#test/protocol/make-vectors/write-vectors.ts');
  const chosen = positionals.map((name) => {
    const chapter = CHAPTERS.find(({ file }) => file === name);
    if (!chapter) throw new UsageError(`There is no chapter "${name}", but ${CHAPTERS.map(({ file }) => file).join(', ')}.`);
    return chapter;
  });
  if (chosen.length === 0) await writeEverything();
  else writeChapters(chosen);
  process.exit(0); // the prover keeps threads
});
