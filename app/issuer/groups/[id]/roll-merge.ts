import { findGroup, type IssuedGroup, type Issuer, replaceGroup } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/**
 * Puts the commitments that a worker opened into the keystore as it is now: while it worked, people may have been added or
 * struck in this window or another.
 */
export function takeCommitments(current: Issuer, opened: IssuedGroup, id: Hex32): Issuer {
  const commitments = new Map(opened.members.map((member) => [member.secret, member.commitment]));
  const group = findGroup(current, id);
  const members = group.members.map((member) => {
    const commitment = member.commitment ?? commitments.get(member.secret);
    return commitment === undefined ? member : { ...member, commitment };
  });
  return replaceGroup(current, id, { ...group, members });
}

/** Whether the keystore still holds the group from which a roll was prepared, in every detail. */
export function isUnchanged(current: Issuer, id: Hex32, before: IssuedGroup): boolean {
  return JSON.stringify(findGroup(current, id)) === JSON.stringify(before);
}
