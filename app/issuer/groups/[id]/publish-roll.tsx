'use client';

import Link from 'next/link';
import { useRef, useState } from 'react';
import { countOf } from '#app/issuer/count-words.ts';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { issuerApi, issuerStore, makeInWorker, remakeInWorker } from '#lib/browser/issue-rolls.ts';
import { askClockAhead, ownTime } from '#lib/browser/platform-clock.ts';
import { issuerVault } from '#lib/browser/vaults.ts';
import { findGroup, type IssuedGroup, type Issuer, type RosterMember, replaceGroup } from '#lib/issuing/issuer-file.ts';
import { markRollSent, type RollToPublish } from '#lib/issuing/make-roll.ts';
import { nextRollTurn } from '#lib/issuing/turns-of-rolls.ts';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { useIssuerJob } from '../../use-issuer-job.ts';
import { ContinueRoll } from './continue-roll.tsx';
import { JobProgress } from './job-progress.tsx';
import { NotDue } from './not-due.tsx';
import css from './publish-roll.module.css';
import { isUnchanged } from './roll-merge.ts';
import { RollPreview } from './roll-preview.tsx';
import { sendTicketsInTurn } from './send-tickets.ts';
import type { Replies } from './use-replies.ts';

interface PublishRollProps {
  issuer: Issuer;
  id: Hex32;
  /** Members who have accepted and are in no roll. */
  waiting: number;
  leaving: number;
  replies: Replies;
}

type Prepared = { before: IssuedGroup; issuer: Issuer; roll: RollToPublish };
type Outcome = { title: string; todo?: string };

/** The next roll: prepared and shown first, signed and published when the issuer has looked at it. */
export function PublishRoll({ issuer, id, waiting, leaving, replies }: PublishRollProps) {
  const group = findGroup(issuer, id);
  const job = useIssuerJob();
  const [prepared, setPrepared] = useState<Prepared | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [published, setPublished] = useState<RollHeader | null>(null);
  const [sending, setSending] = useState(false);
  const { due } = nextRollTurn(group, Math.floor(ownTime()));
  const number = (group.lastRoll?.number ?? 0) + 1;
  // The pressed button goes away with each step: the keyboard stays in this part of the page.
  const place = useRef<HTMLDivElement>(null);

  async function prepare() {
    setOutcome(null);
    setPublished(null);
    setSending(false);
    await job.start(async ({ signal, onProgress }) => {
      const current = await issuerVault().read();
      if (!current) return;
      const before = findGroup(current, id);
      const { time } = nextRollTurn(before, Math.floor(ownTime() - (await askClockAhead())));
      const terms = { time, trustees: before.trustees };
      const made = await makeInWorker(current, id, terms, { signal, onReport: onProgress });
      if (made.ok) setPrepared({ before, issuer: made.value.issuer, roll: made.value.roll });
      else setOutcome({ title: `There is no roll to be published: ${made.detail}.` });
    });
    place.current?.focus();
  }

  async function publish({ before, issuer: after, roll }: Prepared) {
    await job.start(async ({ signal }) => {
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
    place.current?.focus();
    replies.refresh();
  }

  async function sendAgain() {
    setSending(false);
    await job.start(async ({ signal, onProgress }) => send(await remakeInWorker(issuer, id, { signal, onReport: onProgress }), signal));
    replies.refresh();
  }

  async function showContinued(newest: number) {
    await job.start(async () => {}); // the conflict is over
    setOutcome({
      title: `This keystore goes on from roll ${newest}.`,
      todo: 'Look at the roster, then prepare the next roll. Save a copy of your keystore.',
    });
    place.current?.focus();
    replies.refresh();
  }

  async function send(roll: RollToPublish, signal: AbortSignal) {
    setSending(true);
    await issuerApi.publishRoll(id, roll, { signal });
    await issuerStore.update((current) => markIfSame(current, id, roll.header));
    setPublished(roll.header);
  }

  return (
    <Section title="Publish a roll" id="roll">
      <div className={css.place} ref={place} tabIndex={-1}>
        <p>
          A roll is the signed list of members, without names. Members can sign once a roll holds them; statements that are open keep the
          roll they were opened with.
        </p>
        {published ? (
          <Notice
            kind="info"
            live
            title={`Roll ${published.number} is published, with ${countOf(published.size, 'member', 'members')}.`}
            todo="Save a copy of your keystore now: the next roll continues this one."
            action={
              <ButtonRow>
                <Link prefetch={false} href={`/groups/${id}`}>
                  The group’s public page
                </Link>
                <Link prefetch={false} href="/issuer#copy">
                  Save a copy
                </Link>
              </ButtonRow>
            }
          />
        ) : group.unsent && !job.running ? (
          <Notice
            kind="warning"
            title={`Roll ${group.lastRoll?.number} is signed, and this site has not confirmed it.`}
            lost="Nothing was lost: it is kept here, and sending it twice does no harm."
            action={<Button onClick={() => void sendAgain()}>Send it again</Button>}
          />
        ) : null}
        {prepared && !job.running && (
          <RollPreview
            before={prepared.before}
            after={findGroup(prepared.issuer, id)}
            onPublish={() => void publish(prepared)}
            onBack={() => setPrepared(null)}
          />
        )}
        {!prepared && !group.unsent && (
          <>
            <p>
              {waiting > 0 || leaving > 0
                ? `The next roll takes in ${countOf(waiting, 'person', 'people')}${leaving > 0 ? ` and leaves out ${leaving.toLocaleString('en-GB')}` : ''}.`
                : 'Nobody has accepted since the last roll.'}
            </p>
            {due === null ? (
              <div>
                <Button kind={published ? 'secondary' : 'primary'} busy={job.running} onClick={() => void prepare()}>
                  {`Prepare roll ${number}`}
                </Button>
              </div>
            ) : (
              <NotDue due={due} waiting={waiting} number={number} isBusy={job.running} onPrepare={() => void prepare()} />
            )}
          </>
        )}
        <JobProgress job={job} label={labelOf(sending, group.members.length)} />
        {outcome && <Notice kind="info" live {...outcome} />}
        {job.failure && <Notice kind="error" live {...job.failure} />}
        {job.failure?.code === 'ROLL_CONFLICT' && <ContinueRoll id={id} onContinued={(newest) => void showContinued(newest)} />}
      </div>
    </Section>
  );
}

/** Whom a roll left out has a fresh invitation, of which this site does not know yet. */
function invitedAnew(before: IssuedGroup, after: IssuedGroup): RosterMember[] {
  return after.members.filter(({ secret }, i) => secret !== before.members[i]?.secret);
}

function labelOf(sending: boolean, members: number): string {
  const isLarge = members > 5000;
  if (sending) return isLarge ? 'This site checks the roll, which takes a few seconds' : 'Sending the roll';
  return isLarge ? 'Sealing each name anew and making the roll, which takes a minute or two' : 'Sealing the names and making the roll';
}

function markIfSame(issuer: Issuer, id: Hex32, header: RollHeader): Issuer {
  const { lastRoll } = findGroup(issuer, id);
  return lastRoll && rollHash(lastRoll) === rollHash(header) ? markRollSent(issuer, id) : issuer;
}
