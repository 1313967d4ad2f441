import { hexToBytes } from '@noble/hashes/utils.js';
import { ApiError } from '#lib/api/api-error.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import type { IssuerApi } from '#lib/api/issuer-client.ts';
import type { EnrolmentList } from '#lib/api/issuer-shapes.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { nextRollFrom, type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { ticketOfMember, ticketsOf } from './invite.ts';
import { countNewcomers, findGroup, type IssuedGroup, type Issuer, isInvited } from './issuer-file.ts';
import {
  findLeftOut,
  isHistoryLost,
  isLastRollLost,
  makeRoll,
  markRollLost,
  markRollSent,
  type RollFault,
  type RollTerms,
  type RollToPublish,
  type RollWork,
  rollsBetween,
  rollToSend,
} from './make-roll.ts';
import { isTakenByAnother } from './older-keystore.ts';
import { type OpenAnswers, openEnrolments, type RefusedEnrolment, type TicketEnrolment } from './open-enrolments.ts';

/** Where an issuer's keystore lies. Each change is on the disk when `update` resolves. */
export type IssuerStore = {
  update(change: (issuer: Issuer) => Issuer | Promise<Issuer>): Promise<Issuer>;
};

/** Makes the signed-in account the one that keeps the group. Does nothing when it is already. `now` in Unix seconds. */
export async function registerGroup(
  api: Pick<IssuerApi, 'claimGroup'>,
  issuer: Issuer,
  group: Hex32,
  now: number,
  options?: CallOptions,
): Promise<void> {
  await api.claimGroup(signGroupClaim(findGroup(issuer, group).name, now, hexToBytes(issuer.seed)), options);
}

/** Tells the platform which invitations are good: all open ones, and no longer those of people who were struck. */
export async function sendTickets(api: IssuerApi, issuer: Issuer, group: Hex32, options?: CallOptions): Promise<void> {
  const issued = findGroup(issuer, group);
  const open = [...ticketsOf(issued)].filter(([, member]) => isInvited(member)).map(([ticket]) => ticket);
  const struck = issued.members.filter((member) => member.removed && isInvited(member)).map(ticketOfMember);
  if (open.length > 0) await api.addInvitations(group, open, options);
  if (struck.length > 0) await api.withdrawInvitations(group, struck, options);
}

/** The enrolments that wait to be taken into a roll. */
export function selectAccepted(states: EnrolmentList['enrolments']): TicketEnrolment[] {
  return states.flatMap(({ ticket, id, ciphertext }) => (id && ciphertext ? [{ ticket, id, ciphertext }] : []));
}

/** What is told of a roll that was published. */
type Published = { header: RollHeader; refused: RefusedEnrolment[]; leftOut: string[] };
/**
 * `most`: the most newcomers that are taken in, without it any number. `open`: who opens the answers; this thread unless told otherwise.
 * `shown`: what the platform shows of the group, newest first.
 */
export type PublishTerms = RollTerms & RollWork & { most?: number; open?: OpenAnswers; shown?: readonly RollHeader[] };

type MadeRoll = { roll: RollToPublish; refused: RefusedEnrolment[]; leftOut: string[] };

/** Sends a roll, and notes that it has arrived. */
async function sendRoll(api: IssuerApi, store: IssuerStore, group: Hex32, roll: RollToPublish, options?: CallOptions): Promise<RollHeader> {
  await api.publishRoll(group, roll, options);
  await store.update((current) => markIfSame(current, group, roll.header));
  return roll.header;
}

/** Sends the last roll again if it is not known to have arrived, or is known to be lost. */
async function resendRoll(
  api: IssuerApi,
  store: IssuerStore,
  group: Hex32,
  { shown, ...work }: RollWork & Pick<PublishTerms, 'shown'>,
  options?: CallOptions,
): Promise<void> {
  const isLost = (issuer: Issuer) => shown !== undefined && isLastRollLost(findGroup(issuer, group), shown);
  const issued = findGroup(await store.update((issuer) => (isLost(issuer) ? markRollLost(issuer, group) : issuer)), group);
  if (!issued.unsent) return;
  // Not even for the platform to refuse it: with two of one number, both of one key, it could show either to whom it likes.
  if (isTakenByAnother(issued, group, shown ?? []))
    throw new ApiError('ROLL_CONFLICT', 'the platform has another roll of this number, which this key has signed', 0);
  const roll = await rollToSend(issued, work);
  const between = rollsBetween(issued, shown ?? []) ?? [];
  await sendRoll(api, store, group, { ...roll, between, enrolled: await knownOf(api, group, roll.enrolled, options) }, options);
}

