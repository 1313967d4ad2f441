import { type Invitation, parseInvitation } from '#lib/protocol/member/enrolment.ts';
import { checkGroup } from '#lib/protocol/member/group.ts';
import { piecesOf, undoMail } from './mailed-text.ts';

/** What the end of an address holds: nothing, an invitation, or the remains of one. */
export type AddressedInvitation = { kind: 'none' } | { kind: 'broken' } | { kind: 'invitation'; invitation: Invitation };

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
    // A dash or an underscore at the end may be of the sentence around the link.
    for (const end of [joined, joined.replace(/[-_]+$/, '')]) {
      const parsed = parseInvitation(end);
      if (parsed.ok && checkGroup(parsed.value.group).ok) return { kind: 'invitation', invitation: parsed.value };
    }
  }
  // What begins with a sign of its own is tracking, or the sentence around the link.
  return /^[^\w&?]*[A-Za-z0-9]/.test(plain) ? { kind: 'broken' } : { kind: 'none' };
}
