import { checkMessageReceipt, type MessageReceipt, messageReceiptShape } from '#lib/protocol/board/receipt.ts';
import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { ChainStep } from '#lib/protocol/reveal/chain.ts';
import { logAbout, type TrusteeContext } from './context.ts';
import type { Duty } from './duty.ts';
import { mayOpen } from './duty-policy.ts';
import { noteSent } from './inbox.ts';
import { fileOf } from './keystore.ts';
import { appendLines, readLines } from './line-log.ts';
import { readKeptStep } from './mix-wave.ts';
import { readOpening } from './open-wave.ts';
import { isFinalRefusal, isRefusal, longCall } from './platform-calls.ts';
import { isOurs, type WaveView } from './wave-view.ts';

const MESSAGE_SECONDS = 60;
/** Seconds after which a message is sent again that was taken and is not shown. */
const AGAIN_SECONDS = 60;

/**
 * Sends what the keystore holds and the platform does not show: always the very bytes that were signed once, so a message sent twice
 * is the same message. Steps of others are sent too, since what was built on them is worth nothing without them.
 * @throws when the platform cannot be reached; what it refuses is logged, and sent again at the next round unless it is final
 */
export async function deliverMessages(trustee: TrusteeContext, duty: Duty): Promise<void> {
  for (const message of duty.journal.messages) await deliver(trustee, duty, message);
  const { cosigned } = duty.journal;
  if (duty.journal.stage === 'keyed' && cosigned) await deliver(trustee, duty, cosigned);
  for (const view of [...duty.view.waves.values()].filter(isOurs)) await deliverWave(trustee, duty, view);
}

/** Steps in their order, so that none comes before the one that it stands on; then the openings. */
async function deliverWave(trustee: TrusteeContext, duty: Duty, view: WaveView): Promise<void> {
  if (!mayOpen(duty.journal, trustee.now())) return;
  const steps = [...view.chains.steps.values()].filter(({ hash }) => isOwed(trustee, duty, hash));
  for (const step of steps.sort((a: ChainStep, b: ChainStep) => a.step - b.step)) {
    const lines = await readKeptStep(trustee, duty, view.number, step.hash);
    await post(trustee, duty, step.hash, 'mix', (seconds) => trustee.api.postMix(duty.id, lines, longCall(seconds)));
  }
  if (trustee.clock.isInDoubt()) return;
  for (const { trustee: author, mix } of view.openings) if (author === duty.journal.trustee) await deliverOpening(trustee, duty, view, mix);
}

async function deliverOpening(trustee: TrusteeContext, duty: Duty, view: WaveView, mix: Hex32): Promise<void> {
  const known = [...view.openingHashes].some((hash) => isOwed(trustee, duty, hash));
  const opening = known && mayOpen(duty.journal, trustee.now()) ? await readOpening(trustee, duty, view.number, mix) : null;
  // Looked at again at the last moment, and broken off when it comes: from deadline + grace on, nothing is opened.
  if (opening && mayOpen(duty.journal, trustee.now())) await deliver(trustee, duty, opening, duty.journal.destroyAt - trustee.now());
}

/** `seconds`: in which it must have been sent, however long the platform would take to check it. */
async function deliver(trustee: TrusteeContext, duty: Duty, message: TrusteeMessage, seconds = MESSAGE_SECONDS): Promise<void> {
  const hash = messageHash(message.type, message);
  if (!isOwed(trustee, duty, hash)) return;
  const send = (limit: number) => trustee.api.postMessage(duty.id, message, longCall(limit));
  await post(trustee, duty, hash, message.type, send, seconds);
}

/** Whether the platform neither shows a message, nor has just taken it, nor refuses it for good. */
function isOwed(trustee: TrusteeContext, duty: Duty, hash: Hex32): boolean {
  const { shown, refused, sent } = duty.view.inbox;
  const before = sent.get(hash);
  return !shown.has(hash) && !refused.has(hash) && (before === undefined || trustee.monotonic() - before.at >= AGAIN_SECONDS);
}

async function post(
  trustee: TrusteeContext,
  duty: Duty,
  hash: Hex32,
  type: TrusteeMessage['type'],
  send: (seconds: number) => Promise<MessageReceipt>,
  seconds: number = MESSAGE_SECONDS,
): Promise<void> {
  try {
    await keepReceipt(trustee, duty, hash, type, await send(seconds));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const hasEnded = duty.journal.stage === 'aborted' || duty.journal.stage === 'destroyed';
    // A step is refused while the platform lacks what it stands on, or has two others of its author: at last it is taken (§10.6).
    if (type !== 'mix' && (hasEnded || isFinalRefusal(error))) duty.view.inbox.refused.add(hash);
    const told = `the platform refuses the ${type} ${hash.slice(0, 12)}: ${error.code}`;
    if (!duty.view.inbox.told.has(told)) logAbout(trustee, duty.id, 'NOT_TAKEN', told);
    duty.view.inbox.told.add(told);
  }
}

/** The receipt convicts the platform if it hides the message: it is kept for ever, beside the journal. SPEC §9.2. */
async function keepReceipt(trustee: TrusteeContext, duty: Duty, hash: Hex32, type: string, answer: MessageReceipt): Promise<void> {
  const receipt = checkMessageReceipt(duty.context, hash, answer);
  if (!receipt.ok) throw new Error(`the receipt for the ${type} is not one (${receipt.detail})`);
  const { inbox } = duty.view;
  if (!inbox.sent.has(hash) && !(await hasReceipt(trustee, duty.id, hash)))
    await appendLines(trustee.disk, receiptsFile(duty.id), messageReceiptShape, [receipt.value]);
  noteSent(inbox, receipt.value, type, trustee.monotonic());
  logAbout(trustee, duty.id, 'SENT', `${type} sent`);
}

function receiptsFile(statement: Hex32): string {
  return fileOf(statement, 'receipts.log');
}

async function hasReceipt(trustee: TrusteeContext, statement: Hex32, hash: Hex32): Promise<boolean> {
  let found = false;
  await readLines(trustee.disk, receiptsFile(statement), messageReceiptShape, ({ message }) => {
    found ||= message === hash;
    return true;
  });
  return found;
}

/** Whether the last word about a statement was taken, so that it can be put away. */
export function isSaid(duty: Duty): boolean {
  const { shown, refused, sent } = duty.view.inbox;
  return duty.journal.messages.every((message) => {
    const hash = messageHash(message.type, message);
    return shown.has(hash) || refused.has(hash) || sent.has(hash);
  });
}