/** Those of some tickets that the platform knows as answered: one that was put back may have forgotten others, and takes no roll with them. */
export async function knownOf(
  api: Pick<IssuerApi, 'listEnrolments'>,
  group: Hex32,
  tickets: readonly Hex32[],
  options?: CallOptions,
): Promise<Hex32[]> {
  const answered = answeredTickets(await api.listEnrolments(group, options));
  return tickets.filter((ticket) => answered.has(ticket));
}

/** The tickets of invitations that somebody has answered, whether a roll holds them or not. */
export function answeredTickets(listed: EnrolmentList['enrolments']): Set<Hex32> {
  return new Set(listed.filter(({ state }) => state === 'accepted' || state === 'enrolled').map(({ ticket }) => ticket));
}

/**
 * Takes in everybody who has accepted, signs the next roll and publishes it. The keystore is stored before anything is sent,
 * so a failure in between loses nothing: calling it again goes on.
 * @returns the new roll, the enrolments that were refused, and the names of whom it leaves out, who are to be invited anew; as
 * `makeRoll` when there is no roll to be made
 * @throws ApiError
 */
export async function publishNextRoll(
  api: IssuerApi,
  store: IssuerStore,
  group: Hex32,
  { most, open = openEnrolments, shown, ...terms }: PublishTerms,
  options?: CallOptions,
): Promise<Checked<Published, RollFault>> {
  await resendRoll(api, store, group, { ...terms, ...(shown ? { shown } : {}) }, options);
  const judged = shown && judgeShown(findGroup(await store.update((issuer) => issuer), group), shown, terms.time);
  if (judged && !judged.ok) return judged;
  const waiting = selectAccepted(await api.listEnrolments(group, { ...options, state: 'accepted' }));
  let made = refuse('NOTHING_NEW', 'the keystore did not ask for a roll') as Checked<MadeRoll, RollFault>;
  const issuer = await store.update(async (current) => {
    const opened = await open(current, group, waiting);
    const before = findGroup(opened.issuer, group);
    const newcomers = countNewcomers(before);
    if (most !== undefined && newcomers > most) {
      made = refuse('ROLL_GROWS', String(newcomers));
      return opened.issuer;
    }
    const next = await makeRoll(opened.issuer, group, terms);
    if (!next.ok) {
      made = next;
      return opened.issuer;
    }
    const leftOut = findLeftOut(before, findGroup(next.value.issuer, group));
    made = accept({ roll: next.value.roll, refused: opened.refused, leftOut });
    return next.value.issuer;
  });
  if (!made.ok) return made;
  const { roll, refused, leftOut } = made.value;
  const header = await sendRoll(api, store, group, roll, options);
  if (leftOut.length > 0) await sendTickets(api, issuer, group, options);
  return accept({ header, refused, leftOut });
}

/** Whether another roll may follow on those that a platform shows. */
function judgeShown(group: IssuedGroup, shown: readonly RollHeader[], time: number): Checked<true, RollFault> {
  if (isHistoryLost(group, shown))
    return refuse('ROLLS_LOST', 'the platform lacks more of its last rolls than this keystore remembers; the group takes no further roll');
  const from = nextRollFrom(shown);
  if (time >= from) return accept(true);
  return refuse(
    'ROLL_SOON',
    `so many rolls as it may have within a day are there; the next from ${new Date(from * 1000).toISOString()} on`,
  );
}

function markIfSame(issuer: Issuer, group: Hex32, header: RollHeader): Issuer {
  const { lastRoll } = findGroup(issuer, group);
  return lastRoll && rollHash(lastRoll) === rollHash(header) ? markRollSent(issuer, group) : issuer;
}
