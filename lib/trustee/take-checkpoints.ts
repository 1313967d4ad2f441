// Verifying what the platform shows of a board: in pieces that are durable one by one, with a pause after each
import { verifyProofs } from '#lib/proof/verify.ts';
import type { BoardHead } from '#lib/protocol/board/board.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { appendProven, appendToLog, forgetProven, readProven } from './board-log.ts';
import {
  type BoardFailure,
  type BoardView,
  extendView,
  type JudgedCheckpoint,
  judgeCheckpoint,
  type ShownCheckpoint,
  type VerifiedCheckpoint,
} from './board-view.ts';
import type { Duty, TrusteeContext } from './duty.ts';
import { isShareOver } from './duty-policy.ts';
import { runSteps } from './run-steps.ts';

type Refused = Extract<Checked<never, BoardFailure>, { ok: false }>;

/** Proofs that are checked together. */
const PROOFS_AT_ONCE = 256;

/**
 * Judges checkpoints that follow on a head, one by one, up to the first bad one.
 * @returns those that are good but for their proofs and the head after them; null when the time of the share was over meanwhile
 */
export async function judgeCheckpoints(
  trustee: TrusteeContext,
  duty: Duty,
  keyed: Keyed,
  before: BoardHead,
  shown: readonly ShownCheckpoint[],
): Promise<{ judged: JudgedCheckpoint[]; head: BoardHead; refused: Refused | null } | null> {
  const judged: JudgedCheckpoint[] = [];
  let head = before;
  for (const one of shown) {
    const checkpoint = await runSteps(trustee, judgeCheckpoint(duty.context, keyed, head, one), () => isWanted(trustee, duty));
    if (checkpoint === null) return null;
    if (!checkpoint.ok) return { judged, head, refused: checkpoint };
    judged.push(checkpoint.value);
    head = checkpoint.value.head;
  }
  return { judged, head, refused: null };
}

/**
 * Checks the proofs of judged checkpoints and takes these into the view: each is on disk before anything is said about it, and no
 * proof is checked again after a restart. It stops when the time of the share is over: nothing depends on the board any more.
 * @returns the refusal of the first bad checkpoint; those before it are taken
 */
export async function takeCheckpoints(
  trustee: TrusteeContext,
  duty: Duty,
  view: BoardView,
  judged: readonly JudgedCheckpoint[],
): Promise<Refused | null> {
  for (let start = 0; start < judged.length; ) {
    const end = endOfBatch(judged, start);
    const batch = judged.slice(start, end);
    const proven = await countProven(trustee, duty, batch);
    if (proven === null) return null;
    const refused = await admit(trustee, duty, view, batch.slice(0, proven));
    if (refused) return refused;
    if (isLong(batch)) await forgetProven(trustee.disk, duty.id);
    const unproven = batch[proven];
    if (unproven) return refuse('BAD_PROOF', `a proof of checkpoint ${unproven.checkpoint.number} does not hold`);
    start = end;
  }
  return null;
}

/** As many checkpoints as it takes to have enough proofs, at least one. */
function endOfBatch(judged: readonly JudgedCheckpoint[], start: number): number {
  let end = start;
  for (let proofs = 0; end < judged.length && proofs < PROOFS_AT_ONCE; end++) proofs += judged[end]?.proofs.length ?? 0;
  return end;
}

/**
 * Checks all proofs of a batch, but for those that were checked before a restart.
 * @returns how many checkpoints there are before the first with a bad proof; null when the time is over
 */
async function countProven(trustee: TrusteeContext, duty: Duty, batch: readonly JudgedCheckpoint[]): Promise<number | null> {
  const all = batch.flatMap(({ proofs, entries }, owner) => entries.map(({ hash }, i) => ({ owner, hash, proof: proofs[i] })));
  const known = isLong(batch) ? await readProven(trustee.disk, duty.id) : new Set();
  const items = all.filter(({ hash }) => !known.has(hash));
  for (let start = 0; start < items.length; start += PROOFS_AT_ONCE) {
    const piece = items.slice(start, start + PROOFS_AT_ONCE);
    const proofs = piece.flatMap(({ proof }) => proof ?? []);
    const [bad] = await verifyProofs(duty.verificationKey, proofs, { random: trustee.random });
    if (bad !== undefined) return piece[bad]?.owner ?? 0;
    const isLast = start + PROOFS_AT_ONCE >= items.length; // the board's own log comes next
    const hashes = piece.map(({ hash }) => hash);
    if (!isLast) await appendProven(trustee.disk, duty.id, hashes);
    await trustee.pause();
    if (!isLast && !isWanted(trustee, duty)) return null;
  }
  return batch.length;
}

/** Whether a batch takes so long that what was checked of it is remembered on the way. */
function isLong(batch: readonly JudgedCheckpoint[]): boolean {
  return batch.reduce((total, { proofs }) => total + proofs.length, 0) > PROOFS_AT_ONCE;
}

async function admit(trustee: TrusteeContext, duty: Duty, view: BoardView, proven: readonly JudgedCheckpoint[]): Promise<Refused | null> {
  const verified: VerifiedCheckpoint[] = [];
  let refused: Refused | null = null;
  for (const { checkpoint, entries } of proven) {
    const extended = extendView(duty.context, view, { checkpoint, entries });
    if (!extended.ok) {
      refused = extended;
      break;
    }
    verified.push({ checkpoint, entries });
  }
  if (refused) duty.view = null; // spoilt
  try {
    await appendToLog(trustee.disk, duty.id, verified);
  } catch (error) {
    duty.view = null; // it may hold more than the disk does
    throw error;
  }
  return refused;
}

function isWanted(trustee: TrusteeContext, duty: Duty): boolean {
  return !isShareOver(duty.journal, trustee.now());
}
