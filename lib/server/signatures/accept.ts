import 'server-only';
import { and, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { entries } from '#db/schema.ts';
import { workOf } from '#lib/api/work-stamp.ts';
import { parseProof } from '#lib/proof/proof.ts';
import { type Receipt, signReceipt } from '#lib/protocol/board/board.ts';
import { checkEntry, type Entry, entryHash, fieldOf, publicSignals } from '#lib/protocol/board/signature.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { isBoardLost } from '../board/loss.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { requireKeyed } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';

type Stored = { hash: Hex32; action: 'sign' | 'withdraw'; publishBy: number };

/**
 * Accepts a signature or a withdrawal on an open statement and promises, signed, to publish it. Who sends it is never known.
 * The same entry again gets the same receipt, also after the deadline; another one under the same nullifier is refused. The
 * pairing, the one expensive check, comes last. `isNew` is false for a repetition. SPEC §8.4, §9.1.
 * @param stamp of work for the entry (lib/api/work-stamp.ts), if its sender has done any
 */
export async function acceptSignature(
  ctx: Context,
  id: string,
  value: unknown,
  stamp: string | null = null,
): Promise<{ receipt: Receipt; isNew: boolean }> {
  const stored = await loadStatement(ctx, id);
  const { context } = stored;
  const entry = requireOk(checkEntry(context, value));
  const keyed = await requireKeyed(ctx, context);
  const hash = entryHash(entry);
  const before = await findEntries(ctx.db, entry);
  const same = before.find((row) => row.hash === hash);
  if (same) return { receipt: receiptOf(ctx, context, same), isNew: false };
  if (isBoardLost(stored)) throw new AppError('BOARD_LOST');
  requireInTime(ctx, context);
  requireAdmissible(entry, before);

  const proof = parseProof(entry.proof);
  if (!proof.ok) throw new AppError('INVALID_PROOF');
  const { verificationKey } = context.statement;
  const toCheck = { name: hash, verificationKey, proof: proof.value, publicSignals: publicSignals(context, keyed.key, entry) };
  const holds = await ctx.proofs.check({ ...toCheck, statement: id, work: workOf(hash, stamp) });
  if (!holds) throw new AppError('INVALID_PROOF');

  requireInTime(ctx, context); // the check may have waited
  return storeEntry(ctx, context, entry, hash);
}

async function storeEntry(
  ctx: Context,
  context: StatementContext,
  entry: Entry,
  hash: Hex32,
): Promise<{ receipt: Receipt; isNew: boolean }> {
  const { action, group } = entry.said;
  const receipt = signReceipt(context.statement, { statement: context.id, entry: hash, action }, ctx.now(), ctx.signingSeed);
  const { publishBy } = receipt;
  const nullifier = fieldOf(entry.nullifier);
  const row = { statement: context.id, nullifier, action, groupId: group, hash, body: canonicalJson(entry), publishBy };
  if (await ctx.storeEntry(row, context.statement.cadence === 0)) return { receipt, isNew: true };
  const present = await findEntries(ctx.db, entry);
  const same = present.find((row) => row.hash === hash);
  if (same) return { receipt: receiptOf(ctx, context, same), isNew: false };
  throw new AppError(action === 'sign' ? 'ALREADY_SIGNED' : 'ALREADY_WITHDRAWN');
}

/** What this nullifier has said under this statement: nothing, a signature, or a signature and its withdrawal. */
function findEntries(db: Database, entry: Entry): Promise<(Stored & { groupId: Hex32 })[]> {
  return db
    .select({ hash: entries.hash, action: entries.action, publishBy: entries.publishBy, groupId: entries.groupId })
    .from(entries)
    .where(and(eq(entries.statement, entry.statement), eq(entries.nullifier, fieldOf(entry.nullifier))));
}

/** The rule of `admitEntry`, asked of the database, which also holds what waits for its checkpoint. */
function requireAdmissible({ said }: Entry, before: readonly (Stored & { groupId: Hex32 })[]): void {
  const signature = before.find((row) => row.action === 'sign');
  if (said.action === 'sign') {
    if (signature) throw new AppError('ALREADY_SIGNED');
    return;
  }
  if (signature?.hash !== said.withdraws || signature.groupId !== said.group) throw new AppError('NOTHING_TO_WITHDRAW');
  if (before.some((row) => row.action === 'withdraw')) throw new AppError('ALREADY_WITHDRAWN');
}

function requireInTime(ctx: Context, context: StatementContext): void {
  if (ctx.now() > context.statement.deadline) throw new AppError('STATEMENT_CLOSED');
}

/** The receipt that was given for a stored entry: Ed25519 signs the same bytes to the same signature. */
function receiptOf(ctx: Context, context: StatementContext, { hash, action, publishBy }: Stored): Receipt {
  return signMessage('receipt', { type: 'receipt' as const, statement: context.id, entry: hash, action, publishBy }, ctx.signingSeed);
}
