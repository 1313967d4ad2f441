import 'client-only';
import manifestFile from '../../circuits/artifacts/manifest.json' with { type: 'json' };
import type { FetchFile } from '../proof/artifacts.ts';
import { findKey, type Manifest, parseManifest } from '../proof/manifest.ts';
import type { Hex32 } from '../protocol/hash.ts';

const parsed = parseManifest(manifestFile);
if (!parsed.ok) throw new TypeError('circuits/artifacts/manifest.json is malformed');

/** The proving keys that this program accepts. They are part of the program, so a server cannot add one afterwards. */
export const manifest: Manifest = parsed.value;

/** Fetches artifacts from this site and tells how many bytes have come. The bytes are for the caller to check. */
export function createArtifactFetch(onBytes: (bytes: number) => void = () => {}): FetchFile {
  return async (path) => {
    const response = await fetch(`/artifacts/${path}`, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!response.ok || !response.body) throw new Error(`The site did not give out ${path} (status ${response.status}).`);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      onBytes(value.length);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  };
}

/** How many bytes proving under a key takes to fetch; 0 for an unknown key. */
export function provingBytes(verificationKey: Hex32): number {
  const files = findKey(manifest, verificationKey)?.files;
  return files ? files.wasm.bytes + files.zkey.bytes + files.verificationKey.bytes : 0;
}
