import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.ts';
import { shareBytes } from '../http/share-bytes.ts';

/** One file of the standalone verifier. `sha256` is lower-case hex. */
export type VerifierFile = { name: string; sha256: string };

const LINE = /^([0-9a-f]{64}) {2}(round-robin-verifier\.(?:html|cjs))$/;

/** What `npm run build:verifier` has built on this machine; nothing where it was not run. */
export async function listVerifierFiles(): Promise<VerifierFile[]> {
  const sums = await readFile(placeOf('SHA256SUMS'), 'utf8').catch(() => '');
  return sums.split('\n').flatMap((line) => {
    const [, sha256, name] = LINE.exec(line) ?? [];
    return sha256 && name ? [{ name, sha256 }] : [];
  });
}

/** The bytes of a listed file, for keeping. @throws AppError FILE_NOT_FOUND */
export async function readVerifierFile(name: string): Promise<Uint8Array> {
  const listed = (await listVerifierFiles()).find((file) => file.name === name);
  if (!listed) throw new AppError('FILE_NOT_FOUND');
  return shareBytes(listed.sha256, async () => {
    const bytes = await readFile(placeOf(listed.name)).catch(() => null);
    if (bytes === null) throw new AppError('FILE_NOT_FOUND');
    return new Uint8Array(bytes);
  });
}

function placeOf(name: string): string {
  return path.join(/* turbopackIgnore: true */ process.cwd(), 'build', 'verifier', name);
}
