// SPEC §9: the board — receipts, checkpoints, cosignatures, finality
import { z } from 'zod';
import { authored } from '../key/key-messages.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isSignedBy, messageHash, signMessage } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import { checkShape, hex32, hex64, positive, unixTime } from '../messages/shape.ts';
import { quorumOf, type Statement, type StatementContext } from '../statement/statement.ts';
import { hiddenRoot, merkleRoot } from './merkle.ts';

export const receiptShape = z.strictObject({
  type: z.literal('receipt'),
  statement: hex32,
  /** The entry's hash; it covers the nullifier, so no two signers can be given one receipt. */
  entry: hex32,
  action: z.enum(['sign', 'withdraw']),
  publishBy: unixTime,
  signature: hex64,
});
/** The platform's signed promise that an entry will be on the board by a time. RFC 9162's signed certificate timestamp. */
export type Receipt = z.infer<typeof receiptShape>;

export const checkpointShape = z.strictObject({
  type: z.literal('checkpoint'),
  statement: hex32,
  number: positive,
  time: unixTime,
  /** The hash of the checkpoint before; in the first, the transcript hash of the key generation. */
  previous: hex32,
  /** How many entries it adds; absent while the statement hides its count. */
  size: z.int().min(0).optional(),
  root: hex32,
  signature: hex64,
});
/** A batch of entries added to the board, chained to the one before and signed by the platform. */
export type Checkpoint = z.infer<typeof checkpointShape>;

export const cosignatureShape = z.strictObject({ type: z.literal('cosignature'), ...authored, number: positive, checkpoint: hex32 });
/** A trustee's word that it has verified the whole board up to this checkpoint and has cosigned no other of its number. */
export type Cosignature = z.infer<typeof cosignatureShape>;

/** The end of the chain so far: what the next checkpoint must name, and not precede. */
export type BoardHead = { number: number; hash: Hex32; time: number };

export type CheckpointFailure =
  | 'BAD_SHAPE'
  | 'OTHER_STATEMENT'
  | 'CHECKPOINT_SIGNATURE'
  | 'CHECKPOINT_NUMBER'
  | 'CHECKPOINT_CHAIN'
  | 'CHECKPOINT_TIME'
  | 'CHECKPOINT_ROOT';

/** The head of an empty board: it begins at the transcript of its key. SPEC §9.2. */
export function emptyBoard(transcript: Hex32): BoardHead {
  return { number: 0, hash: transcript, time: 0 };
}

export function headOf(checkpoint: Checkpoint): BoardHead {
  return { number: checkpoint.number, hash: checkpointHash(checkpoint), time: checkpoint.time };
}

export function checkpointHash(checkpoint: Checkpoint): Hex32 {
  return messageHash('checkpoint', checkpoint);
}

/**
 * The next time, at or after `now`, at which a statement publishes: whole multiples of its cadence, so that a checkpoint's
 * time tells nothing finer. With cadence 0 that is `now`. Unix seconds. SPEC §9.1.
 */
export function nextCheckpointTime(statement: Statement, now: number): number {
  return statement.cadence === 0 ? now : Math.ceil(now / statement.cadence) * statement.cadence;
}

/**
 * Signs the receipt of an accepted entry. `publishBy` counts from the next full step of the checkpoint schedule, so that it
 * tells no finer time, and is never after the last checkpoint that the statement allows. SPEC §9.1.
 */
export function signReceipt(
  statement: Statement,
  body: Pick<Receipt, 'statement' | 'entry' | 'action'>,
  now: number,
  seed: Uint8Array,
): Receipt {
  const step = Math.max(statement.cadence, 60);
  const accepted = Math.min(Math.ceil(now / step) * step, statement.deadline);
  const publishBy = accepted + statement.mergeDelay;
  return signMessage('receipt', { type: 'receipt' as const, ...body, publishBy }, seed);
}

/** Checks a receipt for an entry that the signer holds. SPEC §9.1. */
export function checkReceipt(context: StatementContext, entry: Hex32, value: unknown): Checked<Receipt, 'BAD_RECEIPT'> {
  const shaped = checkShape(receiptShape, value);
  if (!shaped.ok) return refuse('BAD_RECEIPT', shaped.detail);
  const receipt = shaped.value;
  const fits = receipt.statement === context.id && receipt.entry === entry;
  if (!fits || !isSignedBy('receipt', receipt, context.statement.platform))
    return refuse('BAD_RECEIPT', 'the receipt is not the platform’s for this signature');
  return accept(receipt);
}

