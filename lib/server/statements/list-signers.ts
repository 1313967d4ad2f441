import 'server-only';
import type { SignerList } from '#lib/api/shapes.ts';
import { listSigners } from '#lib/protocol/reveal/names.ts';
import { listNames } from '../board/reveal-names.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { loadStatement } from './load.ts';

/** The names that are open so far, each token once and in the order of the circle. SPEC §13.1. @throws AppError UNKNOWN_STATEMENT, NOT_REVEALED */
export async function readSigners(ctx: Context, id: string): Promise<SignerList> {
  const { context } = await loadStatement(ctx, id);
  const names = listSigners(await listNames(ctx.db, context.id));
  if (names.length === 0) throw new AppError('NOT_REVEALED');
  const groups = [...context.rolls].map(
    ([
      group,
      {
        group: { name },
      },
    ]) => ({ id: group, name }),
  );
  return { statement: context.id, groups, names };
}
