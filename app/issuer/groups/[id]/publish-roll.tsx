'use client';

import Link from 'next/link';
import { useRef } from 'react';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { ownTime } from '#lib/browser/platform-clock.ts';
import { findGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import { nextRollTurn } from '#lib/issuing/turns-of-rolls.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { countOf, groupDigits } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { ContinueRoll } from './continue-roll.tsx';
import { JobProgress } from './job-progress.tsx';
import { NotDue } from './not-due.tsx';
import css from './publish-roll.module.css';
import { RollPreview } from './roll-preview.tsx';
import type { Replies } from './use-replies.ts';
import { useRollPublishing } from './use-roll-publishing.ts';

interface PublishRollProps {
  issuer: Issuer;
  id: Hex32;
  /** Members who have accepted and are in no roll. */
  waiting: number;
  leaving: number;
  replies: Replies;
}

/** Refusals of a signed roll after which the next is made from the newest that the platform has. */
const PASSED_OVER: readonly string[] = ['ROLL_CONFLICT', 'ROLL_TIME', 'ROLL_SOON'];

/** The next roll: prepared and shown first, signed and published when the issuer has looked at it. */
export function PublishRoll({ issuer, id, waiting, leaving, replies }: PublishRollProps) {
  const group = findGroup(issuer, id);
  // The pressed button goes away with each step: the keyboard stays in this part of the page.
  const place = useRef<HTMLDivElement>(null);
  const desk = useRollPublishing(issuer, id, ({ isSent }) => {
    place.current?.focus();
    if (isSent) replies.refresh();
  });
  const { job, prepared, outcome, published } = desk;
  return (
    <Section title="Publish a roll" id="roll">
      <div className={css.place} ref={place} tabIndex={-1}>
        <p>
          A roll is the signed list of members, without names. Members can sign once a roll holds them; statements that are open keep the
          roll they were opened with.
        </p>
        {published ? (
          <Published header={published} id={id} />
        ) : group.unsent && !job.running ? (
          <Unconfirmed number={group.lastRoll?.number} onSend={() => void desk.sendAgain()} />
        ) : null}
        {prepared && !job.running && (
          <RollPreview
            before={prepared.before}
            after={findGroup(prepared.issuer, id)}
            onPublish={() => void desk.publish(prepared)}
            onBack={desk.putAway}
          />
        )}
        {!prepared && !group.unsent && (
          <NextRoll
            {...{ waiting, leaving }}
            due={nextRollTurn(group, Math.floor(ownTime())).due}
            number={(group.lastRoll?.number ?? 0) + 1}
            isBusy={job.running}
            isSecond={published !== null}
            onPrepare={() => void desk.prepare()}
          />
        )}
        <JobProgress job={job} label={labelOf(desk.sending, group.members.length)} />
        {outcome && <Notice kind="info" live {...outcome} />}
        {job.failure && <Notice kind="error" live {...job.failure} />}
        {(replies.older.roll !== null || (job.failure && PASSED_OVER.includes(job.failure.code))) && (
          <ContinueRoll id={id} onContinued={(newest) => void desk.goOnFrom(newest)} />
        )}
      </div>
    </Section>
  );
}

function Published({ header, id }: { header: RollHeader; id: Hex32 }) {
  return (
    <Notice
      kind="info"
      live
      title={`Roll ${header.number} is published, with ${countOf(header.size, 'member', 'members')}.`}
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
  );
}

/** A roll that is signed and kept, and of which nobody knows whether it has arrived. */
function Unconfirmed({ number, onSend }: { number: number | undefined; onSend: () => void }) {
  return (
    <Notice
      kind="warning"
      title={`Roll ${number} is signed, and this site has not confirmed it.`}
      lost="Nothing was lost: it is kept here, and sending it twice does no harm."
      action={<Button onClick={onSend}>Send it again</Button>}
    />
  );
}

interface NextRollProps extends Pick<PublishRollProps, 'waiting' | 'leaving'> {
  number: number;
  /** When its turn comes, where rolls come at even times and it has not. */
  due: number | null;
  isBusy: boolean;
  /** One was published a moment ago. */
  isSecond: boolean;
  onPrepare: () => void;
}

/** Whom the next roll would take in and leave out, and the button that prepares it. */
function NextRoll({ waiting, leaving, number, due, isBusy, isSecond, onPrepare }: NextRollProps) {
  return (
    <>
      <p>
        {waiting > 0 || leaving > 0
          ? `The next roll takes in ${countOf(waiting, 'person', 'people')}${leaving > 0 ? ` and leaves out ${groupDigits(leaving)}` : ''}.`
          : 'Nobody has accepted since the last roll.'}
      </p>
      {due === null ? (
        <div>
          <Button kind={isSecond ? 'secondary' : 'primary'} busy={isBusy} onClick={onPrepare}>
            {`Prepare roll ${number}`}
          </Button>
        </div>
      ) : (
        <NotDue due={due} waiting={waiting} number={number} isBusy={isBusy} onPrepare={onPrepare} />
      )}
    </>
  );
}

function labelOf(sending: boolean, members: number): string {
  const isLarge = members > 5000;
  if (sending) return isLarge ? 'This site checks the roll, which takes a few seconds' : 'Sending the roll';
  return isLarge ? 'Sealing each name anew and making the roll, which takes a minute or two' : 'Sealing the names and making the roll';
}
