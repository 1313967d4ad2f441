import 'client-only';
import manifestFile from '#circuits/artifacts/manifest.json' with { type: 'json' };
import type { FetchFile } from '#lib/proof/artifacts.ts';
import { findKey, type Manifest, parseManifest } from '#lib/proof/manifest.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { createSiteFetch } from './site-files.ts';

const parsed = parseManifest(manifestFile);
if (!parsed.ok) throw new TypeError('circuits/artifacts/manifest.json is malformed');

/** The proving keys that this program accepts. They are part of the program, so a server cannot add one afterwards. */
export const manifest: Manifest = parsed.value;

/** Fetches artifacts from this site and tells how many bytes have come. The bytes are for the caller to check. */
export function createArtifactFetch(onBytes?: (bytes: number) => void): FetchFile {
  return createSiteFetch((path) => `/artifacts/${path}`, onBytes);
}

/** How many bytes proving under a key takes to fetch; 0 for an unknown key. */
export function provingBytes(verificationKey: Hex32): number {
  const files = findKey(manifest, verificationKey)?.files;
  return files ? files.wasm.bytes + files.zkey.bytes + files.verificationKey.bytes : 0;
}
