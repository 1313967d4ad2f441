import 'server-only';
import type { Database } from '#db/client.ts';
import { findDecisions } from '#db/moderation.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { AppError } from '../errors.ts';

/** @throws AppError STATEMENT_REFUSED if the operator refuses this statement, by its hash. SPEC §13.7. */
export async function requireNotRefused(db: Database, statement: Hex32): Promise<void> {
  const decision = (await findDecisions(db, [statement])).get(statement);
  if (decision?.action === 'refuse') throw new AppError('STATEMENT_REFUSED');
}

/** @throws AppError GROUP_HIDDEN if the operator has hidden a group that a statement or challenge names. SPEC §13.7. */
export async function requireShownGroups(db: Database, rolls: ReadonlyMap<Hex32, RollHeader>): Promise<void> {
  if ((await findDecisions(db, [...rolls.keys()])).size > 0) throw new AppError('GROUP_HIDDEN');
}
