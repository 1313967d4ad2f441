import type { CommitteeMessages } from '#lib/api/shapes.ts';
import type { Cosignature } from '#lib/protocol/board/cosignature.ts';
import { kindOfKeyMessage, MOST_OF_A_KIND } from '#lib/protocol/key/forked-messages.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import { checkTrusteeMessage, type TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { bindToOwn } from './bind-to-own.ts';
import { readCommitteeMessages } from './committee-calls.ts';
import { logAbout, type TrusteeContext, warnAbout } from './context.ts';
import { authorOf, type Duty, keepKeyMessage } from './duty.ts';
import { findWaveForks, type Heard, hearMix, hearOpening } from './hear-wave.ts';
import { findMissing, isRestarted, putOff, readFromStart } from './inbox.ts';
import { hearCosignatures } from './vouchers.ts';

type Listed = CommitteeMessages['messages'][number];

const MOST_PAGES = 500;

/**
 * Reads what the committee has said since the last time, to the end: nothing is signed before. What this trustee's own key has said
 * binds it, also where its journal lacks it (T58); what was given a receipt for and is not shown is reported (T54). SPEC §9.7.
 * @throws when the platform cannot be reached, or its list does not rise
 */
export async function readMessages(trustee: TrusteeContext, duty: Duty): Promise<void> {
  const { inbox } = duty.view;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { messages, ...start } = await readCommitteeMessages(trustee, authorOf(trustee, duty), inbox.cursor);
    const hasRestarted = isRestarted(inbox, start);
    inbox.epoch = start.epoch;
    if (hasRestarted) {
      warnAbout(
        trustee,
        duty.id,
        'BEGUN_AGAIN',
        'the platform has begun its list of messages again, as after a loss; sending everything again',
      );
      readFromStart(inbox);
      continue;
    }
    if (messages.length === 0) return reportMissing(trustee, duty);
    await takePage(trustee, duty, messages);
  }
  throw new Error('the platform’s list of messages does not end');
}

async function takePage(trustee: TrusteeContext, duty: Duty, messages: readonly Listed[]): Promise<void> {
  const { inbox } = duty.view;
  const cosignatures: Cosignature[] = [];
  let back = Number.POSITIVE_INFINITY;
  for (const { cursor, message, lists } of messages) {
    if (cursor <= inbox.cursor) throw new Error('the platform lists messages out of order');
    inbox.cursor = cursor;
    const isOwn = message.trustee === duty.journal.trustee;
    if (isOwn) await bindToOwn(trustee, duty, message);
    if (message.type === 'cosignature') {
      if (isOwn) continue;
      if (message.number <= (duty.view.board?.board.head.number ?? 0)) cosignatures.push(message);
      else putOff(inbox, cursor);
    } else if (message.type === 'mix' || message.type === 'opening') {
      const heard = hearOfWave(trustee, duty, message, lists, cursor);
      if (heard.late) putOff(inbox, cursor);
      if (heard.back !== undefined) back = Math.min(back, heard.back - 1);
    } else if (message.type !== 'destroyed' && !isOwn) await takeKeyMessage(trustee, duty, message);
  }
  takeCosignatures(trustee, duty, cosignatures);
  inbox.cursor = Math.min(inbox.cursor, back);
}

function takeCosignatures(trustee: TrusteeContext, duty: Duty, heard: readonly Cosignature[]): void {
  const { board, vouchers } = duty.view;
  if (!board) return;
  for (const forker of hearCosignatures(duty.context, vouchers, board.board, heard))
    warnAbout(trustee, duty.id, 'FORKED', `FORKED: trustee ${forker} has cosigned another checkpoint than the board's`);
}

function hearOfWave(
  trustee: TrusteeContext,
  duty: Duty,
  message: Extract<TrusteeMessage, { type: 'mix' | 'opening' }>,
  lists: Listed['lists'],
  cursor: number,
): Heard {
  const view = duty.view.waves.get(message.wave);
  const { shown } = duty.view.inbox;
  const hash = messageHash(message.type, message);
  if (!shown.has(hash) && !checkTrusteeMessage(duty.context, message).ok) return {};
  shown.add(hash);
  if (!view?.due) return { late: true };
  const before = new Set(findWaveForks(view).map((fork) => `${fork.trustee} ${fork.reason}`));
  const heard = message.type === 'mix' ? hearMix(duty.context, view, message, lists, cursor) : hearOpening(duty.context, view, message);
  for (const { trustee: author, reason } of findWaveForks(view))
    if (!before.has(`${author} ${reason}`)) warnAbout(trustee, duty.id, reason, `${reason}: trustee ${author}, wave ${message.wave}`);
  return heard;
}

/** A second of a kind and author names its author. SPEC §7.5. */
async function takeKeyMessage(trustee: TrusteeContext, duty: Duty, message: KeyMessage): Promise<void> {
  const { stage } = duty.journal;
  const known = duty.view.keyMessages.filter((one) => kindOfKeyMessage(one) === kindOfKeyMessage(message));
  const hash = messageHash(message.type, message);
  if (stage === 'destroyed' || known.length >= MOST_OF_A_KIND || known.some((one) => messageHash(one.type, one) === hash)) return;
  const checked = checkTrusteeMessage(duty.context, message);
  if (!checked.ok)
    return logAbout(trustee, duty.id, 'MESSAGE_IGNORED', `ignored a ${message.type} under trustee ${message.trustee}: ${checked.code}`);
  if (known.length > 0)
    warnAbout(trustee, duty.id, 'TWO_MESSAGES', `trustee ${message.trustee} has signed two different messages of kind ${message.type}`);
  await keepKeyMessage(trustee, duty, message);
}

function reportMissing(trustee: TrusteeContext, duty: Duty): void {
  for (const { hash, type } of findMissing(duty.view.inbox))
    warnAbout(
      trustee,
      duty.id,
      'RECEIPT_BROKEN',
      `the platform has given a receipt for the ${type} ${hash.slice(0, 12)} of this trustee and does not show it`,
    );
}
