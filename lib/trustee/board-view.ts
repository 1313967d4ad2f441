// A trustee's own view of a board: only what it has verified itself, as a function of the checkpoints in their order
import { parseProof } from '#lib/proof/proof.ts';
import type { ProofToVerify } from '#lib/proof/verify.ts';
import {
  type BoardHead,
  type Checkpoint,
  type CheckpointFailure,
  type Cosignature,
  checkCheckpoint,
  checkNextCheckpoint,
  emptyBoard,
  lastFinal,
} from '#lib/protocol/board/board.ts';
import { checkEntry, compareEntries, type Entry, type EntryFailure, entryHash, publicSignals } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Steps } from '#lib/protocol/messages/steps.ts';
import type { FieldText } from '#lib/protocol/numbers/field.ts';
import type { PointText } from '#lib/protocol/numbers/point.ts';
import type { Wave } from '#lib/protocol/reveal/opening.ts';
import { type AdmissionFailure, admitEntry, closeCheckpoint, createTally, type Tally } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

/** What the count and the waves need of an entry once its proof has been checked. */
export type EntryFacts = Pick<Entry, 'nullifier' | 'ephemeral' | 'said'> & { hash: Hex32 };

/** A checkpoint with its entries in their order. */
export type VerifiedCheckpoint = { checkpoint: Checkpoint; entries: EntryFacts[] };

/** A wave that a checkpoint calls for, and the number of that checkpoint: it may be opened once the checkpoint is final. */
export type DueWave = { checkpointNumber: number; wave: Wave };

/** Changed in place by `extendView`, so that a new checkpoint costs only its own entries. */
export type BoardView = {
  head: BoardHead;
  /** Hashes of the checkpoints; the first at index 0. */
  hashes: Hex32[];
  tally: Tally;
  ephemerals: Map<FieldText, PointText>;
  waves: DueWave[];
};

export type BoardFailure = CheckpointFailure | EntryFailure | AdmissionFailure | 'ENTRY_ORDER' | 'BAD_PROOF';

export function createView(transcript: Hex32): BoardView {
  return { head: emptyBoard(transcript), hashes: [], tally: createTally(), ephemerals: new Map(), waves: [] };
}

/** A checkpoint as the platform shows it. */
export type ShownCheckpoint = { checkpoint: unknown; bodies: readonly unknown[] };

/** A checkpoint that is good but for the proofs of its entries, which stand in their order. */
export type JudgedCheckpoint = VerifiedCheckpoint & { head: BoardHead; proofs: ProofToVerify[] };

/** Entries that are judged between two stops. */
const PIECE = 100;

/**
 * Judges one checkpoint against the head before it: platform's signature, number, chain and time, every entry but for its
 * proof, their order, the root over all of them. What remains are the proofs, which are checked many at a time, and the
 * admission by `extendView`. SPEC §8.4, §9.2.
 */
export function* judgeCheckpoint(
  context: StatementContext,
  keyed: Keyed,
  head: BoardHead,
  shown: ShownCheckpoint,
): Steps<Checked<JudgedCheckpoint, BoardFailure>> {
  const checkpoint = checkCheckpoint(context, shown.checkpoint);
  if (!checkpoint.ok) return checkpoint;
  const entries: EntryFacts[] = [];
  const proofs: ProofToVerify[] = [];
  let previous: Entry | null = null;
  for (const body of shown.bodies) {
    const checked = checkEntry(context, body);
    if (!checked.ok) return checked;
    const entry = checked.value;
    if (previous && compareEntries(previous, entry) >= 0) return refuse('ENTRY_ORDER', 'entries must rise by nullifier');
    previous = entry;
    const proof = parseProof(entry.proof);
    if (!proof.ok) return refuse('BAD_PROOF', 'a proof is not made of points on the curve');
    proofs.push({ proof: proof.value, publicSignals: publicSignals(context, keyed.key, entry) });
    entries.push({ nullifier: entry.nullifier, ephemeral: entry.ephemeral, said: entry.said, hash: entryHash(entry) });
    if (entries.length % PIECE === 0) yield;
  }
  const next = checkNextCheckpoint(
    context,
    head,
    checkpoint.value,
    entries.map((entry) => entry.hash),
  );
  return next.ok ? accept({ checkpoint: checkpoint.value, entries, head: next.value, proofs }) : next;
}

/**
 * Takes a judged checkpoint into the view and works out the wave that it calls for.
 * @returns a refusal when an entry may not stand on this board; the view is then spoilt and must be made again.
 */
export function extendView(context: StatementContext, view: BoardView, verified: VerifiedCheckpoint): Checked<true, BoardFailure> {
  const next = checkNextCheckpoint(
    context,
    view.head,
    verified.checkpoint,
    verified.entries.map((entry) => entry.hash),
  );
  if (!next.ok) return next;
  for (const entry of verified.entries) {
    const admitted = admitEntry(view.tally, entry, entry.hash);
    if (!admitted.ok) return admitted;
    if (entry.said.action === 'sign') view.ephemerals.set(entry.nullifier, entry.ephemeral);
  }
  view.head = next.value;
  view.hashes.push(next.value.hash);
  const opened = closeCheckpoint(context, view.tally);
  if (opened) {
    const items = opened.map((nullifier) => ({ nullifier, ephemeral: view.ephemerals.get(nullifier) as PointText }));
    const wave = { number: view.waves.length + 1, checkpoint: next.value.hash, items };
    view.waves.push({ checkpointNumber: next.value.number, wave });
  }
  return accept(true);
}

/** The waves of final checkpoints: those that a trustee opens. Cosignatures must have passed `checkTrusteeMessage`. SPEC §9.4. */
export function finalWaves(context: StatementContext, view: BoardView, cosignatures: readonly Cosignature[]): Wave[] {
  const final = lastFinal(context.statement, view.hashes, cosignatures);
  return view.waves.filter((due) => due.checkpointNumber <= final).map((due) => due.wave);
}
