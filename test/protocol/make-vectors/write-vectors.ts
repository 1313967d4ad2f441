// What scripts/make-vectors.ts writes, into test/vectors below the folder where it runs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { CHAPTERS } from './all-chapters.ts';
import { type Chapter, formatFile, makeChapter } from './chapter.ts';
import { createProver, type KnownProofs } from './prove-once.ts';
import { makeRecordFiles } from './record-files.ts';
import { makeRecordScenes } from './records.ts';
import { formatTallies, makeTallyVectors } from './tallies.ts';

const folder = 'test/vectors';

export function writeChapters(chapters: readonly Chapter[]): void {
  for (const chapter of chapters) write(chapter.file, formatFile(makeChapter(chapter)));
}

export async function writeEverything(): Promise<void> {
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
  mkdirSync(folder, { recursive: true });
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
