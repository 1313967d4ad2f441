import type { TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { clearPublicFiles } from './destroy-share.ts';
import { type Duty, logAbout, saveJournal, type TrusteeContext } from './duty.ts';
import { mayOpen } from './duty-policy.ts';
import { readOpening } from './open-waves.ts';
import { isFinalRefusal, isRefusal, longCall } from './platform-calls.ts';

const MESSAGE_SECONDS = 60;

/**
 * Sends what the keystore holds and the platform has not taken since this process started: always the very bytes that were signed
 * once, so a message sent twice is the same message.
 * @throws when the platform cannot be reached or does not take a message yet; one that it refuses for good is logged and not sent
 * again before the next start
 */
export async function deliverMessages(trustee: TrusteeContext, duty: Duty): Promise<void> {
  for (const message of duty.journal.messages) await deliver(trustee, duty, message, message.type);
  const { cosigned } = duty.journal;
  if (cosigned) await deliver(trustee, duty, cosigned, `cosignature/${cosigned.number}`);
  if (trustee.clock.isInDoubt()) return;
  for (const wave of [...duty.opened].sort((a, b) => a - b)) {
    const key = `opening/${wave}`;
    const opening = duty.delivered.has(key) || !mayOpen(duty.journal, trustee.now()) ? null : await readOpening(trustee, duty, wave);
    // Looked at again at the last moment, and broken off when it comes: from deadline + grace on, nothing is opened.
    const left = duty.journal.destroyAt - trustee.now();
    if (opening && mayOpen(duty.journal, trustee.now())) await deliver(trustee, duty, opening, key, left);
  }
}

/** Puts a statement away for good once it has ended and its last word was taken. */
export async function closeDuty(trustee: TrusteeContext, duty: Duty): Promise<boolean> {
  const { stage } = duty.journal;
  if (stage !== 'aborted' && stage !== 'destroyed') return false;
  await clearPublicFiles(trustee.disk, duty.id);
  await saveJournal(trustee, duty, { closed: true });
  return true;
}

/** `seconds`: in which it must have been sent, however long the platform would take to check it. */
async function deliver(
  trustee: TrusteeContext,
  duty: Duty,
  message: TrusteeMessage,
  key: string,
  seconds = MESSAGE_SECONDS,
): Promise<void> {
  if (duty.delivered.has(key)) return;
  try {
    await trustee.api.postMessage(duty.id, message, longCall(seconds));
    logAbout(trustee, duty.id, `${key} sent`);
  } catch (error) {
    const hasEnded = duty.journal.stage === 'aborted' || duty.journal.stage === 'destroyed';
    if (!isRefusal(error) || !(hasEnded || isFinalRefusal(error))) throw error;
    // After a restart this is ordinary for a large opening, which a platform that has all of them does not read again.
    const has = error.code === 'MESSAGE_CONFLICT';
    logAbout(
      trustee,
      duty.id,
      has ? `the platform already has the ${key} of this trustee` : `the platform refuses the ${key}: ${error.code}`,
    );
  }
  duty.delivered.add(key);
}
