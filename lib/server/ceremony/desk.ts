import 'server-only';
import path from 'node:path';
import { isBeaconDue } from '#lib/ceremony/beacon.ts';
import { readIfThere } from '#lib/ceremony/disk.ts';
import { CEREMONY_FILES } from '#lib/ceremony/transcript.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { CeremonyDesk } from './open-desk.ts';

/** @throws AppError NO_CEREMONY */
export function requireDesk(ctx: Context): CeremonyDesk {
  if (!ctx.ceremony) throw new AppError('NO_CEREMONY');
  return ctx.ceremony;
}

/** @throws AppError CEREMONY_CLOSED once the beacon can be known: who contributes after that could choose by it */
export async function requireOpen(ctx: Context, desk: CeremonyDesk): Promise<void> {
  if (await isClosed(ctx, desk)) throw new AppError('CEREMONY_CLOSED');
}

/** Whether the beacon was applied, or could be known by now. */
export async function isClosed(ctx: Context, { description: { beacon }, folder }: CeremonyDesk): Promise<boolean> {
  if (isBeaconDue(beacon, ctx.now())) return true;
  return (await readIfThere(path.join(/* turbopackIgnore: true */ folder, CEREMONY_FILES.beacon))) !== null;
}
