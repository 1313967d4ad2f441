import { type Enrolment, openEnrolment } from '#lib/protocol/member/enrolment.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { invitationIn, ticketsOf } from './invite.ts';
import { findGroup, groupNameOf, type Issuer, type RosterMember, replaceGroup } from './issuer-file.ts';

/** An enrolment that the platform holds for a ticket. */
export type TicketEnrolment = { ticket: Hex32 } & Enrolment;

/** An enrolment that must not enter the roll. */
export type RefusedEnrolment = {
  name: string;
  code: 'ENROLMENT_FORGED' | 'SAME_WALLET';
  /** A sentence for the issuer. */
  detail: string;
};

/**
 * Opens the enrolments of a group and keeps the commitments. Those that the platform changed or made itself do not open (T27).
 * Two invitations taken up with one wallet are one person: the second is refused, because a roll must not look larger than it
 * is. Members that have been taken in before are passed over. `onProgress` is told the share that is done, 0 to 1.
 */
export function openEnrolments(
  issuer: Issuer,
  group: Hex32,
  enrolments: readonly TicketEnrolment[],
  onProgress: (share: number) => void = () => {},
): { issuer: Issuer; accepted: string[]; refused: RefusedEnrolment[] } {
  const issued = findGroup(issuer, group);
  const name = groupNameOf(issuer, issued.name);
  const byTicket = ticketsOf(issued);
  const holders = new Map(issued.members.filter(isActive).map((member) => [member.commitment as string, member.name]));
  const commitments = new Map<Hex32, string>();
  const refused: RefusedEnrolment[] = [];
  for (const [i, { ticket, ...enrolment }] of enrolments.entries()) {
    if (i % 256 === 0) onProgress(i / enrolments.length);
    const member = byTicket.get(ticket);
    if (!member || member.commitment !== undefined) continue;
    const opened = openEnrolment(invitationIn(name, member), enrolment);
    if (!opened.ok) {
      refused.push({
        name: member.name,
        code: opened.code,
        detail: 'The reply was not sealed by whoever holds this invitation. Invite this person again.',
      });
      continue;
    }
    const commitment = formatField(opened.value);
    const holder = holders.get(commitment);
    if (holder !== undefined) {
      refused.push({
        name: member.name,
        code: 'SAME_WALLET',
        detail: `This invitation was taken up with the wallet of “${holder}”. One person counts once.`,
      });
      continue;
    }
    holders.set(commitment, member.name);
    commitments.set(member.secret, commitment);
  }
  const members = issued.members.map((member) => withCommitment(member, commitments.get(member.secret)));
  const accepted = members.filter((member) => commitments.has(member.secret)).map((member) => member.name);
  return { issuer: replaceGroup(issuer, group, { ...issued, members }), accepted, refused };
}

function isActive(member: RosterMember): boolean {
  return member.commitment !== undefined && !member.removed;
}

function withCommitment(member: RosterMember, commitment: string | undefined): RosterMember {
  return commitment === undefined ? member : { ...member, commitment };
}
