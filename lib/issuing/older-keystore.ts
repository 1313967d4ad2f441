// What shows that a keystore is an older copy, before anything is made with it
import type { EnrolmentList } from '#lib/api/issuer-shapes.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { checkRollHeader, type RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { IssuedGroup } from './issuer-file.ts';

/** Tickets that a platform holds open and that are not among those that are known here. */
export function findUnknownTickets(known: ReadonlySet<Hex32>, listed: EnrolmentList['enrolments']): Hex32[] {
  return listed.flatMap(({ ticket, state }) => (state === 'invited' && !known.has(ticket) ? [ticket] : []));
}

/** The number of the newest roll that a platform shows, where that is of the group's own key and newer than what the keystore knows. */
export function findNewerRoll({ lastRoll }: IssuedGroup, group: Hex32, newest: RollHeader | undefined): number | null {
  if (newest === undefined || newest.number <= (lastRoll?.number ?? 0)) return null;
  return checkRollHeader(newest).ok && groupId(newest.group) === group ? newest.number : null;
}
