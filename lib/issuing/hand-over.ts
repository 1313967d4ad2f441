import { bytesToHex } from '@noble/hashes/utils.js';
import type { IssuerApi } from '#lib/api/issuer-client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { listToMail, ticketOf } from './invite.ts';
import { findGroup, type Issuer, isInvited, type RosterMember, replaceGroup } from './issuer-file.ts';
import { renewInvitation } from './renew.ts';
import type { IssuerStore } from './run-group.ts';
import { WAYS } from './ways.ts';

/** What was done: the invitation by which the person is known now, and the one that is to be withdrawn, if there is one. */
export type HandedOver = { issuer: Issuer; secret: Hex32; spent: Hex32 | null };

/**
 * Gives somebody who has not answered their invitation in a way of SPEC §4.2. One that was given in another way is exchanged for a fresh
 * one, so that who answers was admitted in the way that is counted. @throws RangeError for a member that is not there, or has answered
 */
export function handOver(issuer: Issuer, group: Hex32, secret: Hex32, way: 1 | 5, random: Random): HandedOver {
  const issued = findGroup(issuer, group);
  const member = issued.members.find((one) => one.secret === secret && !one.removed);
  if (!member || !isInvited(member)) throw new RangeError('"secret" is of no open invitation');
  if (member.way === way) return { issuer, secret, spent: null };
  if (member.way === undefined) {
    const members = issued.members.map((one): RosterMember => (one === member ? { ...one, way } : one));
    return { issuer: replaceGroup(issuer, group, { ...issued, members }), secret, spent: null };
  }
  const fresh = bytesToHex(random(32));
  return { issuer: renewInvitation(issuer, group, secret, fresh, way), secret: fresh, spent: secret };
}

/**
 * Gives an invitation as `handOver` does, and has the platform know its ticket, also where that failed the last time: nobody is given a
 * link that opens nothing. @returns the secret of the invitation to be shown @throws ApiError, and RangeError as `handOver`
 */
export async function giveInvitation(
  api: Pick<IssuerApi, 'addInvitations' | 'withdrawInvitations'>,
  store: IssuerStore,
  { group, secret, way, random }: { group: Hex32; secret: Hex32; way: 1 | 5; random: Random },
  options?: CallOptions,
): Promise<Hex32> {
  let given: { secret: Hex32; spent: Hex32 | null } = { secret, spent: null };
  await store.update((current) => {
    const { issuer, ...handed } = handOver(current, group, secret, way, random);
    given = handed;
    return issuer;
  });
  if (given.spent !== null) await api.withdrawInvitations(group, [ticketOf(given.spent)], options);
  await api.addInvitations(group, [ticketOf(given.secret)], options);
  return given.secret;
}

/**
 * Admits somebody again who has lost their wallet: the next roll lacks the old leaf, and the new one stands only in a roll that lacks
 * it. In which way the person comes this time is not known yet. @throws RangeError for a member that is not there, or has not answered
 */
export function readmit(issuer: Issuer, group: Hex32, secret: Hex32, random: Random): { issuer: Issuer; secret: Hex32 } {
  const issued = findGroup(issuer, group);
  const member = issued.members.find((one) => one.secret === secret && !one.removed);
  if (!member || isInvited(member)) throw new RangeError('"secret" is of nobody who was admitted');
  const fresh = bytesToHex(random(32));
  const renewed = renewInvitation(issuer, group, secret, fresh);
  const after = findGroup(renewed, group);
  const members = after.members.map((one): RosterMember => {
    if (one.secret !== fresh) return one;
    const { way: _, ...anew } = one;
    return anew;
  });
  return { issuer: replaceGroup(renewed, group, { ...after, members }), secret: fresh };
}

/** Notes that the invitations of `listToMail` are sent: with a hostile employer the roll counts them as such. */
export function markMailed(issuer: Issuer, group: Hex32): Issuer {
  const issued = findGroup(issuer, group);
  if (!issued.hostileEmployer) return issuer;
  const sent = new Set(listToMail(issued).map(({ secret }) => secret));
  const members = issued.members.map((one): RosterMember => (sent.has(one.secret) ? { ...one, way: WAYS.invitation } : one));
  return replaceGroup(issuer, group, { ...issued, members });
}
