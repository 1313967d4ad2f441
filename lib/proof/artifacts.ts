import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { parseJsonBytes } from '#lib/protocol/messages/json.ts';
import { type ArtifactFile, findKey, type Manifest, parseManifest } from './manifest.ts';
import type { ProvingFiles } from './prover.ts';
import { hashVerificationKey, parseVerificationKey, type VerificationKey, type VerificationKeyCode } from './verification-key.ts';

/** Gets the bytes of a file by its path below the artifacts folder: from disk, from the server, from wherever. Not trusted. */
export type FetchFile = (path: string) => Promise<Uint8Array>;

export type ArtifactCode = 'KEY_UNKNOWN' | 'ARTIFACT_ALTERED' | VerificationKeyCode;

/** Name of the manifest in the artifacts folder. */
export const MANIFEST_PATH = 'manifest.json';

/**
 * Reads the manifest, which is where trust in artifacts starts: it comes with the program.
 *
 * @throws whatever `fetchFile` throws
 */
export async function loadManifest(fetchFile: FetchFile): Promise<Checked<Manifest, 'MANIFEST_MALFORMED'>> {
  const parsed = parseJsonBytes(await fetchFile(MANIFEST_PATH));
  return parsed.ok ? parseManifest(parsed.value) : refuse('MANIFEST_MALFORMED');
}

/**
 * The verification key of that hash, provided that the manifest lists it. A statement or record that names another key could
 * have brought its own trapdoor.
 *
 * @returns KEY_UNKNOWN when it is not listed, ARTIFACT_ALTERED when the file is not the one that the manifest describes
 */
export async function loadVerificationKey(
  manifest: Manifest,
  hash: string,
  fetchFile: FetchFile,
): Promise<Checked<VerificationKey, ArtifactCode>> {
  const entry = findKey(manifest, hash);
  if (!entry) return refuse('KEY_UNKNOWN');
  const bytes = await loadFile(entry.files.verificationKey, fetchFile);
  if (!bytes.ok) return bytes;
  const key = parseVerificationKey(JSON.parse(new TextDecoder().decode(bytes.value)));
  if (key.ok && hashVerificationKey(key.value) !== hash) return refuse('ARTIFACT_ALTERED', entry.files.verificationKey.path);
  return key;
}

/**
 * Compiled circuit and proving key for that verification key, 8 MB, checked before anything runs them.
 * A changed circuit program could leak the secret into the proof, so bytes that fail the check must not be used at all.
 */
export async function loadProvingFiles(
  manifest: Manifest,
  hash: string,
  fetchFile: FetchFile,
): Promise<Checked<ProvingFiles, 'KEY_UNKNOWN' | 'ARTIFACT_ALTERED'>> {
  const entry = findKey(manifest, hash);
  if (!entry) return refuse('KEY_UNKNOWN');
  const [wasm, zkey] = await Promise.all([loadFile(entry.files.wasm, fetchFile), loadFile(entry.files.zkey, fetchFile)]);
  if (!wasm.ok) return wasm;
  if (!zkey.ok) return zkey;
  return accept({ wasm: wasm.value, zkey: zkey.value });
}

async function loadFile(file: ArtifactFile, fetchFile: FetchFile): Promise<Checked<Uint8Array, 'ARTIFACT_ALTERED'>> {
  const bytes = await fetchFile(file.path);
  const same = bytes.length === file.bytes && bytesToHex(sha256(bytes)) === file.sha256;
  return same ? accept(bytes) : refuse('ARTIFACT_ALTERED', file.path);
}
