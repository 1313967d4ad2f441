// How an agent goes on after an older copy of its folder was put back: what was given out since, the copy does not know

import type { EnrolmentList } from '#lib/api/issuer-shapes.ts';
import {
  type ContinueFault,
  compareWithNewest,
  continueFrom,
  findClaimed,
  type RollDifference,
  readSinceKnown,
} from '#lib/issuing/continue-roll.ts';
import { ticketOf, ticketOfMember } from '#lib/issuing/invite.ts';
import { findGroup, type RosterMember } from '#lib/issuing/issuer-file.ts';
import { findNewerRoll, findUnknownTickets } from '#lib/issuing/older-keystore.ts';
import { answeredTickets } from '#lib/issuing/run-group.ts';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { dropLostRows, noteAnswers, takeBackAll } from './admission.ts';
import { type Agency, ledgerOf, replaceLedger } from './ledger.ts';
import type { RoundTools } from './round-tools.ts';

/** What a platform has of a group and a copy does not. `difference`: null where it shows no newer roll; `unknown`: tickets that are open. */
export type ComparedCopy = { difference: RollDifference | null; claimed: RosterMember[]; answered: ReadonlySet<Hex32>; unknown: Hex32[] };

/**
 * Whether a group shows that this folder is an older copy: the platform has a newer roll of its own key, or says that an invitation was
 * answered which nobody should have, or holds one open of which this folder knows nothing, since each is kept here before it is sent. The
 * first nobody can forge; by the others a platform can keep people out, as it can anyway.
 */
export function isOlderCopy(agency: Agency, group: Hex32, shown: readonly RollHeader[], listed: EnrolmentList['enrolments']): boolean {
  const isBehind = findNewerRoll(findGroup(agency.issuer, group), group, shown[0]) !== null;
  const answered = answeredTickets(listed);
  const isGiven = ledgerOf(agency, group).stock.some((secret) => answered.has(ticketOf(secret)));
  return isBehind || isGiven || findUnknown(agency, group, listed).length > 0;
}

/** Tickets that the platform holds open and that stand nowhere in this folder. */
function findUnknown(agency: Agency, group: Hex32, listed: EnrolmentList['enrolments']): Hex32[] {
  const { stock, ordered, revoked } = ledgerOf(agency, group);
  const members = findGroup(agency.issuer, group).members.map(ticketOfMember);
  return findUnknownTickets(new Set([...members, ...[...stock, ...ordered].map(ticketOf), ...revoked]), listed);
}

/** Compares a keystore with what the platform has, as `compareWithNewest`. @throws ApiError */
export async function compareCopy(
  { store, api, platform }: Pick<RoundTools, 'store' | 'api' | 'platform'>,
  group: Hex32,
): Promise<Checked<ComparedCopy, ContinueFault>> {
  const { issuer } = store.now();
  const rolls = await readSinceKnown(platform, findGroup(issuer, group), group);
  const file = rolls[0] ? await platform.getLeaves(rollHash(rolls[0])) : new Uint8Array();
  const compared = compareWithNewest(issuer, group, rolls, file);
  const isNewest = !compared.ok && (compared.code === 'NO_ROLL' || compared.code === 'NOTHING_NEWER');
  if (!compared.ok && !isNewest) return compared;
  const listed = await api.listEnrolments(group);
  const awaited = findGroup(issuer, group).members.filter(({ removed }) => !removed);
  const difference = compared.ok ? compared.value : null;
  const unknown = findUnknown(store.now(), group, listed);
  return accept({ difference, claimed: difference ? findClaimed(awaited, listed) : [], answered: answeredTickets(listed), unknown });
}

/**
 * The agency as it goes on: from the newest roll (`continueFrom`), and with nothing that somebody may hold. The copy's stock was given to
 * people whom it does not know, and one secret must never stand for two; invitations that it holds for good may have been taken back.
 */
export function goOnFrom(agency: Agency, group: Hex32, { difference, claimed, answered, unknown }: ComparedCopy, random: Random): Agency {
  const noted = noteAnswers(agency, group, answered);
  const secrets = claimed.map(({ secret }) => secret);
  const issuer = difference ? continueFrom(noted.issuer, group, difference, secrets, random) : noted.issuer;
  const taken = takeBackAll(dropLostRows({ ...noted, issuer }, group), group, random);
  const ledger = ledgerOf(taken, group);
  return replaceLedger(taken, { ...ledger, revoked: [...ledger.revoked, ...unknown] });
}
