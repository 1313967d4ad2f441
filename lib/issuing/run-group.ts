import { hexToBytes } from '@noble/hashes/utils.js';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import type { IssuerApi } from '#lib/api/issuer-client.ts';
import type { EnrolmentList } from '#lib/api/issuer-shapes.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { ticketOf, ticketsOf } from './invite.ts';
import { countNewcomers, findGroup, type Issuer, isInvited } from './issuer-file.ts';
import { findLeftOut, makeRoll, markRollSent, type RollFault, type RollTerms, rollToSend } from './make-roll.ts';
import { openEnrolments, type RefusedEnrolment, type TicketEnrolment } from './open-enrolments.ts';

/** Where an issuer's keystore lies. Each change is on the disk when `update` resolves. */
export type IssuerStore = {
  update(change: (issuer: Issuer) => Issuer | Promise<Issuer>): Promise<Issuer>;
};

/** Makes the signed-in account the one that keeps the group. Does nothing when it is already. `now` in Unix seconds. */
export async function registerGroup(api: IssuerApi, issuer: Issuer, group: Hex32, now: number, options?: CallOptions): Promise<void> {
  await api.claimGroup(signGroupClaim(findGroup(issuer, group).name, now, hexToBytes(issuer.seed)), options);
}

/** Tells the platform which invitations are good: all open ones, and no longer those of people who were struck. */
export async function sendTickets(api: IssuerApi, issuer: Issuer, group: Hex32, options?: CallOptions): Promise<void> {
  const issued = findGroup(issuer, group);
  const open = [...ticketsOf(issued)].filter(([, member]) => isInvited(member)).map(([ticket]) => ticket);
  const struck = issued.members.filter((member) => member.removed && isInvited(member)).map((member) => ticketOf(member.secret));
  if (open.length > 0) await api.addInvitations(group, open, options);
  if (struck.length > 0) await api.withdrawInvitations(group, struck, options);
}

/** The enrolments that wait to be taken into a roll. */
export function selectAccepted(states: EnrolmentList['enrolments']): TicketEnrolment[] {
  return states.flatMap(({ ticket, id, ciphertext }) => (id && ciphertext ? [{ ticket, id, ciphertext }] : []));
}

/** Sends the last roll again if it is not known to have arrived. @returns its header; null when there was nothing to send */
async function resendRoll(
  api: IssuerApi,
  store: IssuerStore,
  issuer: Issuer,
  group: Hex32,
  options?: CallOptions,
): Promise<RollHeader | null> {
  const issued = findGroup(issuer, group);
  if (!issued.unsent) return null;
  const roll = await rollToSend(issued);
  await api.publishRoll(group, roll, options);
  await store.update((current) => markIfSame(current, group, roll.header));
  return roll.header;
}

/**
 * Takes in everybody who has accepted, signs the next roll and publishes it. The keystore is stored before anything is sent,
 * so a failure in between loses nothing: calling it again goes on. `most`: the most newcomers that are taken in; without it any number.
 * @returns the new roll, the enrolments that were refused, and the names of whom it leaves out, who are to be invited anew; as
 * `makeRoll` when there is no roll to be made
 * @throws ApiError
 */
export async function publishNextRoll(
  api: IssuerApi,
  store: IssuerStore,
  group: Hex32,
  { most, ...terms }: RollTerms & { most?: number },
  options?: CallOptions,
): Promise<Checked<{ header: RollHeader; refused: RefusedEnrolment[]; leftOut: string[] }, RollFault>> {
  await resendRoll(api, store, await store.update((issuer) => issuer), group, options);
  const waiting = selectAccepted(await api.listEnrolments(group, options));
  let refused: RefusedEnrolment[] = [];
  let leftOut: string[] = [];
  let fault: Checked<never, RollFault> | null = null;
  const issuer = await store.update(async (current) => {
    const opened = openEnrolments(current, group, waiting);
    refused = opened.refused;
    const newcomers = countNewcomers(findGroup(opened.issuer, group));
    if (most !== undefined && newcomers > most) {
      fault = refuse('ROLL_GROWS', String(newcomers));
      return opened.issuer;
    }
    const made = await makeRoll(opened.issuer, group, terms);
    if (made.ok) {
      leftOut = findLeftOut(findGroup(opened.issuer, group), findGroup(made.value.issuer, group));
      return made.value.issuer;
    }
    fault = made;
    return opened.issuer;
  });
  if (fault) return fault;
  const header = await resendRoll(api, store, issuer, group, options);
  if (leftOut.length > 0) await sendTickets(api, issuer, group, options);
  return header ? accept({ header, refused, leftOut }) : refuse('NOTHING_NEW', 'the roll was published from another window');
}

function markIfSame(issuer: Issuer, group: Hex32, header: RollHeader): Issuer {
  const { lastRoll } = findGroup(issuer, group);
  return lastRoll && rollHash(lastRoll) === rollHash(header) ? markRollSent(issuer, group) : issuer;
}
