import { type Invitation, parseInvitation } from '#lib/protocol/member/enrolment.ts';
import { checkGroup } from '#lib/protocol/member/group.ts';

/** What the end of an address holds: nothing, an invitation, or the remains of one. */
export type AddressedInvitation = { kind: 'none' } | { kind: 'broken' } | { kind: 'invitation'; invitation: Invitation };

/**
 * Reads an invitation from the fragment of an address, with its `#`. Forgives what mail programs add behind a link: spaces, an
 * equals sign, a full stop or bracket of the sentence round it.
 */
export function readInvitation(hash: string): AddressedInvitation {
  const fragment = decode(hash.replace(/^#/, ''))
    .replace(/[^A-Za-z0-9_-]+$/, '')
    .trim();
  if (fragment === '') return { kind: 'none' };
  const parsed = parseInvitation(fragment);
  return parsed.ok && checkGroup(parsed.value.group).ok ? { kind: 'invitation', invitation: parsed.value } : { kind: 'broken' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
