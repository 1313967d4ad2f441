import 'server-only';
import { MANIFEST_PATH } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { shareBytes } from '../http/share-bytes.ts';

export type Artifact = { bytes: Uint8Array; type: string; isNamedByHash: boolean };

const read = readFromDisk();

/**
 * A file of the proving artifacts: the manifest, or one that the manifest lists. Nothing else on the disk has an address.
 * Whoever gets it checks its hash. @throws AppError FILE_NOT_FOUND
 */
export async function readArtifact(ctx: Context, path: string): Promise<Artifact> {
  if (path === MANIFEST_PATH) return { bytes: await read(path), type: 'application/json', isNamedByHash: false };
  const listed = ctx.manifest.keys.flatMap(({ files }) => Object.values(files)).some((file) => file.path === path);
  if (!listed) throw new AppError('FILE_NOT_FOUND');
  return { bytes: await shareBytes(path, () => read(path)), type: typeOf(path), isNamedByHash: true };
}

function typeOf(path: string): string {
  if (path.endsWith('.json')) return 'application/json';
  return path.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
}
