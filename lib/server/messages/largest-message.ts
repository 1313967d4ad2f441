import 'server-only';
import { sizeOf } from '#lib/protocol/reveal/wave-content.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { type FollowedWave, followBoard } from '../board/follower.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { LARGEST } from '../http/body.ts';
import { judgeKey } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';

/** Bytes of one item in a step: two points of a list, three of its proof, and two responses. Of one in an opening: a point. */
export const ITEM_BYTES = { mix: 1_200, opening: 200 } as const;
/**
 * The most bytes that are read of a message about a statement: a step of the largest wave that is due, and little where there is none,
 * so that a stranger cannot fill the memory in the name of members who may never sign. `declared` is how many are
 * announced, if that is known. SPEC §13. @throws AppError UNKNOWN_STATEMENT
 */
export async function largestMessage(ctx: Context, id: string, declared: number | null): Promise<number> {
  const { context } = await loadStatement(ctx, id);
  if (declared !== null && declared <= LARGEST.message) return LARGEST.message;
  const key = await judgeKey(ctx, context);
  if (key.status !== 'keyed' || ctx.now() >= destructionTime(context.statement)) return LARGEST.message;
  const { waves } = await followBoard(ctx, context, key);
  return waves.reduce((most, wave) => Math.max(most, largestOf(wave, 'mix')), LARGEST.message);
}

/** @throws AppError BODY_TOO_LARGE for a message that no honest trustee would send about this wave */
export function requireSize(wave: FollowedWave, kind: keyof typeof ITEM_BYTES, bytes: Uint8Array): void {
  if (bytes.length > largestOf(wave, kind)) throw new AppError('BODY_TOO_LARGE');
}

function largestOf({ wave }: FollowedWave, kind: keyof typeof ITEM_BYTES): number {
  return LARGEST.message + ITEM_BYTES[kind] * (wave ? sizeOf(wave) : 0);
}
