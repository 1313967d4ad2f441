// SPEC §9.2: receipts of the platform, for entries and for the messages of trustees
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isSignedBy, signMessage } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import { checkShape, hex32, hex64, unixTime } from '../messages/shape.ts';
import type { Statement, StatementContext } from '../statement/statement.ts';

/** Seconds to which the time of a receipt is rounded where the cadence is shorter. */
const STEP = 60;

export const receiptShape = z.strictObject({
  type: z.literal('receipt'),
  statement: hex32,
  /** The entry's hash; it covers the nullifier, so no two signers can be given one receipt. */
  entry: hex32,
  /** The hash that will stand in a checkpoint's list. */
  listed: hex32,
  action: z.enum(['sign', 'withdraw']),
  publishBy: unixTime,
  signature: hex64,
});
/** The platform's signed promise that an entry will be on the board by a time. RFC 9162's signed certificate timestamp. */
export type Receipt = z.infer<typeof receiptShape>;

/** What a receipt is for: hash and listed hash of an entry, and what the entry does. */
export type Receipted = Pick<Receipt, 'entry' | 'listed' | 'action'>;

/**
 * By when an entry accepted at `now` must be on the board: the merge delay after the next full step of the schedule, so that it
 * tells no finer time, and no later than the last checkpoint that the statement allows. Unix seconds. SPEC §9.2.
 */
export function publishByOf(statement: Pick<Statement, 'cadence' | 'deadline' | 'mergeDelay'>, now: number): number {
  const step = Math.max(statement.cadence, STEP);
  return Math.min(Math.ceil(now / step) * step, statement.deadline) + statement.mergeDelay;
}

/** Signs the receipt of an entry that was accepted at `now`. SPEC §9.2. */
export function signReceipt(context: StatementContext, of: Receipted, now: number, seed: Uint8Array): Receipt {
  return restoreReceipt(context, of, publishByOf(context.statement, now), seed);
}

/** The same receipt again, for an entry that was accepted before: Ed25519 is deterministic. */
export function restoreReceipt(context: StatementContext, of: Receipted, publishBy: number, seed: Uint8Array): Receipt {
  const { entry, listed, action } = of;
  return signMessage('receipt', { type: 'receipt' as const, statement: context.id, entry, listed, action, publishBy }, seed);
}

/**
 * Checks a receipt for an entry that the signer holds, when it comes: all that it names, its signature, and that it promises no
 * later time than an entry accepted by `now`, the signer's clock, can have. SPEC §9.2.
 */
export function checkReceipt(context: StatementContext, of: Receipted, value: unknown, now: number): Checked<Receipt, 'BAD_RECEIPT'> {
  const receipt = checkKeptReceipt(context, of, value);
  if (!receipt.ok) return receipt;
  const latest = publishByOf(context.statement, now + context.statement.clockSkew);
  return receipt.value.publishBy <= latest ? receipt : refuse('BAD_RECEIPT', 'the receipt promises a later time than the statement allows');
}

/** The same for a receipt that was kept: what it names and its signature. */
export function checkKeptReceipt(context: StatementContext, of: Receipted, value: unknown): Checked<Receipt, 'BAD_RECEIPT'> {
  const shaped = checkShape(receiptShape, value);
  if (!shaped.ok) return refuse('BAD_RECEIPT', shaped.detail);
  const receipt = shaped.value;
  const fits =
    receipt.statement === context.id && receipt.entry === of.entry && receipt.listed === of.listed && receipt.action === of.action;
  if (!fits || !isSignedBy('receipt', receipt, context.statement.platform))
    return refuse('BAD_RECEIPT', 'the receipt is not the platform’s for this signature');
  return accept(receipt);
}

export const messageReceiptShape = z.strictObject({
  type: z.literal('message-receipt'),
  statement: hex32,
  /** The hash of the trustee's message. */
  message: hex32,
  time: unixTime,
  signature: hex64,
});
/** The platform's word that it has a trustee's message: who hides it afterwards is convicted by this. SPEC §9.2. */
export type MessageReceipt = z.infer<typeof messageReceiptShape>;

export function signMessageReceipt(context: StatementContext, message: Hex32, time: number, seed: Uint8Array): MessageReceipt {
  return signMessage('message-receipt', { type: 'message-receipt' as const, statement: context.id, message, time }, seed);
}

/** Checks the platform's answer to a message of the trustee; `message` is its hash. SPEC §9.2. */
export function checkMessageReceipt(context: StatementContext, message: Hex32, value: unknown): Checked<MessageReceipt, 'BAD_RECEIPT'> {
  const shaped = checkShape(messageReceiptShape, value);
  if (!shaped.ok) return refuse('BAD_RECEIPT', shaped.detail);
  const receipt = shaped.value;
  const fits = receipt.statement === context.id && receipt.message === message;
  return fits && isSignedBy('message-receipt', receipt, context.statement.platform)
    ? accept(receipt)
    : refuse('BAD_RECEIPT', 'the receipt is not the platform’s for this message');
}
