import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadManifest, loadProvingFiles, loadVerificationKey } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey, type ManifestKey } from '#lib/proof/manifest.ts';
import { readCommandLine, runScript } from '../command-line/run-script.ts';
import { compileCircuit, PROJECT_ROOT, SIGN_CIRCUIT, sha256Hex } from './compile-circuit.ts';

const USAGE = `npm run circuit -- [--renew]

  Compiles the circuit and, when the current key is not for it or --renew is given, makes a development setup for it. A real key
  comes from a ceremony: scripts/setup-ceremony/README.md.`;

await runScript(USAGE, async () => {
  const { renew } = readCommandLine({ options: { renew: { type: 'boolean', default: false } } }).values;
  const compiled = await compileCircuit(SIGN_CIRCUIT);
  const r1cs = sha256Hex(compiled.r1cs);
  console.log(`${SIGN_CIRCUIT}: ${compiled.constraints} constraints, source ${compiled.source}, r1cs ${r1cs}`);

  const current = await findIntactKey();
  if (current && current.r1cs === r1cs && current.source === compiled.source && !renew) {
    console.log(
      `The current key ${current.verificationKey} (setup: ${current.setup}) is for this circuit, and its files are intact. Nothing to do.`,
    );
    return;
  }
  console.log('Making a development setup for it, about ten minutes …');
  const ceremony = fileURLToPath(new URL('ceremony.ts', import.meta.url));
  const child = spawn(process.execPath, [ceremony, 'dev', join(PROJECT_ROOT, 'circuits', 'ceremony')], { stdio: 'inherit' });
  child.on('close', (code) => {
    process.exitCode = code ?? 1;
  });
});

/** The current key of the manifest, if all its files are there and hold what the manifest says. */
async function findIntactKey(): Promise<ManifestKey | null> {
  const fetchFile = readFromDisk(join(PROJECT_ROOT, 'circuits', 'artifacts'));
  const manifest = await loadManifest(fetchFile).catch(() => null);
  if (!manifest?.ok) return null;
  const hash = manifest.value.current;
  const loaded = await Promise.all([
    loadVerificationKey(manifest.value, hash, fetchFile),
    loadProvingFiles(manifest.value, hash, fetchFile),
  ]).catch(() => []);
  return loaded.length === 2 && loaded.every((one) => one.ok) ? currentKey(manifest.value) : null;
}
