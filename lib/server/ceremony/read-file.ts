import 'server-only';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { shareBytes } from '../http/share-bytes.ts';
import { requireDesk } from './desk.ts';

const PUBLIC = [
  /^(description|beacon|transcript|verification-key)\.json$/,
  /^(powers-of-tau\.ptau|final\.zkey|keys\/circuit\.r1cs)$/,
  /^(keys\/\d{4}\.zkey|attestations\/\d{4}\.(json|txt))$/,
];

/** Each is written once, whole. */
const LARGE = /\.(zkey|ptau|r1cs)$/;

/** A file of the ceremony's folder. Whoever gets it checks its hash. @throws AppError NO_CEREMONY, FILE_NOT_FOUND */
export async function readCeremonyFile(ctx: Context, path: string): Promise<{ bytes: Uint8Array; type: string }> {
  const desk = requireDesk(ctx);
  if (!PUBLIC.some((pattern) => pattern.test(path))) throw new AppError('FILE_NOT_FOUND');
  const load = () =>
    desk.read(path).catch(() => {
      throw new AppError('FILE_NOT_FOUND');
    });
  const bytes = LARGE.test(path) ? await shareBytes(`${desk.folder}/${path}`, load) : await load();
  return { bytes, type: typeOf(path) };
}

function typeOf(path: string): string {
  if (path.endsWith('.json')) return 'application/json';
  return path.endsWith('.txt') ? 'text/plain;charset=utf-8' : 'application/octet-stream';
}
