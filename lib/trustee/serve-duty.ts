// One turn of one statement: what is new is read, what is to be done is decided, and it is carried out

import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { nextCosignature } from './board-view.ts';
import { logAbout, type TrusteeContext } from './context.ts';
import { deliverMessages, isSaid } from './deliver.ts';
import { authorOf, type Duty, saveJournal } from './duty.ts';
import { closeDuty, settleDuty } from './end-statement.ts';
import { takeKeyStep } from './make-key.ts';
import { nextTurn, stateOf } from './next-turn.ts';
import { describeFault } from './platform-calls.ts';
import { writeProgress } from './progress.ts';
import { readCommitteeBoard, restoreView } from './read-board.ts';
import { readMessages } from './read-messages.ts';
import { watchReveals } from './watch-reveals.ts';
import { takeUpWaves, workOnWaves } from './work-on-waves.ts';

const LONGEST_PAUSE_SECONDS = 300;
/** Turns of a key generation that one statement gets before the next has its turn. */
const TURNS = 4;
/** Whether a stage is over, with nothing more to be decided. */
const isOver = ({ journal }: Duty) => journal.stage === 'aborted' || journal.stage === 'destroyed';

/**
 * Serves a statement for one turn.
 * @param pollSeconds the pause between two rounds
 * @returns whether nothing is left to do for it
 * @throws when the platform cannot be reached, or answers what cannot be worked with
 */
export async function serveDuty(trustee: TrusteeContext, duty: Duty, pollSeconds: number): Promise<boolean> {
  const before = stateOf(duty);
  await settleDuty(trustee, duty);
  if (duty.journal.stage === 'keying' || duty.journal.stage === 'confirmed') await makeKey(trustee, duty);
  const { keyed } = duty.view;
  const watched = duty.journal.stage === 'keyed' && keyed ? await watchStatement(trustee, duty, keyed) : null;
  await settleDuty(trustee, duty); // a long board or a large wave may have outlasted the share
  await deliverMessages(trustee, duty);
  if (watched?.fault) setBack(trustee, duty, watched.fault);
  else {
    const { pace } = duty;
    pace.idle = stateOf(duty) === before ? pace.idle + 1 : 0;
    const retryAt = watched?.until ? 0 : nextTurn(duty, trustee.now(), pollSeconds); // whose turn comes is awake for it
    Object.assign(pace, { fault: null, failures: 0, retryAt });
  }
  if (!isOver(duty) || !isSaid(duty)) return false;
  await closeDuty(trustee, duty);
  return true;
}

/** Takes turns at the key while each brings something new. What was judged once is not judged again before it changes. */
async function makeKey(trustee: TrusteeContext, duty: Duty): Promise<void> {
  if (trustee.clock.isInDoubt()) return; // it could take the time for the key to be over
  for (let turn = 0; turn < TURNS; turn++) {
    const known = duty.view.keyMessages.length;
    await readMessages(trustee, duty);
    if (turn > 0 && duty.view.keyMessages.length === known) return;
    while (await takeKeyStep(trustee, duty));
    await settleDuty(trustee, duty); // one that gave up has nothing to keep
    await deliverMessages(trustee, duty);
    if (duty.journal.stage !== 'keying' && duty.journal.stage !== 'confirmed') return;
  }
}

/**
 * Reads board and messages to their ends, then cosigns, then works on the waves that are due.
 * @returns what the platform did wrong, if anything, and when this trustee's turn at a mix comes
 */
async function watchStatement(trustee: TrusteeContext, duty: Duty, keyed: Keyed): Promise<{ fault: string | null; until: number | null }> {
  const refused = await readCommitteeBoard(trustee, duty, keyed);
  const fault = refused && `the board is refused: ${refused.code}${refused.detail ? ` (${refused.detail})` : ''}`;
  const board = await restoreView(trustee, duty, keyed);
  await readMessages(trustee, duty);
  const forked = await cosign(trustee, duty, keyed);
  await deliverMessages(trustee, duty);
  if (takeUpWaves(trustee, duty, board)) await readMessages(trustee, duty);
  let written = await writeProgress(trustee.disk, duty, null, null);
  const announce = async (mixing: number | null) => {
    written = await writeProgress(trustee.disk, duty, mixing, written);
  };
  const { isBehind, until } = await workOnWaves(trustee, duty, keyed, board, announce);
  await watchReveals(trustee, duty);
  await announce(null);
  duty.pace.isBehind ||= isBehind;
  return { fault: forked ?? fault, until };
}

/** Cosigns what the rules allow; the journal holds the cosignature before anybody else does. SPEC §9.5. */
async function cosign(trustee: TrusteeContext, duty: Duty, keyed: Keyed): Promise<string | null> {
  const view = await restoreView(trustee, duty, keyed);
  const next = nextCosignature(duty.context, duty.journal, view, duty.view.vouchers, trustee.now());
  if (next.do === 'report') return `${next.code}: the board is not the one that was cosigned before`;
  if (next.do === 'nothing') return null;
  await saveJournal(trustee, duty, { cosigned: signCosignature(authorOf(trustee, duty), next.head) });
  logAbout(trustee, duty.id, 'COSIGNED', `checkpoint ${next.head.number} verified and cosigned`);
  return null;
}

/** Tells a fault once and asks again after a pause that doubles. */
export function setBack(trustee: TrusteeContext, { id, pace }: Duty, fault: unknown): void {
  const told = typeof fault === 'string' ? fault : describeFault(fault);
  if (told !== pace.fault) logAbout(trustee, id, 'SET_BACK', told);
  pace.fault = told;
  pace.failures++;
  pace.retryAt = trustee.now() + Math.min(2 ** pace.failures, LONGEST_PAUSE_SECONDS);
}
