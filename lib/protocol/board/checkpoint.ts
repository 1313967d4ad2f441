// SPEC §9.3 – §9.4: checkpoints, the signed and chained pieces of a board
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isSignedBy, messageHash, signMessage } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import { checkShape, hex32, hex64, positive, unixTime } from '../messages/shape.ts';
import { MOST_MEMBERS, type Statement, type StatementContext } from '../statement/statement.ts';
import type { Counts } from '../statement/trigger.ts';
import { merkleRoot } from './merkle.ts';

/** The most hashes in one list: a signature and a withdrawal of every member. */
const MOST_LISTED = 2 * MOST_MEMBERS;
/** The step of a checkpoint that comes late, in seconds. */
const LATE_STEP = 300;

const count = z.int().min(0);
export const checkpointShape = z.strictObject({
  type: z.literal('checkpoint'),
  statement: hex32,
  number: positive,
  time: unixTime,
  /** The hash of the checkpoint before; in the first, the transcript hash of the key generation. */
  previous: hex32,
  /** How many hashes its list has. */
  size: count,
  /** The root of §9.3 over the list. */
  root: hex32,
  /** For every group of the statement, ascending: its signatures so far without an effective withdrawal. */
  live: z
    .array(z.strictObject({ group: hex32, count }))
    .min(1)
    .max(64),
  signature: hex64,
});
/** A batch of entries added to the board, chained to the one before and signed by the platform. */
export type Checkpoint = z.infer<typeof checkpointShape>;

/** A checkpoint with its list beside it: the signature covers the checkpoint, the root covers the list. */
export const listedCheckpointShape = checkpointShape.extend({ listed: z.array(hex32).max(MOST_LISTED) });
export type ListedCheckpoint = z.infer<typeof listedCheckpointShape>;

/** The end of the chain so far: what the next checkpoint must name and come after. */
export type BoardHead = { number: number; hash: Hex32; time: number; live: Checkpoint['live'] };

export type CheckpointFailure =
  | 'BAD_SHAPE'
  | 'OTHER_STATEMENT'
  | 'CHECKPOINT_SIGNATURE'
  | 'CHECKPOINT_NUMBER'
  | 'CHECKPOINT_CHAIN'
  | 'CHECKPOINT_TIME'
  | 'CHECKPOINT_LIST'
  | 'CHECKPOINT_ROOT'
  | 'CHECKPOINT_LIVE';

/** The head of an empty board: it begins at the transcript of its key. SPEC §9.3. */
export function emptyBoard(transcript: Hex32): BoardHead {
  return { number: 0, hash: transcript, time: 0, live: [] };
}

export function headOf(checkpoint: Checkpoint | ListedCheckpoint): BoardHead {
  return { number: checkpoint.number, hash: checkpointHash(checkpoint), time: checkpoint.time, live: checkpoint.live };
}

/** The hash of the signed content, whether the list stands beside it or not. */
export function checkpointHash(checkpoint: Checkpoint | ListedCheckpoint): Hex32 {
  const { listed: _, ...signed } = { listed: [], ...checkpoint };
  return messageHash('checkpoint', signed);
}

/** What the platform puts into a checkpoint: listed hashes in any order, live counts by group, and a time (`nextCheckpointTime`). */
export type CheckpointContent = { listed: readonly Hex32[]; live: Counts; time: number };

/** Signs the next checkpoint. SPEC §9.3. */
export function signCheckpoint(context: StatementContext, head: BoardHead, content: CheckpointContent, seed: Uint8Array): ListedCheckpoint {
  const listed = [...content.listed].sort();
  const body = {
    type: 'checkpoint' as const,
    statement: context.id,
    number: head.number + 1,
    time: content.time,
    previous: head.hash,
    size: listed.length,
    root: merkleRoot(listed),
    live: context.statement.rolls.map(({ group }) => ({ group, count: content.live.get(group) ?? 0 })),
  };
  return { ...signMessage('checkpoint', body, seed), listed };
}

/**
 * Checks a checkpoint against the one before: shape, statement, the platform's signature, number, chain, time, list and live
 * counts as far as the list alone shows them. `isListed` says whether a hash stands in the list of an earlier checkpoint; it is
 * `() => false` for who does not keep them. SPEC §9.3, in the order of the checks there.
 */
