import { loadManifest, loadProvingFiles, loadVerificationKey } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { ProvingFiles } from '#lib/proof/prover.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';

/** The committed artifacts of the current key, as every part of the product loads them. */
export async function loadCurrentKey(): Promise<{ hash: string; key: VerificationKey; files: ProvingFiles }> {
  const fetchFile = readFromDisk();
  const manifest = await loadManifest(fetchFile);
  if (!manifest.ok) throw new Error(manifest.code);
  const hash = manifest.value.current;
  const [key, files] = await Promise.all([
    loadVerificationKey(manifest.value, hash, fetchFile),
    loadProvingFiles(manifest.value, hash, fetchFile),
  ]);
  if (!key.ok) throw new Error(key.code);
  if (!files.ok) throw new Error(files.code);
  return { hash, key: key.value, files: files.value };
}
