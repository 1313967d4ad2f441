// What the agent does by itself, whoever has come: the same requests at the same times

import { ApiError } from '#lib/api/api-error.ts';
import type { EnrolmentList } from '#lib/api/issuer-shapes.ts';
import { explainFailure } from '#lib/host/explain-failure.ts';
import { ticketOf } from '#lib/issuing/invite.ts';
import { findGroup } from '#lib/issuing/issuer-file.ts';
import { withdrawnTickets } from '#lib/issuing/renew.ts';
import { answeredTickets, type PublishTerms, publishNextRoll, sendTickets } from '#lib/issuing/run-group.ts';
import { isTurn } from '#lib/issuing/turns-of-rolls.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { dropLostRows, markRegistered, noteAnswers, orderStock, renewTakenBack, retireExpired, stockArrived } from './admission.ts';
import { ledgerOf, replaceLedger } from './ledger.ts';
import { isOlderCopy } from './older-copy.ts';
import { mostUnattended } from './publishing.ts';
import { threadsForRolls, withRollThreads } from './roll-threads.ts';
import type { RoundTools } from './round-tools.ts';
import type { GroupSettings } from './settings.ts';

/** From so many people on a roster a roll is made in other threads: so many take about a second. */
const LONG_ROLL = 512;

/**
 * One round of one group: asks which invitations were answered, hands in what is to be forgotten, and at a turn looks at all of them,
 * fills the stock and publishes. Rounds come at even intervals, so that what the platform is asked says nothing of who is here.
 * @throws ApiError when the platform does not answer or refuses; whatever was done before stays, and the next round goes on
 */
async function runRound(tools: RoundTools, group: Hex32, settings: GroupSettings): Promise<void> {
  const { store, now, random } = tools;
  const isDue = isTurn(ledgerOf(store.now(), group).lastTurn, now(), settings.publishSeconds);
  const listed = await listIfNewest(tools, group, isDue);
  if (listed === null) return;
  const answered = answeredTickets(listed);
  const withdrawn = withdrawnTickets(listed);
  await store.update((agency) =>
    retireExpired(renewTakenBack(noteAnswers(agency, group, answered), group, withdrawn, random), group, now(), random),
  );
  await sendRevoked(tools, group);
  if (!isDue) return;
  await registerOpen(tools, group, settings.stock);
  await publishByRule(tools, group, settings);
  await store.update((agency) => replaceLedger(agency, { ...ledgerOf(agency, group), lastTurn: now() }));
}

/**
 * What the platform lists of a group; null where it shows that this folder is an older copy. Between turns that is what waits for a roll,
 * and never what the group has had before. @throws ApiError
 */
async function listIfNewest(tools: RoundTools, group: Hex32, isWhole: boolean): Promise<EnrolmentList['enrolments'] | null> {
  const listed = await tools.api.listEnrolments(group, isWhole ? {} : { state: 'accepted' });
  const { rolls: shown } = await tools.platform.getGroup(group, { most: 1 });
  return noteOlderCopy(tools, group, isOlderCopy(tools.store.now(), group, shown, listed)) ? null : listed;
}

/** Looks for older copies before anybody is given anything. A platform that does not answer is asked again in the rounds. */
export async function findOlderCopies(tools: RoundTools, groups: readonly { id: Hex32 }[]): Promise<void> {
  await Promise.all(groups.map(({ id }) => listIfNewest(tools, id, true).catch(() => null)));
}

/** Keeps whether the folder is an older copy of a group's, and tells it once while it lasts. */
function noteOlderCopy({ older, store, log }: RoundTools, group: Hex32, isOlder: boolean): boolean {
  if (!isOlder) {
    older.delete(group);
    return false;
  }
  const text = `${quote(findGroup(store.now().issuer, group).name)}: this folder is an older copy, and does not know who was given what since. Nobody is admitted: stop, and run npm run issuer -- continue`;
  if (!older.has(group)) log({ level: 'warning', code: 'OLDER_COPY', text });
  older.add(group);
  return true;
}

