import type { EnrolmentList } from '#lib/api/issuer-shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { ticketOfMember } from './invite.ts';
import {
  findGroup,
  type IssuedGroup,
  type Issuer,
  inviteAnew,
  isInvited,
  type RosterMember,
  replaceGroup,
  withSecret,
} from './issuer-file.ts';

/** Tickets that a platform says were withdrawn. */
export function withdrawnTickets(listed: EnrolmentList['enrolments']): Set<Hex32> {
  return new Set(listed.filter(({ state }) => state === 'withdrawn').map(({ ticket }) => ticket));
}

/** Whose open invitation was withdrawn: this keystore is older than that, and the person may have been struck since, or have another. */
export function findWithdrawn({ members }: IssuedGroup, withdrawn: ReadonlySet<Hex32>): RosterMember[] {
  if (withdrawn.size === 0) return [];
  return members.filter((member) => !member.removed && isInvited(member) && withdrawn.has(ticketOfMember(member)));
}

/** The issuer with a fresh invitation for everybody whose own was withdrawn, which nobody has yet. */
export function renewWithdrawn(issuer: Issuer, group: Hex32, withdrawn: ReadonlySet<Hex32>, random: Random): Issuer {
  const issued = findGroup(issuer, group);
  const found = new Set(findWithdrawn(issued, withdrawn));
  if (found.size === 0) return issuer;
  const members = issued.members.map((member) => (found.has(member) ? inviteAnew(member, random) : member));
  return replaceGroup(issuer, group, { ...issued, members });
}

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
