// Who stands where in the next roll
import { MAX_DEPTH } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { candidateOf, type IssuedGroup, inviteAnew, isInvited, isNewcomer, type RosterMember } from './issuer-file.ts';
import { PRIVATE_WAYS } from './ways.ts';

export type PlacingFault = 'NOBODY_ENROLLED' | 'NOTHING_NEW' | 'GROUP_FULL';

/** Whether this keystore has of a member what capsule and leaf are made of. SPEC §4.6. */
function hasSecrets(member: RosterMember): boolean {
  const { commitment, membership } = candidateOf(member);
  return commitment !== null && membership !== null;
}

/** Whether the way in which somebody was admitted is one that the group has: with a hostile employer, only a private one. */
function isAdmittedAs({ hostileEmployer }: IssuedGroup, { way }: RosterMember): boolean {
  return hostileEmployer === undefined || (way !== undefined && PRIVATE_WAYS.includes(way));
}

/**
 * The members as the next roll has them, in their order: whoever was removed gives the place back, whoever is incomplete or
 * `barred` (by the secrets of their invitations), or came in a way that the group does not have, is left out and invited anew, and new ones get the lowest free places. A place
 * never moves. @returns NOTHING_NEW when the roll would say the same as the last
 */
export function placeMembers(
  group: IssuedGroup,
  { number, trustees, barred, random }: { number: number; trustees: readonly Hex32[]; barred: ReadonlySet<Hex32>; random: Random },
): Checked<RosterMember[], PlacingFault> {
  const isLeftOut = (member: RosterMember) =>
    barred.has(member.secret) || (!isInvited(member) && !hasSecrets(member)) || (isNewcomer(member) && !isAdmittedAs(group, member));
  const staying = group.members.map((member) => {
    if (member.removed) return withoutPlace(member);
    return isLeftOut(member) ? inviteAnew(member, random) : member;
  });
  const members = assignPlaces(staying, number);
  if (members === null) return refuse('GROUP_FULL', `a group holds at most ${2 ** MAX_DEPTH} members`);
  const size = members.filter((member) => member.place !== undefined).length;
  if (size === 0) return refuse('NOBODY_ENROLLED', 'nobody has accepted an invitation yet');
  const { lastRoll } = group;
  const isSame = lastRoll?.trustees.join() === trustees.join() && members.every(({ place }, i) => place === group.members[i]?.place);
  // The last roll may hold others of whom this keystore knows nothing: without them the next one is new.
  return isSame && lastRoll?.size === size ? refuse('NOTHING_NEW', 'nobody has come or gone since the last roll') : accept(members);
}

function withoutPlace({ place: _place, since: _since, ...member }: RosterMember): RosterMember {
  return member;
}

/** Gives the lowest free places to members that have replied and have none; null when there are not enough. */
function assignPlaces(members: readonly RosterMember[], number: number): RosterMember[] | null {
  const taken = new Set(members.map((member) => member.place));
  let next = 0;
  const assigned = members.map((member) => {
    if (member.removed || isInvited(member) || member.place !== undefined) return member;
    while (taken.has(next)) next++;
    return { ...member, place: next++, since: number };
  });
  return next > 2 ** MAX_DEPTH ? null : assigned;
}
