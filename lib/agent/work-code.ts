// Way 2: a code to a work address. It is bound to the session that asked, and never on a disk
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { Turns } from './turns.ts';
import { drawCode, formatCode, hashCode, isCode } from './words.ts';

const CODE_LENGTH = 8;
const LIFE_SECONDS = 900;
const MOST_TRIES = 5;
/** Mails within an hour: to one person; and to addresses that stand on no roster, of one group and of the whole agent. */
const MOST_MAILS = { person: 3, group: 200, all: 500 };

/** A code that somebody was sent, as the session keeps it. `hash` is null when no mail went out: then nothing fits. */
export type PendingCode = { group: Hex32; address: string; typed: string; hash: Hex32 | null; tries: number; expires: number };

/**
 * Draws a code for a session. Whether one is drawn at all, for an address that may not have one or has had too many, shows neither in
 * the answer nor in what the session may try. Whoever stands on a roster is sent theirs whatever others ask for.
 * @param to where the code goes: one for all spellings of an address, so that none of them has mails of its own
 * @param isKnown whether the address may be admitted to the group @param isNew whether it stands on no roster
 */
export function startCode(
  asked: { group: Hex32; address: string; to: string; typed: string; isKnown: boolean; isNew: boolean },
  { turns, now, random }: { turns: Turns; now: number; random: Random },
): { pending: PendingCode; code: string | null } {
  const { group, address, to, typed, isKnown, isNew } = asked;
  const limits = [
    { key: `person ${to}`, most: MOST_MAILS.person },
    ...(isNew
      ? [
          { key: `group ${group}`, most: MOST_MAILS.group },
          { key: 'all', most: MOST_MAILS.all },
        ]
      : []),
  ];
  const code = isKnown && turns.take(limits, now) ? drawCode(random, CODE_LENGTH) : null;
  const hash = code === null ? null : hashCode(code);
  return { pending: { group, address, typed, hash, tries: 0, expires: now + LIFE_SECONDS }, code };
}

/** Tries a code. The pending one is changed: each try counts, also a right one, and a used one fits no more. */
export function tryCode(pending: PendingCode | undefined, text: string, now: number): Checked<PendingCode, 'CODE_WRONG' | 'CODE_OVER'> {
  if (!pending || now >= pending.expires || pending.tries >= MOST_TRIES) return refuse('CODE_OVER', 'the code is over');
  pending.tries += 1;
  const isRight = isCode(text, pending.hash ?? '00'.repeat(32));
  if (!isRight || pending.hash === null) return refuse(pending.tries >= MOST_TRIES ? 'CODE_OVER' : 'CODE_WRONG', 'this is not the code');
  pending.tries = MOST_TRIES;
  return accept(pending);
}

/** The mail with a code: it names neither group nor issuer nor platform, because the employer's server keeps it. */
export function writeCodeLetter(code: string): { subject: string; text: string } {
  const lines = [
    `Your code: ${formatCode(code)}`,
    'It is good for 15 minutes, in the browser window that asked for it.',
    'Never give this code to anybody, whoever asks. If you did not ask for it, do nothing.',
  ];
  return { subject: 'Your code', text: `${lines.join('\n\n')}\n` };
}
