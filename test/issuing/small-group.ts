import { randomBytes } from 'node:crypto';
import { invitationOf, inviteMembers } from '#lib/issuing/invite.ts';
import { addGroup, createIssuer, findGroup, groupIdsOf, type Issuer } from '#lib/issuing/issuer-file.ts';
import { makeRoll } from '#lib/issuing/make-roll.ts';
import { openEnrolments, type TicketEnrolment } from '#lib/issuing/open-enrolments.ts';
import { enrolmentTicket } from '#lib/protocol/member/enrolment.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { acceptInvitation, createWallet } from '#lib/signing/wallet.ts';

export const random = (length: number) => new Uint8Array(randomBytes(length));
export const people = ['Ann Lee', 'Bo Li', 'Cy Ng', 'Di Wu'].map((name, i) => ({ row: i + 2, name, email: `p${i}@example.org` }));
export const TRUSTEES = ['b'.repeat(64), 'a'.repeat(64)];

export function value<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new Error(`${checked.code}: ${checked.detail}`);
  return checked.value;
}

export function startGroup(): { issuer: Issuer; group: string } {
  const issuer = value(addGroup(createIssuer(random), 'Upper house', TRUSTEES));
  const group = groupIdsOf(issuer)[0] as string;
  return { issuer: inviteMembers(issuer, group, people, random), group };
}

/** What the platform holds once the person at that place of the roster has taken the invitation up. */
export function enrol(issuer: Issuer, group: string, at: number, wallet: Wallet = createWallet(random)): TicketEnrolment {
  const issued = findGroup(issuer, group);
  const member = issued.members[at]!;
  const { enrolment } = value(acceptInvitation(wallet, invitationOf(issuer, issued, member), 'https://example.org'));
  return { ticket: enrolmentTicket(enrolment.id), ...enrolment };
}

export const enrolAll = (issuer: Issuer, group: string, ...places: number[]) =>
  openEnrolments(
    issuer,
    group,
    places.map((at) => enrol(issuer, group, at)),
  ).issuer;
export const publish = async (issuer: Issuer, group: string, time = 1_000) =>
  value(await makeRoll(issuer, group, { time, trustees: TRUSTEES, random }));
