import { findGroup, type IssuedGroup, type Issuer, isInvited, type RosterMember, replaceGroup } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/**
 * Puts the replies that a worker opened into the keystore as it is now: while it worked, people may have been added or struck in
 * this window or another.
 */
export function takeReplies(current: Issuer, opened: IssuedGroup, id: Hex32): Issuer {
  const replies = new Map(opened.members.map(({ secret, commitment, membership }) => [secret, { commitment, membership }]));
  const group = findGroup(current, id);
  const members = group.members.map((member): RosterMember => {
    const { commitment, membership } = replies.get(member.secret) ?? {};
    if (!isInvited(member) || commitment === undefined || membership === undefined) return member;
    return { ...member, commitment, membership };
  });
  return replaceGroup(current, id, { ...group, members });
}

/** Whether the keystore still holds the group from which a roll was prepared, in every detail. */
export function isUnchanged(current: Issuer, id: Hex32, before: IssuedGroup): boolean {
  return JSON.stringify(findGroup(current, id)) === JSON.stringify(before);
}
