import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import { checkTrusteeMessage, type TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { type TrusteeContext, warnAbout } from './context.ts';
import { type Duty, keepKeyMessage, saveJournal } from './duty.ts';
import { createWaveView, noteWave } from './wave-view.ts';

/**
 * Takes a message that the trustee's own key has signed as its own word, also where the journal lacks it, as after a keystore was
 * restored: it is never contradicted. A keystore whose messages the platform hides counts among the k − 1. SPEC §9.6.
 */
export async function bindToOwn(trustee: TrusteeContext, duty: Duty, message: TrusteeMessage): Promise<void> {
  const { journal, view, context } = duty;
  const hash = messageHash(message.type, message);
  if (!view.inbox.shown.has(hash) && !checkTrusteeMessage(context, message).ok) return; // not this trustee's word
  view.inbox.shown.add(hash);
  if (isKnown(duty, message, hash) || !checkTrusteeMessage(context, message).ok) return;
  warnAbout(
    trustee,
    duty.id,
    'COPIED_KEY',
    `a ${message.type} by this trustee's own key that this keystore did not make: is there a copy of it, or was it restored?`,
  );
  switch (message.type) {
    case 'cosignature':
      // The highest binds: nothing is cosigned that does not follow on it.
      if (message.number >= (journal.cosigned?.number ?? 0)) await saveJournal(trustee, duty, { cosigned: message });
      return;
    case 'mix':
    case 'opening': {
      const wave = view.waves.get(message.wave) ?? createWaveView(context, message.wave);
      view.waves.set(message.wave, wave);
      const { content } = message;
      if (wave.locked === null)
        await noteWave(trustee.disk, duty.id, wave, { type: 'lock', wave: message.wave, content }, trustee.monotonic());
      return;
    }
    case 'destroyed':
      return;
    default:
      await saveJournal(trustee, duty, { messages: [...journal.messages, message] });
      await keepKeyMessage(trustee, duty, message);
  }
}

function isKnown({ journal, view }: Duty, message: TrusteeMessage, hash: string): boolean {
  switch (message.type) {
    case 'cosignature': {
      const { cosigned } = journal;
      const onBoard = view.board?.board.hashes[message.number - 1] === message.checkpoint;
      return cosigned !== undefined && (message.signature === cosigned.signature || (onBoard && message.number < cosigned.number));
    }
    case 'mix':
      return view.waves.get(message.wave)?.authors.has(hash) ?? false;
    case 'opening':
      return view.waves.get(message.wave)?.openingHashes.has(hash) ?? false;
    default:
      return journal.messages.some(({ signature }) => signature === message.signature);
  }
}
