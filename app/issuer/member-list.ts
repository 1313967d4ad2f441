import type { IssuedGroup, RosterMember } from '#lib/issuing/issuer-file.ts';

/** `leaving`: struck from the roster, but the roll that is published now still holds them. */
export type MemberState = 'invited' | 'accepted' | 'admitted' | 'leaving';

/** In the order in which people pass through them. */
export const STATE_WORDS: Record<MemberState, string> = {
  invited: 'No reply yet',
  accepted: 'Accepted',
  admitted: 'In the roll',
  leaving: 'Leaves with the next roll',
};

export interface ListedMember {
  /** The invitation's secret, which also tells two people of one name apart. */
  secret: string;
  name: string;
  email: string;
  state: MemberState;
}

/** Where a member stands; null for those who were struck and are in no roll any more. */
function stateOf(member: RosterMember): MemberState | null {
  if (member.removed) return member.place === undefined ? null : 'leaving';
  if (member.place !== undefined) return 'admitted';
  return member.commitment === undefined ? 'invited' : 'accepted';
}

/** Everybody who matters to the issuer, in the order in which they were put on the roster. */
export function listMembers(group: IssuedGroup): ListedMember[] {
  const listed: ListedMember[] = [];
  for (const member of group.members) {
    const state = stateOf(member);
    if (state) listed.push({ secret: member.secret, name: member.name, email: member.email, state });
  }
  return listed;
}

export function countStates(members: readonly ListedMember[]): Record<MemberState, number> {
  const counts: Record<MemberState, number> = { invited: 0, accepted: 0, admitted: 0, leaving: 0 };
  for (const { state } of members) counts[state] += 1;
  return counts;
}
