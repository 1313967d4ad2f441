// npm run verify-record -- FILE|URL|- [--json] [--threads N] [--bench]
// Checks a record with nothing but this checkout: no server is asked, except for the file itself where a URL is given.
// --bench also accepts the key of make-record, under which everybody can forge: for measuring, never for judging.
// Exit code 0: everything holds. 1: something does not. 2: there is no record to check, or the check was not finished.
import path from 'node:path';
import { loadAllKeys } from '#lib/checking/accepted-keys.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { root } from './instance/runtime.ts';
import { BENCH_SETUP, makeBenchKey } from './make-record/bench-key.ts';
import { runCommand } from './verify-record/command.ts';

process.stdout.on('error', () => process.exit(1)); // the reader of our output has gone

const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
const manifest = await loadManifest(fetchFile);
if (manifest.ok) {
  process.exitCode = await runCommand({
    usage: 'npm run verify-record -- FILE|URL|- [--json] [--threads N] [--bench]',
    manifest: manifest.value,
    loadKeys: () => loadAllKeys(manifest.value, fetchFile),
    loadBenchKey: async () => {
      const { key, hash } = await makeBenchKey();
      return { hash, setup: BENCH_SETUP, key };
    },
    threadFile: path.join(root, 'lib', 'checking', 'start-thread.ts'),
  });
} else {
  console.error('circuits/artifacts/manifest.json of this checkout is broken.');
  process.exitCode = 2;
}
