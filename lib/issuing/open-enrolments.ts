import { type Enrolment, openEnrolment } from '#lib/protocol/member/enrolment.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { type FieldText, formatField } from '#lib/protocol/numbers/field.ts';
import { invitationIn, invitingGroupOf, ticketsOf } from './invite.ts';
import { enrolmentKeysOf, findGroup, type Issuer, isInvited, replaceGroup } from './issuer-file.ts';

/** An enrolment that the platform holds for a ticket. */
export type TicketEnrolment = { ticket: Hex32 } & Enrolment;

/** An enrolment that must not enter the roll. */
export type RefusedEnrolment = {
  name: string;
  code: 'ENROLMENT_FORGED' | 'SAME_WALLET';
  /** A sentence for the issuer. */
  detail: string;
};

/** The keystore with the answers in it, and the names of those whose answer was accepted. */
export type OpenedAnswers = { issuer: Issuer; accepted: string[]; refused: RefusedEnrolment[] };
/** `openEnrolments`, perhaps in another thread. */
export type OpenAnswers = (issuer: Issuer, group: Hex32, enrolments: readonly TicketEnrolment[]) => OpenedAnswers | Promise<OpenedAnswers>;

const FORGED = 'The reply was not sealed by whoever holds this invitation. Invite this person again.';

/**
 * Opens the enrolments of a group and keeps commitment and u. Those that the platform changed or made itself do not open (T27).
 * Two invitations taken up with one wallet are one person: the second is refused, because a roll must not look larger than it
 * is, and one token must not stand in it twice. Members that have been taken in before are passed over. `onProgress` is told the
 * share that is done, 0 to 1.
 */
export function openEnrolments(
  issuer: Issuer,
  group: Hex32,
  enrolments: readonly TicketEnrolment[],
  onProgress: (share: number) => void = () => {},
): OpenedAnswers {
  const issued = findGroup(issuer, group);
  const [inviting, keys] = [invitingGroupOf(issuer, issued), enrolmentKeysOf(issuer)];
  const byTicket = ticketsOf(issued);
  const holders = new Map(issued.members.filter((member) => !member.removed).flatMap(marksOf));
  const answers = new Map<Hex32, Answer>();
  const refused: RefusedEnrolment[] = [];
  for (const [i, { ticket, ...enrolment }] of enrolments.entries()) {
    if (i % 256 === 0) onProgress(i / enrolments.length);
    const member = byTicket.get(ticket);
    if (!member || !isInvited(member) || answers.has(member.secret)) continue;
    const { name } = member;
    const opened = openEnrolment(invitationIn(inviting, member), enrolment, keys);
    if (!opened.ok) {
      refused.push({ name, code: opened.code, detail: FORGED });
      continue;
    }
    const answer = { commitment: formatField(opened.value.commitment), membership: opened.value.membership };
    const marks = marksOf({ name, ...answer });
    const holder = marks.map(([mark]) => holders.get(mark)).find((found) => found !== undefined);
    if (holder !== undefined) {
      const detail = `This invitation was taken up with the wallet of ${quote(holder)}. One person counts once.`;
      refused.push({ name, code: 'SAME_WALLET', detail });
      continue;
    }
    for (const [mark] of marks) holders.set(mark, name);
    answers.set(member.secret, answer);
  }
  const members = issued.members.map((member) => {
    const answer = answers.get(member.secret);
    return answer ? { ...member, ...answer } : member;
  });
  const accepted = members.filter(({ secret }) => answers.has(secret)).map(({ name }) => name);
  return { issuer: replaceGroup(issuer, group, { ...issued, members }), accepted, refused };
}

type Answer = { commitment: FieldText; membership: Hex32 };

/** By what one wallet is known again: honest ones have a commitment and a u for a group, dishonest ones may change either. */
function marksOf({ name, commitment, membership }: Partial<Answer> & { name: string }): [string, string][] {
  return [commitment, membership].filter((mark) => mark !== undefined).map((mark) => [mark, name]);
}