/** Signs the next checkpoint over entry hashes in the order of SPEC §9.2. */
export function signCheckpoint(
  context: StatementContext,
  head: BoardHead,
  entries: readonly Hex32[],
  time: number,
  seed: Uint8Array,
): Checkpoint {
  const hidden = context.statement.count === 'hidden';
  const body = {
    type: 'checkpoint' as const,
    statement: context.id,
    number: head.number + 1,
    time,
    previous: head.hash,
    ...(hidden ? {} : { size: entries.length }),
    root: rootOf(context.statement, entries),
  };
  return signMessage('checkpoint', body, seed);
}

/** Checks shape, statement and the platform's signature of a checkpoint; its place is for `checkNextCheckpoint`. */
export function checkCheckpoint(context: StatementContext, value: unknown): Checked<Checkpoint, CheckpointFailure> {
  const shaped = checkShape(checkpointShape, value);
  if (!shaped.ok) return shaped;
  const checkpoint = shaped.value;
  if (checkpoint.statement !== context.id) return refuse('OTHER_STATEMENT', 'the checkpoint is for another statement');
  if (!isSignedBy('checkpoint', checkpoint, context.statement.platform))
    return refuse('CHECKPOINT_SIGNATURE', 'the checkpoint is not signed by the platform of the statement');
  return accept(checkpoint);
}

/** Checks that a checkpoint continues the chain, in number, hash and time, and commits to exactly these entries. SPEC §9.2. */
export function checkNextCheckpoint(
  context: StatementContext,
  head: BoardHead,
  checkpoint: Checkpoint,
  entries: readonly Hex32[],
): Checked<BoardHead, CheckpointFailure> {
  const { statement } = context;
  if (checkpoint.number !== head.number + 1) return refuse('CHECKPOINT_NUMBER', `expected number ${head.number + 1}`);
  if (checkpoint.previous !== head.hash) return refuse('CHECKPOINT_CHAIN', 'does not name the checkpoint before it');
  if (checkpoint.time < head.time || checkpoint.time > statement.deadline + statement.mergeDelay)
    return refuse('CHECKPOINT_TIME', 'earlier than the one before, or later than the merge delay allows');
  if (statement.cadence > 0 && checkpoint.time % statement.cadence !== 0)
    return refuse('CHECKPOINT_TIME', 'not a multiple of the cadence: it would tell a finer time (T13)');
  const sizeFits = statement.count === 'hidden' ? checkpoint.size === undefined : checkpoint.size === entries.length;
  if (!sizeFits || checkpoint.root !== rootOf(statement, entries))
    return refuse('CHECKPOINT_ROOT', 'the entries are not those that were signed for');
  return accept(headOf(checkpoint));
}

function rootOf(statement: Statement, entries: readonly Hex32[]): Hex32 {
  return statement.count === 'hidden' ? hiddenRoot(entries) : merkleRoot(entries);
}

/** Cosigns a checkpoint. The trustee makes sure that it never signs two of one number, nor one seen too late. SPEC §9.4. */
export function signCosignature(context: StatementContext, trustee: number, head: BoardHead, seed: Uint8Array): Cosignature {
  const body = { type: 'cosignature' as const, statement: context.id, trustee, number: head.number, checkpoint: head.hash };
  return signMessage('cosignature', body, seed);
}

/**
 * The number of the last final checkpoint, 0 if none: the highest with cosignatures of a quorum of different trustees. Every
 * checkpoint before it is final with it. `hashes[number − 1]` are the hashes of the checkpoints held. SPEC §9.4.
 */
export function lastFinal(statement: Statement, hashes: readonly Hex32[], cosignatures: readonly Cosignature[]): number {
  const quorum = quorumOf(statement);
  const signers = new Map<number, Set<number>>();
  for (const { number, checkpoint, trustee } of cosignatures) {
    if (hashes[number - 1] !== checkpoint) continue;
    signers.set(number, (signers.get(number) ?? new Set()).add(trustee));
  }
  let last = 0;
  for (const [number, trustees] of signers) if (trustees.size >= quorum && number > last) last = number;
  return last;
}

/** Trustees that cosigned two checkpoints of one number: proof, by their own hand, of a forked board. SPEC §9.4. */
export function findEquivocations(cosignatures: readonly Cosignature[]): number[] {
  const seen = new Map<string, Hex32>();
  const guilty = new Set<number>();
  for (const { trustee, number, checkpoint } of cosignatures) {
    const key = `${trustee}/${number}`;
    if ((seen.get(key) ?? checkpoint) !== checkpoint) guilty.add(trustee);
    seen.set(key, checkpoint);
  }
  return [...guilty].sort((a, b) => a - b);
}