/** Tells the platform whatever may be given to people from now on. @param size of the stock @throws ApiError */
export async function registerOpen(tools: RoundTools, group: Hex32, size: number): Promise<void> {
  const { store, api } = tools;
  await fillStock(tools, group, size);
  await sendTickets(api, store.now().issuer, group);
  await store.update((agency) => markRegistered(agency, group));
}

/** Registers the stock: the same number of tickets at a turn as were given out before it, and never one when somebody comes. */
async function fillStock({ store, api, random }: RoundTools, group: Hex32, size: number): Promise<void> {
  await store.update((agency) => orderStock(agency, group, size, random));
  const { ordered } = ledgerOf(store.now(), group);
  if (ordered.length === 0) return;
  await api.addInvitations(group, ordered.map(ticketOf));
  await store.update((agency) => stockArrived(agency, group, ordered));
}

/** Tells the platform which tickets are good no more. What is answered stays there, and opens no invitation that this keystore has. */
export async function sendRevoked({ store, api }: RoundTools, group: Hex32): Promise<void> {
  const { revoked } = ledgerOf(store.now(), group);
  if (revoked.length === 0) return;
  await api.withdrawInvitations(group, revoked);
  const sent = new Set(revoked);
  await store.update((agency) => {
    const ledger = ledgerOf(agency, group);
    return replaceLedger(agency, { ...ledger, revoked: ledger.revoked.filter((ticket) => !sent.has(ticket)) });
  });
}

/** Publishes a roll if it holds no more newcomers than the rule, or a person, allows; else it waits for a person. */
async function publishByRule({ store, api, platform, now, random, log }: RoundTools, group: Hex32, settings: GroupSettings): Promise<void> {
  const { allowed = 0 } = ledgerOf(store.now(), group);
  const most = Math.max(allowed, mostUnattended(store.now().issuer, group));
  const { rolls: shown } = await platform.getGroup(group);
  const terms = { time: now(), trustees: settings.trustees, random, most, shown };
  const publish = (work: Partial<PublishTerms>) => publishNextRoll(api, store.issuerStore, group, { ...terms, ...work });
  const isLong = findGroup(store.now().issuer, group).members.length >= LONG_ROLL;
  const published = await (isLong ? withRollThreads(threadsForRolls(), publish) : publish({}));
  await store.update((agency) => {
    const { allowed: _allowed, waiting: _waiting, ...ledger } = ledgerOf(agency, group);
    if (published.ok) return dropLostRows(replaceLedger(agency, ledger), group);
    const isLarge = published.code === 'ROLL_GROWS';
    const kept = isLarge ? { ...ledger, waiting: Number(published.detail), ...(allowed > 0 ? { allowed } : {}) } : ledger;
    return replaceLedger(agency, kept);
  });
  const { name } = findGroup(store.now().issuer, group);
  if (published.ok) {
    const { header, refused, leftOut } = published.value;
    log({
      code: 'ROLL_PUBLISHED',
      text: `${quote(name)}: roll ${header.number} with ${countOf(header.size, 'member', 'members')} was published; ${refused.length} answers refused, ${leftOut.length} left out`,
    });
  } else if (published.code === 'ROLL_GROWS')
    log({ code: 'ROLL_GROWS', text: `${quote(name)}: the next roll waits for a person (${published.detail})` });
  else if (published.code !== 'NOTHING_NEW' && published.code !== 'NOBODY_ENROLLED')
    log({ level: 'warning', code: published.code, text: `${quote(name)}: no roll (${published.code}: ${published.detail})` });
}

/** The rounds of all groups; what fails is told and tried again in the next. Names and addresses never reach the log. */
export async function runRounds(tools: RoundTools, groups: readonly { id: Hex32; settings: GroupSettings }[]): Promise<boolean> {
  let isWhole = true;
  for (const { id, settings } of groups) {
    try {
      await runRound(tools, id, settings);
    } catch (error) {
      const what =
        error instanceof ApiError ? `${error.code}: ${explainFailure(error)}` : error instanceof Error ? error.name : 'unknown fault';
      tools.log({ level: 'warning', code: 'ROUND_FAILED', text: `a round failed and is tried again later (${what})` });
      isWhole = false;
    }
  }
  return isWhole;
}
