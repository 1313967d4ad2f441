import { readFile } from 'node:fs/promises';
import { requireSecretFile } from './private-places.ts';

/**
 * The 32 bytes of an Ed25519 seed out of a file with 64 hex digits.
 * @throws Error naming the file, when it is missing, holds something else, or others may read it
 */
export async function readSeedFile(file: string): Promise<Uint8Array> {
  requireSecretFile(file);
  const text = (await readFile(/* turbopackIgnore: true */ file, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${file} must hold the seed of an Ed25519 key: 64 hex digits`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}
