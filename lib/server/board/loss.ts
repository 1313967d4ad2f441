import 'server-only';
import type { Database } from '#db/client.ts';
import { and, eq, inArray, notExists, sql } from '#db/drizzle.cjs';
import { checkpoints, statements } from '#db/schema/board.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import type { Cosignature } from '#lib/protocol/board/cosignature.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quorumOf } from '#lib/protocol/statement/statement.ts';
import type { StoredStatement } from '../statements/load.ts';

/**
 * Whether a board can never become final any more: what some trustees have vouched for is not on it, so they will cosign nothing that is,
 * and the others are fewer than a quorum. One trustee alone, who may lie, brings this about only where it could by silence. SPEC §13.
 */
export function isBoardLost({ context: { statement }, lostBy }: Pick<StoredStatement, 'context' | 'lostBy'>): boolean {
  return statement.committee.trustees.length - lostBy.length < quorumOf(statement);
}

/** Whether the board has the checkpoint that a cosignature is about. */
export async function hasCheckpoint(db: Database, { statement, number, checkpoint }: Cosignature): Promise<boolean> {
  const isIt = and(eq(checkpoints.statement, statement), eq(checkpoints.number, number), eq(checkpoints.hash, checkpoint));
  return (await db.select({ number: checkpoints.number }).from(checkpoints).where(isIt)).length > 0;
}

/** Notes that a trustee has shown a checkpoint that the board lacks. @returns false when it has shown one before */
export async function noteLoss(tx: Database, id: Hex32, trustee: number): Promise<boolean> {
  const [row] = await tx.select({ lostBy: statements.lostBy }).from(statements).where(eq(statements.id, id)).for('update');
  const before = row?.lostBy ?? [];
  if (before.includes(trustee)) return false;
  const lostBy = [...before, trustee].sort((a, b) => a - b);
  await tx.update(statements).set({ lostBy }).where(eq(statements.id, id));
  return true;
}

/** Notes that a trustee has vouched for this board after all, and so for no other: that is to be blamed on it alone. */
export async function forgetLoss(tx: Database, { statement: id, trustee, number }: Cosignature): Promise<void> {
  const [row] = await tx.select({ lostBy: statements.lostBy }).from(statements).where(eq(statements.id, id));
  const before = row?.lostBy ?? [];
  if (!before.includes(trustee)) return;
  const lost = await listLost(tx, id, [trustee]);
  if (lost.some((one) => one.number > number)) return;
  const lostBy = before.filter((one) => one !== trustee);
  await tx.update(statements).set({ lostBy }).where(eq(statements.id, id));
}

/** The cosignatures of these trustees that show it. */
export async function listLost(db: Database, id: Hex32, trustees: readonly number[]): Promise<Cosignature[]> {
  if (trustees.length === 0) return [];
  const { statement, slot, subject, body, type, evidence, trustee } = trusteeMessages;
  const known = db
    .select({ one: sql`1` })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, statement), eq(checkpoints.number, slot), eq(checkpoints.hash, subject)));
  const isIts = and(eq(statement, id), eq(type, 'cosignature'), eq(evidence, false), inArray(trustee, [...trustees]));
  const rows = await db
    .select({ body })
    .from(trusteeMessages)
    .where(and(isIts, notExists(known)));
  return rows.flatMap((row) => (row.body.type === 'cosignature' ? [row.body] : []));
}