export function checkCheckpoint(
  context: StatementContext,
  head: BoardHead,
  value: unknown,
  isListed: (hash: Hex32) => boolean,
): Checked<ListedCheckpoint, CheckpointFailure> {
  const shaped = checkShape(listedCheckpointShape, value);
  if (!shaped.ok) return shaped;
  const { listed, ...checkpoint } = shaped.value;
  const fault =
    findSignatureFault(context, checkpoint) ??
    findChainFault(context.statement, head, checkpoint) ??
    findListFault(checkpoint, listed, isListed) ??
    findLiveFault(context, head, checkpoint);
  return fault ?? accept(shaped.value);
}

type Fault = { ok: false; code: CheckpointFailure; detail?: string } | null;

function findSignatureFault(context: StatementContext, checkpoint: Checkpoint): Fault {
  if (checkpoint.statement !== context.id) return refuse('OTHER_STATEMENT', 'the checkpoint is for another statement');
  if (!isSignedBy('checkpoint', checkpoint, context.statement.platform))
    return refuse('CHECKPOINT_SIGNATURE', 'the checkpoint is not signed by the platform of the statement');
  return null;
}

function findChainFault(statement: Statement, head: BoardHead, { number, previous, time }: Checkpoint): Fault {
  if (number !== head.number + 1) return refuse('CHECKPOINT_NUMBER', `expected number ${head.number + 1}`);
  if (previous !== head.hash) return refuse('CHECKPOINT_CHAIN', 'does not name the checkpoint before it');
  if (time <= head.time) return refuse('CHECKPOINT_TIME', 'not later than the checkpoint before');
  if (time > statement.deadline + statement.mergeDelay) return refuse('CHECKPOINT_TIME', 'later than the merge delay allows');
  return isScheduled(statement, head.time, time)
    ? null
    : refuse('CHECKPOINT_TIME', 'not a time of the schedule: it would tell a finer time');
}

function findListFault({ size, root }: Checkpoint, listed: readonly Hex32[], isListed: (hash: Hex32) => boolean): Fault {
  if (listed.some((hash, i) => i > 0 && hash <= (listed[i - 1] as Hex32))) return refuse('CHECKPOINT_LIST', 'the list does not rise');
  if (listed.some(isListed)) return refuse('CHECKPOINT_LIST', 'a hash stands in the list of an earlier checkpoint');
  return size === listed.length && root === merkleRoot(listed)
    ? null
    : refuse('CHECKPOINT_ROOT', 'the list is not the one that was signed for');
}

/** Every listed entry changes the count of one group by one, and no group has more than its members. */
function findLiveFault({ statement, sizes }: StatementContext, head: BoardHead, { live, size }: Checkpoint): Fault {
  if (live.length !== statement.rolls.length || live.some(({ group }, i) => group !== statement.rolls[i]?.group))
    return refuse('CHECKPOINT_LIVE', 'live counts must stand for every group, ascending');
  if (live.some(({ group, count }) => count > (sizes.get(group) ?? 0)))
    return refuse('CHECKPOINT_LIVE', 'more signatures of a group are counted than it has members');
  const changes = live.reduce((sum, { count }, i) => sum + Math.abs(count - (head.live[i]?.count ?? 0)), 0);
  return changes <= size ? null : refuse('CHECKPOINT_LIVE', 'the counts change by more than the list explains');
}

/**
 * Whether a checkpoint after one of time `before` may bear this time: with a cadence, one of its multiples; or, where neither the
 * newest multiple nor anything after it has a checkpoint, a multiple of 300 s. So a time never tells more than that. SPEC §9.4.
 */
export function isScheduled({ cadence }: Pick<Statement, 'cadence'>, before: number, time: number): boolean {
  if (cadence === 0 || time % cadence === 0) return true;
  const newest = time - (time % cadence);
  return before < newest && time % LATE_STEP === 0;
}

/**
 * The time that a checkpoint made at `now` bears, after one of time `before`: the newest of the schedule that is not in the future;
 * null where there is none yet, or where it would be more than 300 s old and must be dated anew. Unix seconds. SPEC §9.4.
 */
export function nextCheckpointTime(statement: Statement, before: number, now: number): number | null {
  const { cadence, deadline, mergeDelay } = statement;
  const newest = cadence === 0 ? now : now - (now % cadence);
  const late = now - (now % LATE_STEP);
  const time = [newest, late].find((one) => one > before && !isLate(one, now) && isScheduled(statement, before, one));
  return time === undefined || time > deadline + mergeDelay ? null : time;
}

/** Whether a checkpoint of a time may no longer be shown at `now`: it must be stored and shown within 300 s of its date. SPEC §9.4. */
export function isLate(time: number, now: number): boolean {
  return now - time >= LATE_STEP;
}
