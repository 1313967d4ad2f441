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

/** The files that PLATFORM_OLD_KEY_FILES names, with commas between, the newest key first. */
export function listOldKeyFiles(setting: string | undefined): string[] {
  return (setting ?? '')
    .split(',')
    .map((file) => file.trim())
    .filter((file) => file !== '');
}

/** The file whose seed keys the hashes of addresses: of the oldest key, so that accounts are found when the key changes. */
export function accountKeyFile(platformKeyFile: string, oldKeyFiles: readonly string[]): string {
  return oldKeyFiles.at(-1) ?? platformKeyFile;
}
