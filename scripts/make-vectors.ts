// node scripts/make-vectors.ts [FILE.json …]
// With names, writes those chapters. Without, writes test/vectors anew: everything in it follows from fixed seeds and the
// current verification key. Proofs that are known are kept; a new verification key needs new ones, a few seconds each.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { CHAPTERS } from '#test/protocol/make-vectors/all-chapters.ts';
import { formatFile, makeChapter } from '#test/protocol/make-vectors/chapter.ts';
import { createProver, type KnownProofs } from '#test/protocol/make-vectors/prove-once.ts';
import { makeRecordFiles } from '#test/protocol/make-vectors/record-files.ts';
import { makeRecordScenes } from '#test/protocol/make-vectors/records.ts';
import { formatTallies, makeTallyVectors } from '#test/protocol/make-vectors/tallies.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'test/vectors');
const USAGE = `node scripts/make-vectors.ts [FILE.json …]

  With names, writes those chapters: ${CHAPTERS.map(({ file }) => file).join(', ')}.
  Without, writes test/vectors anew.`;

await runScript(USAGE, async () => {
  const { positionals } = readCommandLine({ allowPositionals: true });
  const chosen = positionals.map(needChapter);
  process.chdir(root);
  mkdirSync(folder, { recursive: true });
  for (const chapter of chosen) write(chapter.file, formatFile(makeChapter(chapter)));
  if (chosen.length === 0) await writeAll();
  process.exit(0); // the prover keeps threads
});

function needChapter(name: string): (typeof CHAPTERS)[number] {
  const chapter = CHAPTERS.find(({ file }) => file === name);
  if (!chapter) throw new UsageError(`There is no chapter "${name}".`);
  return chapter;
}

async function writeAll(): Promise<void> {
  const manifest = await loadManifest(readFromDisk());
  if (!manifest.ok) throw new Error(manifest.code);
  const { verificationKey, transcript } = currentKey(manifest.value);
  const used: KnownProofs = {};
  const prover = createProver(readKnownProofs(), () => console.log('proving a signature'), used);
  const scenes = await makeRecordScenes({ verificationKey, setup: transcript }, prover);

  const files = makeRecordFiles(scenes);
  files.set('tallies.json', formatTallies(await makeTallyVectors({ verificationKey, setup: transcript }, prover)));
  files.set('proofs.json', `${JSON.stringify(used, null, 1)}\n`);
  for (const chapter of CHAPTERS) files.set(chapter.file, formatFile(makeChapter(chapter)));
  for (const [name, text] of files) write(name, text);
}

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text);
  console.log(`${name}: ${text.length} bytes`);
}

function readKnownProofs(): KnownProofs {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'proofs.json'), 'utf8')) as KnownProofs;
  } catch {
    return {};
  }
}
