import 'server-only';
import type { Database } from '#db/client.ts';
import { and, eq } from '#db/drizzle.cjs';
import { entries } from '#db/schema/board.ts';
import { workOf } from '#lib/api/work-stamp.ts';
import { parseProof } from '#lib/proof/proof.ts';
import { bodyShape, listedHash } from '#lib/protocol/board/listed.ts';
import { publishByOf, type Receipt, restoreReceipt } from '#lib/protocol/board/receipt.ts';
import { checkEntry, type Entry, entryHash, fieldOf, publicSignals } from '#lib/protocol/board/signature.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { isBoardLost } from '../board/loss.ts';
import { isBoardHeld } from '../board/put-back.ts';
import { type Context, platformSeedOf } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { requireNotRefused } from '../moderation/require.ts';
import { requireKeyed } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';

/** Trustees ask every few seconds. */
const HELD_SECONDS = 10;

/** What is stored under a nullifier, and what its receipt names. */
type Stored = { hash: Hex32; listed: Hex32; action: 'sign' | 'withdraw'; publishBy: number; groupId: Hex32 };
type Accepted = { receipt: Receipt; isNew: boolean };

/**
 * Accepts a signature or a withdrawal on an open statement and promises, signed, to publish it under its listed hash. Who sends it is
 * never known. The same entry and salt again get the same receipt, also after the deadline; another one under the same nullifier is
 * refused. The pairing, the one expensive check, comes last. `isNew` is false for a repetition. SPEC §8.4, §9.2.
 * @param stamp of work for the entry (lib/api/work-stamp.ts), if its sender has done any
 */
export async function acceptSignature(ctx: Context, id: string, value: unknown, stamp: string | null = null): Promise<Accepted> {
  const stored = await loadStatement(ctx, id);
  const { context } = stored;
  const body = requireOk(checkShape(bodyShape, value));
  const entry = requireOk(checkEntry(context, body.entry));
  const keyed = await requireKeyed(ctx, context);
  const hash = entryHash(entry);
  const listed = listedHash(hash, body.salt);
  const before = await findEntries(ctx.db, entry);
  const same = before.find((row) => row.listed === listed);
  if (same) return { receipt: receiptOf(ctx, context, same), isNew: false };
  if (isBoardLost(stored)) throw new AppError('BOARD_LOST');
  platformSeedOf(ctx, context); // without its key no promise is made
  if (isBoardHeld(stored)) throw new AppError('BUSY', 'the board was put back from a copy, and waits for its trustees', HELD_SECONDS);
  requireInTime(ctx, context);
  await requireNotRefused(ctx.db, id);
  requireAdmissible(entry, before);

  const proof = parseProof(entry.proof);
  if (!proof.ok) throw new AppError('INVALID_PROOF');
  const { verificationKey } = context.statement;
  const toCheck = { name: hash, verificationKey, proof: proof.value, publicSignals: publicSignals(context, keyed.key, entry) };
  const holds = await ctx.proofs.check({ ...toCheck, statement: id, work: workOf(hash, stamp) });
  if (!holds) throw new AppError('INVALID_PROOF');

  requireInTime(ctx, context); // the check may have waited
  const { action, group: groupId } = entry.said;
  const publishBy = publishByOf(context.statement, ctx.now());
  return storeEntry(ctx, context, entry, { hash, listed, salt: body.salt, action, publishBy, groupId });
}

async function storeEntry(ctx: Context, context: StatementContext, entry: Entry, stored: Stored & { salt: Hex32 }): Promise<Accepted> {
  const row = { statement: context.id, nullifier: fieldOf(entry.nullifier), ...stored, body: entry };
  const isNew = await ctx.storeEntry(row, context.statement.cadence === 0);
  if (isNew) return { receipt: receiptOf(ctx, context, stored), isNew };
  const same = (await findEntries(ctx.db, entry)).find((other) => other.listed === stored.listed);
  if (same) return { receipt: receiptOf(ctx, context, same), isNew };
  await requireNotRefused(ctx.db, context.id); // the database leaves out what comes after the refusal
  throw new AppError(stored.action === 'sign' ? 'ALREADY_SIGNED' : 'ALREADY_WITHDRAWN');
}

/** What this nullifier has said under this statement: nothing, a signature, or a signature and its withdrawal. */
function findEntries(db: Database, entry: Entry): Promise<Stored[]> {
  const { hash, listed, action, publishBy, groupId } = entries;
  return db
    .select({ hash, listed, action, publishBy, groupId })
    .from(entries)
    .where(and(eq(entries.statement, entry.statement), eq(entries.nullifier, fieldOf(entry.nullifier))));
}

/** The rule of `admitEntry`, asked of the database, which also holds what waits for its checkpoint. */
function requireAdmissible({ said }: Entry, before: readonly Stored[]): void {
  const signature = before.find((row) => row.action === 'sign');
  if (said.action === 'sign') {
    if (signature) throw new AppError('ALREADY_SIGNED');
    return;
  }
  if (signature?.groupId !== said.group) throw new AppError('NOTHING_TO_WITHDRAW');
  if (before.some((row) => row.action === 'withdraw')) throw new AppError('ALREADY_WITHDRAWN');
}

function requireInTime(ctx: Context, context: StatementContext): void {
  if (ctx.now() > context.statement.deadline) throw new AppError('STATEMENT_CLOSED');
}

/** The receipt that was given for a stored entry: Ed25519 signs the same bytes to the same signature. */
function receiptOf(ctx: Context, context: StatementContext, { hash, listed, action, publishBy }: Stored): Receipt {
  return restoreReceipt(context, { entry: hash, listed, action }, publishBy, platformSeedOf(ctx, context));
}
