'use client';

import { useReducer, useState } from 'react';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { Countdown } from '#app/ui/countdown.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { Time } from '#app/ui/time.tsx';
import { useLeaveWarning } from '#app/ui/use-leave-warning.ts';
import { useReading } from '#app/ui/use-reading.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { ownTime } from '#lib/browser/platform-clock.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { BoardSurvey } from '#lib/signing/read-board.ts';
import { postLater } from '#lib/signing/send-later.ts';
import { FocusHere } from './focus-here.tsx';
import { RefusalNotice } from './refusal-notice.tsx';
import { describeNoSignature } from './refusal-words.ts';
import { SignedNotice } from './signed.tsx';

/** A signature that is made and waits for its moment. It needs the wallet no more, which may lock itself meanwhile. */
export interface Held {
  body: Body;
  survey: BoardSurvey;
  /** When it is sent, by this device's clock, Unix seconds. */
  at: number;
}

/** How a signature can be sent later than it is made. */
export interface Later {
  /** The longest waits to choose from, in seconds; 0 for none. */
  delays: readonly number[];
  /** Takes a signature that is to wait at most so many seconds. */
  hold: (body: Body, survey: BoardSurvey, longest: number) => void;
}

interface HeldSignatureProps {
  id: string;
  context: StatementContext;
  statementKey: Keyed;
  held: Held;
  /** By how many seconds this device's clock is ahead of the platform's. */
  ahead: number;
  onDiscard: () => void;
}

/** Until when nothing has been sent; then the sending, and what came of it. */
export function HeldSignature({ id, context, statementKey, held, ahead, onDiscard }: HeldSignatureProps) {
  const { body, survey } = held;
  const [at, setAt] = useState(held.at);
  const [isOnItsWay, setOnItsWay] = useState(false);
  // What was planned by a clock that has been set back since comes so much earlier by it.
  const [setBack, addSetBack] = useReducer((before: number, seconds: number) => before + seconds, 0);
  const deadline = context.statement.deadline + ahead - setBack;
  const times = { at, deadline, now: ownTime, onSend: () => setOnItsWay(true), onSetBack: addSetBack };
  const { value, isReading, again } = useReading((signal) => postLater(anonymousApi, context, body, times, { signal }), [at]);
  useLeaveWarning(value?.ok !== true);

  if (value?.ok)
    return <SignedNotice id={id} context={context} statementKey={statementKey} body={body} receipt={value.value} survey={survey} />;
  if (!isReading) {
    const refusal = value ? describeNoSignature(value.code, value.detail ?? '') : describeNoSignature('NETWORK', '');
    return <RefusalNotice refusal={refusal} action={refusal.canRetry ? <Button onClick={again}>Send it again</Button> : undefined} />;
  }
  return <Waiting at={at - setBack} isOnItsWay={isOnItsWay} onSend={() => setAt(ownTime())} onDiscard={onDiscard} />;
}

interface WaitingProps {
  at: number;
  /** It may have arrived, whatever the platform answers: nobody can discard it any more. */
  isOnItsWay: boolean;
  onSend: () => void;
  onDiscard: () => void;
}

export function Waiting({ at, isOnItsWay, onSend, onDiscard }: WaitingProps) {
  if (isOnItsWay)
    return (
      <FocusHere key="on its way">
        <Notice kind="warning" live title="It is being sent.">
          <p>
            Your signature may have arrived, and the site has not said so yet. This page asks until it does. Keep it open: the receipt
            appears here.
          </p>
        </Notice>
      </FocusHere>
    );
  return (
    <FocusHere key="waits">
      <Stack>
        <Notice kind="warning" live title="Sealed here, and not sent yet.">
          <p>
            <span>Until </span>
            <Time at={at} />
            <span>{' ('}</span>
            <Countdown until={at} now={Math.floor(ownTime())} over="it is being sent" />
            <span>) nothing has been sent, and you have not signed. Then this page sends it.</span>
          </p>
          <p>Keep the page open and the device awake. If you close it before then, nothing is sent.</p>
        </Notice>
        <ButtonRow>
          <Button onClick={onSend}>Send it now</Button>
          <Button kind="secondary" onClick={onDiscard}>
            Discard it
          </Button>
        </ButtonRow>
      </Stack>
    </FocusHere>
  );
}
