// SPEC §9.3 – §9.5: the one reader of boards, for platform, trustee, signer and verifier
import type { Keyed } from '../key/key-judgement.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import type { Hex32 } from '../messages/hash.ts';
import { checkShape } from '../messages/shape.ts';
import type { Field } from '../numbers/field.ts';
import {
  type AdmissionFailure,
  admitEntry,
  closeCheckpoint,
  createWaveTally,
  liveCounts,
  type WaveGroup,
  type WaveTally,
} from '../reveal/waves.ts';
import type { StatementContext } from '../statement/statement.ts';
import { type BoardHead, type Checkpoint, type CheckpointFailure, checkCheckpoint, emptyBoard, headOf } from './checkpoint.ts';
import { bodyShape, listedHash } from './listed.ts';
import { checkEntry, type Entry, type EntryFailure, entryHash, publicSignals } from './signature.ts';

/** A checkpoint as it comes from somewhere: `checkpoint` with its list beside it; for the committee its bodies, in listed order. */
export type ShownCheckpoint = { checkpoint: unknown; bodies?: readonly unknown[] };

/** An entry that is good but for its proof, which is the caller's to check against these signals. */
export type ReadEntry = { entry: Entry; hash: Hex32; publicSignals: readonly Field[] };

/** A checkpoint that follows on its head. `entries` are there where bodies were. */
export type CheckpointFacts = { checkpoint: Checkpoint; listed: readonly Hex32[]; entries: ReadEntry[] | null };

/** What the count needs of an entry. Callers may keep these and drop the rest. */
export type CountedEntry = Pick<Entry, 'nullifier' | 'said'> & { hash: Hex32 };

/** A wave that a checkpoint calls for. It is due once the checkpoint is final. */
export type DueWave = { number: number; checkpoint: Hex32; checkpointNumber: number; groups: readonly WaveGroup[] };

/** A board as far as it has been read; `extendBoard` changes it in place, so that a checkpoint costs only its own entries. */
export type Board = {
  head: BoardHead;
  /** Hashes of the checkpoints; the first at index 0. */
  hashes: Hex32[];
  /** Every hash that stands in a list. */
  listed: Set<Hex32>;
  /** The count and the waves so far. They stay empty for who reads without bodies. */
  tally: WaveTally;
  waves: DueWave[];
};

/** What a checkpoint is read against: a board, or one that goes on for a while with what is still to be taken into it. */
export type ReadSoFar = { head: BoardHead; listed: Pick<ReadonlySet<Hex32>, 'has'> };

export type BoardFailure = CheckpointFailure | EntryFailure | AdmissionFailure | 'ENTRY_NOT_LISTED';

export function createBoard(transcript: Hex32): Board {
  return { head: emptyBoard(transcript), hashes: [], listed: new Set(), tally: createWaveTally(), waves: [] };
}

/**
 * Reads a checkpoint that is to follow on the head of a board: checks it itself, and its bodies where they are there. It changes
 * nothing. Source and durability are the caller's; whether `live` is true is for `extendBoard`. SPEC §9.3.
 */
export function readCheckpoint(
  context: StatementContext,
  key: Pick<Keyed, 'key'>,
  board: ReadSoFar,
  { checkpoint: value, bodies }: ShownCheckpoint,
): Checked<CheckpointFacts, BoardFailure> {
  const checked = checkCheckpoint(context, board.head, value, (hash) => board.listed.has(hash));
  if (!checked.ok) return checked;
  const { listed, ...checkpoint } = checked.value;
  if (!bodies) return accept({ checkpoint, listed, entries: null });
  const entries = readBodies(context, key, listed, bodies);
  return entries.ok ? accept({ checkpoint, listed, entries: entries.value }) : entries;
}

/**
 * Checks of each body of a checkpoint that it is the one listed in its place and a good entry but for its proof, which is the
 * caller's; whether the entries may stand on this board is for `extendBoard`. SPEC §8.4, §9.3.
 */
export function readBodies(
  context: StatementContext,
  { key }: Pick<Keyed, 'key'>,
  listed: readonly Hex32[],
  bodies: readonly unknown[],
): Checked<ReadEntry[], BoardFailure> {
  if (bodies.length !== listed.length) return refuse('ENTRY_NOT_LISTED', 'there are not as many entries as listed hashes');
  const entries: ReadEntry[] = [];
  for (const [i, value] of bodies.entries()) {
    const body = checkShape(bodyShape, value);
    if (!body.ok) return body;
    const entry = checkEntry(context, body.value.entry);
    if (!entry.ok) return entry;
    const hash = entryHash(entry.value);
    if (listedHash(hash, body.value.salt) !== listed[i]) return refuse('ENTRY_NOT_LISTED', `entry ${i + 1} is not the one listed`);
    entries.push({ entry: entry.value, hash, publicSignals: publicSignals(context, key, entry.value) });
  }
  return accept(entries);
}

/** What `extendBoard` takes: a checkpoint that was read, its proofs checked, and of its entries what is counted. */
export type CountedCheckpoint = { checkpoint: Checkpoint; listed: readonly Hex32[]; entries: readonly CountedEntry[] | null };

/**
 * Takes a checkpoint into the board: its signatures, then its withdrawals, whatever their order in the list; its live counts must
 * be those of the board so far; then the wave that it calls for. Without entries it follows the chain alone.
 * @returns the wave or null; or a refusal, and then the board is spoilt and must be made again. SPEC §9.3, §10.1.
 */
export function extendBoard(
  context: StatementContext,
  board: Board,
  { checkpoint, listed, entries }: CountedCheckpoint,
): Checked<DueWave | null, AdmissionFailure | 'CHECKPOINT_LIVE'> {
  board.head = headOf(checkpoint);
  board.hashes.push(board.head.hash);
  for (const hash of listed) board.listed.add(hash);
  if (!entries) return accept(null);
  for (const entry of inOrder(entries)) {
    const admitted = admitEntry(board.tally, entry, entry.hash);
    if (!admitted.ok) return admitted;
  }
  const live = liveCounts(board.tally);
  if (checkpoint.live.some(({ group, count }) => count !== (live.get(group) ?? 0)))
    return refuse('CHECKPOINT_LIVE', 'the live counts are not those of the entries');
  const groups = closeCheckpoint(context.statement, board.tally);
  if (!groups) return accept(null);
  const { number: checkpointNumber, hash } = board.head;
  const wave = { number: board.waves.length + 1, checkpoint: hash, checkpointNumber, groups };
  board.waves.push(wave);
  return accept(wave);
}

/** Signatures before withdrawals, so that a withdrawal may stand in one checkpoint with its signature. SPEC §9.3. */
function inOrder(entries: readonly CountedEntry[]): CountedEntry[] {
  const isSignature = ({ said }: CountedEntry) => said.action === 'sign';
  return [...entries.filter(isSignature), ...entries.filter((entry) => !isSignature(entry))];
}
