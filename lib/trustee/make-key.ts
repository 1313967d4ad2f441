import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { makeComplaint, makeConfirm, makeDeal } from '#lib/protocol/key/key-generation.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { isShareOf } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import { fetchCapsules, hasCapsules } from './capsules.ts';
import { logAbout, type TrusteeContext } from './context.ts';
import { authorOf, type Duty, keepKeyMessage, saveJournal } from './duty.ts';
import { type KeyStep, nextKeyStep } from './key-policy.ts';
import { fileOf } from './keystore.ts';
import { type Journal, type ShareFile, secretsFileShape, secretsFromFile, shareFileShape } from './stored-shapes.ts';

/**
 * Takes the next step of a key generation, if there is one; whatever it signs is in the journal before it can be sent. SPEC §7.
 * @returns whether a step was taken, so that another may follow
 */
export async function takeKeyStep(trustee: TrusteeContext, duty: Duty): Promise<boolean> {
  const { disk } = trustee;
  const { context, journal, view } = duty;
  const stored = await readStored(disk, fileOf(duty.id, 'secrets.json'), secretsFileShape);
  const secrets = stored && secretsFromFile(stored);
  const share = await readShare(trustee, duty.id);
  const situation = {
    context,
    trustee: journal.trustee,
    secrets,
    transcript: journal.transcript ?? share?.transcript,
    hasCapsules: journal.stage !== 'keying' || (await hasCapsules(trustee, context.rolls.values())),
  };
  const next = nextKeyStep(situation, view.keyMessages, trustee.now());
  const author = authorOf(trustee, duty);
  switch (next.step) {
    case 'wait':
      return false;
    case 'commit': // signed when the statement was joined
      throw new Error('the journal lacks the commit');
    case 'deal':
      if (secrets) await record(trustee, duty, makeDeal(author, secrets, next.commits, trustee.random));
      return true;
    case 'complain':
      if (secrets) await record(trustee, duty, makeComplaint(author, secrets, next.deal, trustee.random), { stage: 'aborted' });
      logAbout(trustee, duty.id, 'BAD_SHARE', `the share dealt by trustee ${next.deal.trustee} is bad; complained and aborted`);
      return false;
    case 'fetch-capsules':
      await fetchCapsules(trustee, author);
      return true;
    case 'confirm':
      await confirmKey(trustee, duty, next);
      return true;
    case 'abort':
      await saveJournal(trustee, duty, { stage: 'aborted' });
      logAbout(
        trustee,
        duty.id,
        'KEY_ABORTED',
        `key generation aborted${next.blame.map(({ trustee: n, reason }) => `, trustee ${n}: ${reason}`).join('')}`,
      );
      return false;
    case 'keyed':
      await finishKey(trustee, duty, next.keyed, share);
      return false;
  }
}

export function readShare(trustee: TrusteeContext, id: Hex32): Promise<ShareFile | null> {
  return readStored(trustee.disk, fileOf(id, 'share.json'), shareFileShape);
}

/**
 * The order matters: the share is on disk before the confirm exists, the confirm is on disk before the polynomial and the sealing key
 * are erased, and they are erased before the confirm is sent. JavaScript cannot erase what it held in memory. SPEC §7.4.
 */
async function confirmKey(trustee: TrusteeContext, duty: Duty, next: Extract<KeyStep, { step: 'confirm' }>): Promise<void> {
  const { commits, deals, share, transcript } = next;
  const file: ShareFile = { version: 2, share: share.toString(10), transcript, destroyAt: duty.journal.destroyAt };
  await writeStored(trustee.disk, fileOf(duty.id, 'share.json'), file, shareFileShape);
  const confirm = makeConfirm(authorOf(trustee, duty), share, commits, deals, trustee.random);
  await record(trustee, duty, confirm, { stage: 'confirmed', transcript });
  await trustee.disk.erase(fileOf(duty.id, 'secrets.json'));
}

async function finishKey(trustee: TrusteeContext, duty: Duty, keyed: Keyed, share: ShareFile | null): Promise<void> {
  if (share === null || !isShareOf(keyed, duty.journal.trustee, BigInt(share.share) as Scalar))
    throw new Error('the stored share is not that of the key');
  await saveJournal(trustee, duty, { stage: 'keyed' });
  duty.view.keyed = keyed;
  logAbout(trustee, duty.id, 'KEY_MADE', 'the key is made; following the board');
}

async function record(trustee: TrusteeContext, duty: Duty, message: KeyMessage, change: Partial<Journal> = {}): Promise<void> {
  await saveJournal(trustee, duty, { ...change, messages: [...duty.journal.messages, message] });
  await keepKeyMessage(trustee, duty, message);
}
