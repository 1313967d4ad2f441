import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { findGroup, type Issuer, isInvited, type RosterMember, replaceGroup, withSecret } from './issuer-file.ts';

/**
 * The issuer with a fresh invitation for a member, whose old one admits nobody any more. Who has answered is struck and stands on
 * the roster once more: the next roll lacks the old leaf, and a later one holds the new. Withdrawing the old ticket is left to the
 * caller. @param fresh the secret of an invitation that nobody has @param way in which the member is admitted now, if it is known
 */
export function renewInvitation(issuer: Issuer, group: Hex32, secret: Hex32, fresh: Hex32, way?: RosterMember['way']): Issuer {
  const issued = findGroup(issuer, group);
  const renew = (member: RosterMember) => withSecret(way === undefined ? member : { ...member, way }, fresh);
  const members = issued.members.flatMap((member) => {
    if (member.secret !== secret) return [member];
    return isInvited(member) ? [renew(member)] : [{ ...member, removed: true as const }, renew(member)];
  });
  return replaceGroup(issuer, group, { ...issued, members });
}
