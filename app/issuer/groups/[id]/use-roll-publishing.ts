'use client';

import { useState } from 'react';
import { formatTime } from '#app/ui/time-words.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { issuerApi, issuerStore, makeInWorker, remakeInWorker } from '#lib/browser/issue-rolls.ts';
import { askClockAhead, ownTime } from '#lib/browser/platform-clock.ts';
import { issuerVault } from '#lib/browser/vaults.ts';
import { findGroup, type IssuedGroup, type Issuer, type RosterMember, replaceGroup } from '#lib/issuing/issuer-file.ts';
import { isHistoryLost, isLastRollLost, markRollLost, markRollSent, type RollToPublish, rollsBetween } from '#lib/issuing/make-roll.ts';
import { findNewerRoll, isTakenByAnother } from '#lib/issuing/older-keystore.ts';
import { knownOf } from '#lib/issuing/run-group.ts';
import { nextRollTurn } from '#lib/issuing/turns-of-rolls.ts';
import { MOST_ROLLS_A_DAY, nextRollFrom, type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { useIssuerJob } from '../../use-issuer-job.ts';
import { isUnchanged } from './roll-merge.ts';
import { sendTicketsInTurn } from './send-tickets.ts';

/** A roll that is signed when the issuer has looked at it, and the keystore as it was and will be. */
export type PreparedRoll = { before: IssuedGroup; issuer: Issuer; roll: RollToPublish };
type Outcome = { title: string; todo?: string };

/**
 * The next roll of a group, from the preparing to the word of this site that it has it.
 * @param onStep after every step: what was pressed is gone by then
 */
export function useRollPublishing(issuer: Issuer, id: Hex32, onStep: (step: { isSent: boolean }) => void) {
  const job = useIssuerJob();
  const [prepared, setPrepared] = useState<PreparedRoll | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [published, setPublished] = useState<RollHeader | null>(null);
  const [sending, setSending] = useState(false);

  async function prepare() {
    setOutcome(null);
    setPublished(null);
    setSending(false);
    await job.start(async ({ signal, onProgress }) => {
      const current = await issuerVault().read();
      if (!current) return;
      const before = findGroup(current, id);
      const shown = await readShown(id, signal);
      refuseSecond(before, id, shown);
      if (isLastRollLost(before, shown)) {
        await issuerStore.update((newest) => (isUnchanged(newest, id, before) ? markRollLost(newest, id) : newest));
        return setOutcome({
          title: `This site lacks roll ${before.lastRoll?.number}, which it had: it was put back from an older copy.`,
          todo: 'Send that roll again, which does no harm, and then prepare the next one.',
        });
      }
      if (isHistoryLost(before, shown))
        return setOutcome({
          title: `This site lacks roll ${before.lastRoll?.number} and more before it than this keystore remembers: it was put back from an older copy.`,
          todo: 'Ask whoever runs it for a newer copy. If there is none, this group takes no further roll: make another group on “My groups” and invite its people again.',
        });
      const { time } = nextRollTurn(before, Math.floor(ownTime() - (await askClockAhead())));
      const from = nextRollFrom(shown);
      if (time < from)
        return setOutcome({
          title: `This group has had ${MOST_ROLLS_A_DAY} rolls within a day, and may have no more.`,
          todo: `Prepare the next one after ${formatTime(from, 'minute')}.`,
        });
      const terms = { time, trustees: before.trustees };
      const made = await makeInWorker(current, id, terms, { signal, onNews: onProgress });
      if (made.ok) setPrepared({ before, issuer: made.value.issuer, roll: made.value.roll });
      else setOutcome({ title: `There is no roll to be published: ${made.detail}.` });
    });
    onStep({ isSent: false });
  }

  async function publish({ before, issuer: after, roll }: PreparedRoll) {
    await job.start(async ({ signal }) => {
      refuseSecond(before, id, await readShown(id, signal));
      let isStored = false;
      await issuerStore.update((current) => {
        isStored = isUnchanged(current, id, before);
        return isStored ? replaceGroup(current, id, findGroup(after, id)) : current;
      });
      setPrepared(null);
      if (!isStored) return setOutcome({ title: 'The roster has changed since this roll was prepared.', todo: 'Prepare it again.' });
      await send(roll, signal);
      await sendTicketsInTurn(issuerApi, id, invitedAnew(before, findGroup(after, id)), { signal, onProgress: () => {} });
    });
    onStep({ isSent: true });
  }

  async function sendAgain() {
    setSending(false);
    await job.start(async ({ signal, onProgress }) => {
      const roll = await remakeInWorker(issuer, id, { signal, onNews: onProgress });
      const shown = await readShown(id, signal);
      refuseSecond(findGroup(issuer, id), id, shown);
      const between = rollsBetween(findGroup(issuer, id), shown) ?? [];
      await send({ ...roll, between, enrolled: await knownOf(issuerApi, id, roll.enrolled, { signal }) }, signal);
    });
    onStep({ isSent: true });
  }

  async function send(roll: RollToPublish, signal: AbortSignal) {
    setSending(true);
    await issuerApi.publishRoll(id, roll, { signal });
    await issuerStore.update((current) => markIfSame(current, id, roll.header));
    setPublished(roll.header);
  }

  /** The keystore goes on from a roll that this site has. */
  async function goOnFrom(newest: number) {
    await job.start(async () => {}); // the conflict is over
    setOutcome({
      title: `This keystore goes on from roll ${newest}.`,
      todo: 'Look at the roster, then prepare the next roll. Save a copy of your keystore.',
    });
    onStep({ isSent: true });
  }

  const putAway = () => setPrepared(null);
  return { job, prepared, outcome, published, sending, prepare, publish, putAway, sendAgain, goOnFrom };
}

/** The rolls of a group that this site shows, newest first. */
async function readShown(id: Hex32, signal: AbortSignal): Promise<RollHeader[]> {
  return (await anonymousApi.getGroup(id, { signal, cache: 'reload' })).rolls;
}

/**
 * Two rolls of one number, both signed with one key, let a site show one to some and the other to the rest: the second never leaves this
 * browser, not even for this site to refuse it. @throws ApiError ROLL_CONFLICT
 */
function refuseSecond(group: IssuedGroup, id: Hex32, shown: readonly RollHeader[]): void {
  if (findNewerRoll(group, id, shown[0]) !== null || isTakenByAnother(group, id, shown))
    throw new ApiError(
      'ROLL_CONFLICT',
      'This site has a newer roll of this group, which your key has signed and this keystore does not know.',
      0,
    );
}

/** Whom a roll left out has a fresh invitation, of which this site does not know yet. */
function invitedAnew(before: IssuedGroup, after: IssuedGroup): RosterMember[] {
  return after.members.filter(({ secret }, i) => secret !== before.members[i]?.secret);
}

function markIfSame(issuer: Issuer, id: Hex32, header: RollHeader): Issuer {
  const { lastRoll } = findGroup(issuer, id);
  return lastRoll && rollHash(lastRoll) === rollHash(header) ? markRollSent(issuer, id) : issuer;
}
