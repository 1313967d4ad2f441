import { ApiError } from '#lib/api/api-error.ts';
import { isAnnounced } from '#lib/api/board-segments.ts';
import type { BoardCheckpoint, BoardRange } from '#lib/api/shapes.ts';
import { signCosignature } from '#lib/protocol/board/board.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { replayLog } from './board-log.ts';
import type { BoardFailure, BoardView } from './board-view.ts';
import { authorOf, type Duty, logAbout, saveJournal, type TrusteeContext } from './duty.ts';
import { agreesWithCosigned, headToCosign, isShareOver } from './duty-policy.ts';
import { longCall, shortCall } from './platform-calls.ts';
import { judgeCheckpoints, takeCheckpoints } from './take-checkpoints.ts';

type Refused = { ok: false; code: BoardFailure | 'BOARD_HEAD' | 'BOARD_SHORT' | 'FORKED' | 'ANSWER_TOO_LONG'; detail?: string };

/** Checkpoints and entries after which the next statement has its turn: some seconds of checking proofs. */
const WORK_A_TURN = 10_000;

/** The verified view of the board; read from the keystore when it is not in memory. */
export async function loadView(trustee: TrusteeContext, duty: Duty, keyed: Keyed): Promise<BoardView> {
  duty.view ??= await replayLog(trustee, duty.context, keyed.transcript);
  return duty.view;
}

/**
 * Reads the segments of new checkpoints, as many as one turn allows, verifies all of it, and puts on disk what is good before
 * anything is said about it.
 * @returns the refusal of what is not good: nothing after it is looked at
 */
export async function followBoard(trustee: TrusteeContext, duty: Duty, keyed: Keyed): Promise<Refused | null> {
  const { head } = await loadView(trustee, duty, keyed);
  const index = await trustee.api.getBoardIndex(duty.id, head.number, shortCall());
  if (index.head > head.number && index.segments.length === 0)
    return refuse('BOARD_HEAD', 'the platform holds back checkpoints that it says it has');
  // Once, an index may come from a cache that is seconds behind.
  const wasShort = duty.isShort;
  duty.isShort = index.head < head.number;
  if (duty.isShort && wasShort)
    return refuse(
      'BOARD_SHORT',
      `the platform has ${index.head} checkpoints and had signed ${head.number}: it has lost some, or hides them`,
    );
  let work = 0;
  duty.isBehind = false;
  for (const range of index.segments) {
    if (isShareOver(duty.journal, trustee.now())) return null; // nothing depends on the board any more
    const shown = await readSegment(trustee, duty, range);
    if (!shown.ok) return shown;
    const refused = await takeSegment(trustee, duty, keyed, range, shown.value);
    if (refused) return refused;
    work += shown.value.reduce((sum, { bodies }) => sum + 1 + bodies.length, 0);
    duty.isBehind = work >= WORK_A_TURN && range.to < index.head;
    if (duty.isBehind) break;
  }
  return null;
}

/** One that is longer than a trustee reads is told with the reason: nothing after it is ever cosigned. SPEC §13.1. */
async function readSegment(trustee: TrusteeContext, duty: Duty, range: BoardRange): Promise<Checked<BoardCheckpoint[], 'ANSWER_TOO_LONG'>> {
  try {
    return accept(await trustee.api.getSegment(duty.id, range, longCall()));
  } catch (error) {
    if (!ApiError.is(error, 'ANSWER_TOO_LONG')) throw error;
    const { from, to } = range;
    return refuse(
      'ANSWER_TOO_LONG',
      `checkpoints ${from} to ${to} are longer than 256 MB, some 200,000 signatures, the most that a trustee reads at once: neither they nor what follows is cosigned`,
    );
  }
}

async function takeSegment(
  trustee: TrusteeContext,
  duty: Duty,
  keyed: Keyed,
  range: BoardRange,
  shown: readonly BoardCheckpoint[],
): Promise<Refused | null> {
  const view = await loadView(trustee, duty, keyed);
  const judgement = await judgeCheckpoints(trustee, duty, keyed, view.head, shown);
  if (judgement === null) return null;
  const { judged, head, refused } = judgement;
  if (!refused && !isAnnounced(range, view.head, head)) return refuse('BOARD_HEAD', 'the platform announces other checkpoints than it has');
  return (await takeCheckpoints(trustee, duty, view, judged)) ?? refused;
}

/** Cosigns the newest checkpoint where the rules allow it; the journal holds the cosignature before anybody else does. SPEC §9.4. */
export async function cosignHead(trustee: TrusteeContext, duty: Duty, view: BoardView): Promise<Refused | null> {
  trustee.clock.hearNoEarlier(view.head.time);
  if (!agreesWithCosigned(view, duty.journal.cosigned)) return refuse('FORKED', 'the board is not the one that was cosigned before');
  const head = headToCosign(duty.context.statement, duty.journal, view, trustee.now());
  if (head === null) return null;
  await saveJournal(trustee, duty, { cosigned: signCosignature(duty.context, duty.journal.trustee, head, authorOf(trustee, duty).seed) });
  logAbout(trustee, duty.id, `checkpoint ${head.number} verified and cosigned`);
  return null;
}
