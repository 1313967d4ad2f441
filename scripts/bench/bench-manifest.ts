import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactFile, Manifest } from '#lib/proof/manifest.ts';
import { root } from '../instance/runtime.ts';
import { BENCH_SETUP, type BenchKey } from '../make-record/bench-key.ts';
import { sha256Hex } from '../setup-ceremony/compile-circuit.ts';

/**
 * A list of proving keys with the bench key in it and nothing else, and that key's file. It is for processes that are told to
 * use this list; the one in the checkout never names the bench key.
 */
export async function makeBenchManifest(bench: BenchKey): Promise<{ manifest: Manifest; file: ArtifactFile; text: string }> {
  const real = JSON.parse(await readFile(path.join(root, 'circuits', 'artifacts', 'manifest.json'), 'utf8')) as Manifest;
  const text = JSON.stringify(bench.key);
  const file = { path: 'bench-key.json', sha256: sha256Hex(Buffer.from(text)), bytes: Buffer.byteLength(text) };
  const [first] = real.keys;
  if (!first) throw new Error('the manifest lists no key');
  const listed = { ...first, verificationKey: bench.hash, transcript: BENCH_SETUP, files: { ...first.files, verificationKey: file } };
  return { manifest: { current: bench.hash, keys: [listed] }, file, text };
}
