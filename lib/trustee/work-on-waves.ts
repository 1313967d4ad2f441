import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { agreesWithCosigned, type BoardView } from './board-view.ts';
import { type TrusteeContext, warnAbout } from './context.ts';
import { deliverMessages } from './deliver.ts';
import type { Duty } from './duty.ts';
import { mayOpen } from './duty-policy.ts';
import { readAgain } from './inbox.ts';
import { lockWave, mixWave, rejectStep, verifyStep, type WaveAtWork } from './mix-wave.ts';
import { nextWaveStep, type WaveStep } from './next-wave-step.ts';
import { openWave, verifyOpening } from './open-wave.ts';
import { finalNumber } from './vouchers.ts';
import { createWaveView, describeDue } from './wave-view.ts';

/** Seconds after which other statements have their turn. */
const LONGEST_TURN = 5;

/** Told before a step that takes long, so that `status` shows it. */
export type Announce = (mixing: number | null) => Promise<void>;

/** Takes up the waves of final checkpoints: only what the trustee's own view of the board calls for. @returns whether there are new ones */
export function takeUpWaves(trustee: TrusteeContext, duty: Duty, view: BoardView): boolean {
  const { waves, vouchers, inbox } = duty.view;
  if (!agreesWithCosigned(view, duty.journal)) return false;
  const final = finalNumber(duty.context, view.board, vouchers, duty.journal.cosigned);
  const fresh = view.board.waves.filter(({ number, checkpointNumber }) => checkpointNumber <= final && !waves.get(number)?.due);
  for (const due of fresh) {
    const wave = waves.get(due.number) ?? createWaveView(duty.context, due.number);
    waves.set(due.number, wave);
    wave.due = describeDue(duty.id, due, trustee.monotonic());
    if (wave.locked !== null && wave.locked !== wave.due.content)
      warnAbout(trustee, duty.id, 'OTHER_WAVE', `wave ${due.number} is another than this trustee is bound to; it takes no part in it`);
  }
  if (fresh.length > 0) readAgain(inbox); // steps of these waves may have come before
  return fresh.length > 0;
}

/**
 * Works on all due waves side by side, each a step at a time, as long as there is something to do or its time is not over.
 * @returns whether there is more to do at once, and else when, in seconds by the monotonic clock
 */
export async function workOnWaves(
  trustee: TrusteeContext,
  duty: Duty,
  keyed: Keyed,
  board: BoardView,
  announce: Announce,
): Promise<{ isBehind: boolean; until: number | null }> {
  const begun = trustee.monotonic();
  const { stepTime } = duty.context.statement;
  for (;;) {
    let isBusy = false;
    let until = Number.POSITIVE_INFINITY;
    for (const view of duty.view.waves.values()) {
      if (!mayOpen(duty.journal, trustee.now()) || trustee.clock.isInDoubt()) return { isBehind: false, until: null };
      if (view.due === null) continue;
      const step = nextWaveStep(view, duty.journal.trustee, stepTime, trustee.monotonic());
      if (step.do === 'wait') until = Math.min(until, step.until);
      if (step.do === 'wait' || step.do === 'nothing') continue;
      isBusy = true;
      await carryOut(trustee, duty, { keyed, board, view, due: view.due }, step, announce);
    }
    if (isBusy) await deliverMessages(trustee, duty); // the sooner the others have it, the less they do in vain
    if (!isBusy) return { isBehind: false, until: Number.isFinite(until) ? until : null };
    if (trustee.monotonic() - begun > LONGEST_TURN) return { isBehind: true, until: null };
  }
}

async function carryOut(trustee: TrusteeContext, duty: Duty, work: WaveAtWork, step: WaveStep, announce: Announce): Promise<void> {
  switch (step.do) {
    case 'lock':
      return lockWave(trustee, duty, work);
    case 'reject':
      return rejectStep(trustee, duty, work.view, step.hash, step.trustee);
    case 'check-step':
      return verifyStep(trustee, duty, work, step.hash);
    case 'check-opening':
      return verifyOpening(trustee, duty, work, step.hash);
    case 'mix':
      await announce(work.view.number);
      return mixWave(trustee, duty, work, step.chain);
    case 'open':
      return openWave(trustee, duty, work, step.mix, step.lead);
  }
}
