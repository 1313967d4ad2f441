import { verifyProofs } from '../proof/verify.ts';
import { type BoardHead, signCosignature } from '../protocol/board.ts';
import { refuse } from '../protocol/checked.ts';
import type { Keyed } from '../protocol/key-judgement.ts';
import { appendToLog, replayLog } from './board-log.ts';
import { type BoardFailure, type BoardView, extendView, judgeCheckpoint, type VerifiedCheckpoint } from './board-view.ts';
import { authorOf, type Duty, logAbout, saveJournal, type TrusteeContext } from './duty.ts';
import { agreesWithCosigned, headToCosign } from './duty-policy.ts';
import { longCall } from './platform-calls.ts';

type Judged = Extract<ReturnType<typeof judgeCheckpoint>, { ok: true }>['value'];
type Refused = { ok: false; code: BoardFailure | 'FORKED'; detail?: string };

/** The verified view of the board; read from the keystore when it is not in memory. */
export async function loadView(trustee: TrusteeContext, duty: Duty, keyed: Keyed): Promise<BoardView> {
  duty.view ??= await replayLog(trustee.disk, duty.context, keyed.transcript);
  return duty.view;
}

/**
 * Reads one page of new checkpoints, verifies all of it, and puts on disk what is good before anything is said about it.
 * @returns how many checkpoints were added, and the refusal of the first bad one: nothing after it is looked at
 */
export async function followBoard(trustee: TrusteeContext, duty: Duty, keyed: Keyed): Promise<{ added: number; refused: Refused | null }> {
  const view = await loadView(trustee, duty, keyed);
  const page = await trustee.api.readBoard(duty.id, view.head.number, longCall());
  const judged: Judged[] = [];
  let refused: Refused | null = null;
  let head: BoardHead = view.head;
  for (const shown of page.checkpoints) {
    const checkpoint = judgeCheckpoint(duty.context, keyed, head, shown);
    if (!checkpoint.ok) {
      refused = checkpoint;
      break;
    }
    judged.push(checkpoint.value);
    head = checkpoint.value.head;
  }
  const proven = await dropUnproven(trustee, duty, judged);
  if (proven.length < judged.length)
    refused = refuse('BAD_PROOF', `a proof of checkpoint ${judged[proven.length]?.checkpoint.number} does not hold`);
  const admitted = admit(duty, view, proven);
  refused = admitted.refused ?? refused;
  try {
    await appendToLog(trustee.disk, duty.id, admitted.verified);
  } catch (error) {
    duty.view = null; // it may hold more than the disk does
    throw error;
  }
  return { added: admitted.verified.length, refused };
}

/** All proofs of a page in one batch; the checkpoints before the first bad one remain. */
async function dropUnproven(trustee: TrusteeContext, duty: Duty, judged: Judged[]): Promise<Judged[]> {
  const owner = judged.flatMap(({ proofs }, i) => proofs.map(() => i));
  const proofs = judged.flatMap((checkpoint) => checkpoint.proofs);
  if (proofs.length === 0) return judged;
  const bad = await verifyProofs(duty.verificationKey, proofs, { random: trustee.random });
  return bad.length === 0 ? judged : judged.slice(0, owner[bad[0] as number]);
}

function admit(duty: Duty, view: BoardView, proven: readonly Judged[]): { verified: VerifiedCheckpoint[]; refused: Refused | null } {
  const verified: VerifiedCheckpoint[] = [];
  for (const { checkpoint, entries } of proven) {
    const extended = extendView(duty.context, view, { checkpoint, entries });
    if (!extended.ok) {
      duty.view = null;
      return { verified, refused: extended };
    }
    verified.push({ checkpoint, entries });
  }
  return { verified, refused: null };
}

/** Cosigns the newest checkpoint where the rules allow it; the journal holds the cosignature before anybody else does. SPEC §9.4. */
export async function cosignHead(trustee: TrusteeContext, duty: Duty, view: BoardView): Promise<Refused | null> {
  if (!agreesWithCosigned(view, duty.journal.cosigned)) return refuse('FORKED', 'the board is not the one that was cosigned before');
  const head = headToCosign(duty.context.statement, duty.journal, view, trustee.now());
  if (head === null) return null;
  await saveJournal(trustee, duty, { cosigned: signCosignature(duty.context, duty.journal.trustee, head, authorOf(trustee, duty).seed) });
  logAbout(trustee, duty.id, `checkpoint ${head.number} verified and cosigned`);
  return null;
}
