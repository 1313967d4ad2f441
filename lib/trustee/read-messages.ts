import type { Cosignature } from '#lib/protocol/board/board.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { checkTrusteeMessage, type TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { quorumOf } from '#lib/protocol/statement/statement.ts';
import { type Duty, logAbout, slotOf, type TrusteeContext } from './duty.ts';
import { longCall } from './platform-calls.ts';

type Heard = Duty['cosignatures'][number];

const MOST_PAGES = 50;
const KEY_TYPES: readonly TrusteeMessage['type'][] = ['commit', 'deal', 'complaint', 'confirm'];

/**
 * Reads what the committee has said since the last time. Messages of key generation are checked at once, cosignatures when
 * something depends on them; openings and destructions of others are nothing that a trustee acts on.
 */
export async function readMessages(trustee: TrusteeContext, duty: Duty): Promise<void> {
  for (let page = 0; page < MOST_PAGES; page++) {
    const { epoch, after, messages } = await trustee.api.listMessages(duty.id, duty.cursor, longCall(), duty.epoch);
    if (isRestarted(duty, { epoch, after })) beginAgain(trustee, duty);
    duty.epoch = epoch;
    if (messages.length === 0) return;
    for (const { cursor, message } of messages) {
      if (cursor <= duty.cursor) throw new Error('the platform lists messages out of order');
      duty.cursor = cursor;
      takeMessage(trustee, duty, message);
    }
  }
}

/** Whether a platform answers from another life of its database than a cursor is of. */
export function isRestarted(known: { cursor: number | null; epoch: Hex32 | null }, answer: { epoch: Hex32; after: number }): boolean {
  return (known.epoch !== null && known.epoch !== answer.epoch) || answer.after < (known.cursor ?? 0);
}

/** The platform may have lost what it had taken: all of it is sent again, and what others said is read from the beginning. */
function beginAgain(trustee: TrusteeContext, duty: Duty): void {
  logAbout(trustee, duty.id, 'WARNING: the platform has begun its list of messages again, as after a loss; sending everything again');
  duty.cursor = 0;
  duty.cosignatures = [];
  duty.delivered.clear();
}

function takeMessage(trustee: TrusteeContext, duty: Duty, message: TrusteeMessage): void {
  if (message.trustee === duty.journal.trustee) return watchOwnKey(trustee, duty, message);
  if (message.type === 'cosignature') duty.cosignatures.push({ message });
  else if (isKeyMessage(message) && !duty.keyed) takeKeyMessage(trustee, duty, message);
}

/** The first message of a kind and author stays: a second one, signed as well, can only be meant to divide the committee. */
function takeKeyMessage(trustee: TrusteeContext, duty: Duty, message: KeyMessage): void {
  const known = duty.keyMessages.get(slotOf(message));
  if (known && canonicalJson(known) === canonicalJson(message)) return;
  const checked = checkTrusteeMessage(duty.context, message);
  if (!checked.ok) logAbout(trustee, duty.id, `ignored a ${message.type} under trustee ${message.trustee}: ${checked.code}`);
  else if (known) logAbout(trustee, duty.id, `trustee ${message.trustee} signed a second, different ${message.type}; kept the first`);
  else duty.keyMessages.set(slotOf(message), message);
}

/** Another message by the trustee's own key than those in the journal means that the key is in use elsewhere. */
function watchOwnKey(trustee: TrusteeContext, duty: Duty, message: TrusteeMessage): void {
  if (!isKeyMessage(message)) return;
  const known = duty.keyMessages.get(slotOf(message));
  if (known && canonicalJson(known) === canonicalJson(message)) return;
  if (checkTrusteeMessage(duty.context, message).ok)
    logAbout(
      trustee,
      duty.id,
      `WARNING: a ${message.type} by this trustee's own key that this keystore did not make: is there a copy of it?`,
    );
}

function isKeyMessage(message: TrusteeMessage): message is KeyMessage {
  return KEY_TYPES.includes(message.type);
}

/**
 * The good cosignatures, own included, of the newest checkpoint of the view, from a number on, that a quorum has cosigned: those that
 * make it and all before it final. None when there is none. Each is checked once, and none of a checkpoint below that one.
 */
export function checkCosignatures(
  duty: Pick<Duty, 'context' | 'journal' | 'cosignatures'>,
  hashes: readonly Hex32[],
  from: number,
): Cosignature[] {
  const { cosigned } = duty.journal;
  const own: Heard[] = cosigned ? [{ message: cosigned, isGood: true }] : [];
  const byNumber = new Map<number, Heard[]>();
  for (const heard of [...own, ...duty.cosignatures]) {
    const { number, checkpoint } = heard.message;
    if (number < from || hashes[number - 1] !== checkpoint) continue;
    const others = byNumber.get(number);
    if (others) others.push(heard);
    else byNumber.set(number, [heard]);
  }
  const quorum = quorumOf(duty.context.statement);
  const isQuorum = (some: readonly Heard[]) => new Set(some.map(({ message }) => message.trustee)).size >= quorum;
  for (const [, candidates] of [...byNumber].sort(([a], [b]) => b - a)) {
    if (!isQuorum(candidates)) continue;
    const good = candidates.filter((heard) => {
      heard.isGood ??= checkTrusteeMessage(duty.context, heard.message).ok;
      return heard.isGood;
    });
    if (isQuorum(good)) return good.map(({ message }) => message);
  }
  return [];
}

/** Forgets cosignatures that can no longer decide anything: those below the first checkpoint that a wave may still wait for. */
export function forgetCosignatures(duty: Duty, below: number): void {
  duty.cosignatures = duty.cosignatures.filter(({ message }) => message.number >= below);
}
