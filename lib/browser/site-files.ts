import 'client-only';
import type { FetchFile } from '#lib/proof/artifacts.ts';

/**
 * Fetches files of this site, without credentials or referrer, and tells how many bytes have come. The bytes are for the
 * caller to check.
 * @param addressOf the address on this site of a file's path
 */
export function createSiteFetch(addressOf: (path: string) => string, onBytes: (bytes: number) => void = () => {}): FetchFile {
  return async (path) => {
    const response = await fetch(addressOf(path), { credentials: 'omit', referrerPolicy: 'no-referrer' });
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
