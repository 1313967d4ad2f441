import 'server-only';
import type { Database } from '#db/client.ts';
import { and, eq, type SQL, sql } from '#db/drizzle.cjs';
import { statements } from '#db/schema/board.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import { type MessageReceipt, signMessageReceipt } from '#lib/protocol/board/receipt.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { type Context, platformSeedOf } from '../context.ts';
import { AppError } from '../errors.ts';
import type { MessageHead } from '../threads/receive-message.ts';

/** A message that may be stored: what it says of itself, the hash that its author signed, and its one spelling. */
export type Storable = { message: MessageHead; hash: Hex32; body: SQL };
/** The platform's receipt, and whether the message is new. */
export type Taken = { receipt: MessageReceipt; isNew: boolean };

/** What is known of an earlier message about the same thing. */
export type Earlier = { hash: Hex32; subject: Hex32 | null; step: number | null; evidence: boolean };

/** Messages of one trustee about one statement that wait to be stored; side by side come the steps of small waves. */
const MOST_OF_AUTHOR = 16;
/** A committee has no more. */
const MOST_AUTHORS = 16;

/** What a message is about, where its author may send several of its kind: the dealer, the checkpoint's or the wave's number. */
function slotOf(message: MessageHead): number {
  if (message.type === 'complaint') return message.deal.trustee;
  if (message.type === 'cosignature') return message.number;
  return message.type === 'opening' || message.type === 'mix' ? message.wave : 0;
}

function subjectOf(message: MessageHead): Hex32 | null {
  if (message.type === 'cosignature') return message.checkpoint;
  if (message.type === 'mix') return message.previous;
  return message.type === 'opening' ? message.mix : null;
}

/** The receipt that was given for a message before; null if it is new. */
export async function findReceipt(ctx: Context, context: StatementContext, hash: Hex32, db: Database = ctx.db): Promise<Taken | null> {
  const [row] = await db
    .select({ time: trusteeMessages.receivedAt })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, context.id), eq(trusteeMessages.hash, hash)));
  return row ? { receipt: signMessageReceipt(context, hash, row.time, platformSeedOf(ctx, context)), isNew: false } : null;
}

/** What its author has said before about the same thing. */
export function findEarlier(db: Database, statement: Hex32, message: MessageHead): Promise<Earlier[]> {
  const { hash, subject, step, evidence } = trusteeMessages;
  return db
    .select({ hash, subject, step, evidence })
    .from(trusteeMessages)
    .where(
      and(
        eq(trusteeMessages.statement, statement),
        eq(trusteeMessages.type, message.type),
        eq(trusteeMessages.trustee, message.trustee),
        eq(trusteeMessages.slot, slotOf(message)),
      ),
    );
}

/**
 * Stores a message under the next cursor of its statement. `judge` looks at what its author said before, while nothing else about the
 * statement is written: it says whether the message is kept as evidence only, or refuses. `write` stores what belongs to it.
 */
export async function storeMessage(
  ctx: Context,
  context: StatementContext,
  { message, hash, body }: Storable,
  judge: (tx: Database, earlier: readonly Earlier[]) => Promise<boolean>,
  write: (tx: Database) => Promise<void> = async () => {},
): Promise<Taken> {
  const { id } = context;
  const inTransaction = () =>
    ctx.db.transaction(async (tx) => {
      // One message at a time: cursors become visible in their order, and the state does not change between look and write.
      await tx.select({ id: statements.id }).from(statements).where(eq(statements.id, id)).for('no key update');
      const known = await findReceipt(ctx, context, hash, tx);
      if (known) return known;
      const evidence = await judge(tx, await findEarlier(tx, id, message));
      const [next] = await tx
        .update(statements)
        .set({ messages: sql`${statements.messages} + 1` })
        .where(eq(statements.id, id))
        .returning({ cursor: statements.messages });
      const { type, trustee } = message;
      const step = type === 'mix' ? message.step : null;
      const receivedAt = ctx.now();
      const about = { statement: id, cursor: next?.cursor as number, type, trustee, slot: slotOf(message), subject: subjectOf(message) };
      await tx.insert(trusteeMessages).values({ ...about, hash, step, evidence, receivedAt, body });
      await write(tx);
      return { receipt: signMessageReceipt(context, hash, receivedAt, platformSeedOf(ctx, context)), isNew: true };
    });
  // By author first: whoever sends much that is refused keeps only itself waiting.
  return ctx.lines.wait(`${id}/${message.trustee}`, MOST_OF_AUTHOR, () => ctx.lines.wait(id, MOST_AUTHORS, inTransaction));
}

/** A message that contradicts one that counts is kept as evidence, once. @throws AppError MESSAGE_CONFLICT */
export function judgeContradiction(earlier: readonly Pick<Earlier, 'evidence'>[]): boolean {
  if (earlier.length === 0) return false;
  if (earlier.some(({ evidence }) => evidence)) throw new AppError('MESSAGE_CONFLICT');
  return true;
}
