// What shows that a keystore is an older copy, before anything is made with it
import type { EnrolmentList } from '#lib/api/issuer-shapes.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { checkRollHeader, type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { IssuedGroup } from './issuer-file.ts';

/** Tickets that a platform holds open and that are not among those that are known here. */
export function findUnknownTickets(known: ReadonlySet<Hex32>, listed: EnrolmentList['enrolments']): Hex32[] {
  return listed.flatMap(({ ticket, state }) => (state === 'invited' && !known.has(ticket) ? [ticket] : []));
}

/** The number of the newest roll that a platform shows, where that is of the group's own key and newer than what the keystore knows. */
export function findNewerRoll({ lastRoll }: IssuedGroup, group: Hex32, newest: RollHeader | undefined): number | null {
  if (newest === undefined || newest.number <= (lastRoll?.number ?? 0)) return null;
  return isOwn(newest, group) ? newest.number : null;
}

/** Whether a platform shows another roll of the group's own key in the place of the last one that the keystore knows. */
export function isTakenByAnother({ lastRoll }: IssuedGroup, group: Hex32, shown: readonly RollHeader[]): boolean {
  const there = shown.find(({ number }) => number === lastRoll?.number);
  return lastRoll !== undefined && there !== undefined && rollHash(there) !== rollHash(lastRoll) && isOwn(there, group);
}

function isOwn(header: RollHeader, group: Hex32): boolean {
  return checkRollHeader(header).ok && groupId(header.group) === group;
}
