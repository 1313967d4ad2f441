import { type Invitation, parseInvitation } from '#lib/protocol/member/enrolment.ts';
import { checkGroup } from '#lib/protocol/member/group.ts';
import { piecesOf, undoMail } from './mailed-text.ts';

/** What the end of an address holds: nothing, an invitation, or the remains of one. */
export type AddressedInvitation = { kind: 'none' } | { kind: 'broken' } | { kind: 'invitation'; invitation: Invitation };

/** How every invitation begins: base64url of `{"`, and more than the name of a page has. */
export const INVITATION_START = /eyJ[A-Za-z0-9_-]{21}/;

/**
 * Reads an invitation from a text that somebody has copied: a whole mail, or a link that a mail program has put inside one of its own,
 * where another sign may stand in the place of the `#`.
 */
export function readCopiedInvitation(text: string): AddressedInvitation {
  const plain = undoMail(text);
  const start = plain.search(INVITATION_START);
  return readInvitation(start < 0 ? plain.slice(plain.indexOf('#') + 1) : plain.slice(start));
}

/**
 * Reads an invitation from the end of its link, with or without the `#`. Forgives what mail programs and people do to links: see
 * `undoMail`. Words that follow are left out, because an invitation is only whole at its own end.
 */
export function readInvitation(hash: string): AddressedInvitation {
  const plain = undoMail(hash).replace(/^\s*#/, '');
  const pieces = piecesOf(plain, /[A-Za-z0-9_-]/);
  let joined = '';
  for (const { text } of pieces) {
    joined += text;
    // A dash or an underscore at the end may be of the sentence around the link. Each run of them is looked at once, from its beginning.
    for (const end of [joined, joined.replace(/(?<![-_])[-_]+$/, '')]) {
      const parsed = parseInvitation(end);
      if (parsed.ok && checkGroup(parsed.value.group).ok) return { kind: 'invitation', invitation: parsed.value };
    }
  }
  // What begins with a sign of its own is tracking, or the sentence around the link.
  return /^[^\w&?]*[A-Za-z0-9]/.test(plain) ? { kind: 'broken' } : { kind: 'none' };
}
