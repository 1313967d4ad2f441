import { bytesToHex } from '@noble/hashes/utils.js';
import { enrolmentId, enrolmentTicket, formatInvitation, type Invitation } from '#lib/protocol/member/enrolment.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { writeCsv } from './csv.ts';
import {
  enrolmentKeysOf,
  findGroup,
  groupNameOf,
  type IssuedGroup,
  type Issuer,
  isInvited,
  MOST_ON_ROSTER,
  type RosterMember,
  replaceGroup,
} from './issuer-file.ts';
import type { RosterRow } from './roster.ts';
import { isPrivateAddress, WAYS } from './ways.ts';

/** People for whom there is no room on the roster any more: see `MOST_ON_ROSTER`. */
export class RosterFull extends Error {
  constructor() {
    super(`The roster of one group holds ${MOST_ON_ROSTER} people, those removed included, and these would be more.`);
    this.name = 'RosterFull';
  }
}

/**
 * Puts people on a group's roster, each with a fresh invitation. Whoever stands on it already under the same name and address is
 * left alone. @throws RosterFull
 */
export function inviteMembers(issuer: Issuer, group: Hex32, rows: readonly RosterRow[], random: Random): Issuer {
  const before = findGroup(issuer, group);
  const added = findNewcomers(before, rows).map(({ name, email }): RosterMember => ({ name, email, secret: bytesToHex(random(32)) }));
  if (before.members.length + added.length > MOST_ON_ROSTER) throw new RosterFull();
  return replaceGroup(issuer, group, { ...before, members: [...before.members, ...added] });
}

/** Those of some rows whom a group's roster does not hold: nobody stands on it under the same name and address. */
export function findNewcomers({ members }: IssuedGroup, rows: readonly RosterRow[]): RosterRow[] {
  const key = ({ name, email }: Pick<RosterRow, 'name' | 'email'>) => `${name}\0${email.toLowerCase()}`;
  const known = new Set(members.filter((member) => !member.removed).map(key));
  return rows.filter((row) => !known.has(key(row)));
}

/** Strikes a member from the roster: the next roll no longer holds them. Statements opened before keep their rolls. */
export function removeMember(issuer: Issuer, group: Hex32, secret: Hex32): Issuer {
  const before = findGroup(issuer, group);
  const members = before.members.map((member) => (member.secret === secret ? { ...member, removed: true as const } : member));
  return replaceGroup(issuer, group, { ...before, members });
}

/** What all invitations of a group have in common. */
export type InvitingGroup = Pick<Invitation, 'group' | 'enrolmentKey'>;

/** For `invitationIn`. It takes two keys to be derived, so it is made once for many members. */
export function invitingGroupOf(issuer: Issuer, { name }: Pick<IssuedGroup, 'name'>): InvitingGroup {
  return { group: groupNameOf(issuer, name), enrolmentKey: bytesToHex(enrolmentKeysOf(issuer).publicKey) };
}

export function invitationIn(inviting: InvitingGroup, { secret, name }: Pick<RosterMember, 'secret' | 'name'>): Invitation {
  return { version: 2, secret, name, ...inviting };
}

/** `invitationIn` for a single member. */
export function invitationOf(issuer: Issuer, group: IssuedGroup, member: RosterMember): Invitation {
  return invitationIn(invitingGroupOf(issuer, group), member);
}

/** The link that makes its holder a member. Everything secret stands behind the `#`, which browsers do not send. */
export function formatInvitationLink(origin: string, invitation: Invitation): string {
  return `${origin}/join#${formatInvitation(invitation)}`;
}

/** What the platform is given for an invitation: enough to let the member in once, too little to enrol in their place. */
export function ticketOf(secret: Hex32): Hex32 {
  return enrolmentTicket(enrolmentId({ secret } as Invitation));
}

/** Kept for each person: of a whole roster it takes a second or two, in which an agent answers nobody. */
const tickets = new WeakMap<RosterMember, Hex32>();

/** The ticket of somebody's invitation. */
export function ticketOfMember(member: RosterMember): Hex32 {
  const ticket = tickets.get(member) ?? ticketOf(member.secret);
  tickets.set(member, ticket);
  return ticket;
}

/** The members of a group by ticket, without those who are struck. */
export function ticketsOf(group: IssuedGroup): Map<Hex32, RosterMember> {
  return new Map(group.members.filter((member) => !member.removed).map((member) => [ticketOfMember(member), member]));
}

/**
 * Whose invitations may be sent: nobody has answered them, and where the employer is hostile, its server does not see them come and
 * they were not given in person.
 */
export function listToMail({ members, hostileEmployer }: IssuedGroup): RosterMember[] {
  const open = members.filter((member) => !member.removed && isInvited(member));
  if (!hostileEmployer) return open;
  return open.filter(({ email, way }) => way !== WAYS.inPerson && isPrivateAddress(email, hostileEmployer.domains));
}

/** The invitations that may be sent, as CSV (name, email, link) for a mail merge. Holds secrets: it is for the issuer alone. */
export function exportInvitations(origin: string, issuer: Issuer, group: Hex32): string {
  const issued = findGroup(issuer, group);
  const inviting = invitingGroupOf(issuer, issued);
  const rows = listToMail(issued).map((member) => [
    member.name,
    member.email,
    formatInvitationLink(origin, invitationIn(inviting, member)),
  ]);
  return writeCsv([['name', 'email', 'link'], ...rows]);
}
