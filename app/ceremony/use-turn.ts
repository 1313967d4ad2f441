'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ApiError } from '#lib/api/api-error.ts';
import { TakenBefore, type TurnReport, takePart } from '#lib/browser/ceremony-turn.ts';
import type { Made } from '#lib/browser/ceremony-worker.ts';
import { isSiteThere } from '#lib/browser/site-there.ts';
import { RoomError } from '#lib/room/room.ts';
import { useJob } from '../ui/use-job.ts';
import type { BroughtPart } from './part-form.tsx';

/** Why a turn ended without a contribution that counts. */
export interface TurnFailure {
  text: string;
  code?: string;
  /** What was taken instead of what this tab has made. */
  lost?: string;
}

const STOPPED = 'You stopped. Your place has gone to the next person.';
/** The site may have all of it by then, and checks what it has. */
const STOPPED_SENDING =
  'You stopped. If the site has all of it already, your contribution is added still: the list shows it within minutes.';

type Turn =
  | { at: 'form' }
  /** `made` is there once there is something to be lost. */
  | { at: 'turn'; report: TurnReport; links: readonly string[]; made: Made | null }
  | { at: 'accepted'; made: Made; position: number };

/** One person's turn in a ceremony, from the form to what comes of it. It is given up when the page is left. */
export function useTurn(ceremony: string) {
  const [turn, setTurn] = useState<Turn>({ at: 'form' });
  const job = useJob(describeTurnFailure);
  const router = useRouter();

  const take = (part: BroughtPart) =>
    job.start(async ({ signal }) => {
      const onReport = (report: TurnReport) => signal.aborted || setTurn((before) => follow(before, report));
      setTurn({ at: 'form' });
      setTurn({ at: 'accepted', ...(await takePart({ ceremony, ...part }, { signal, onReport })) });
      if (await isSiteThere()) router.refresh(); // the list of contributions has one more
    });

  return {
    turn,
    failure: job.failure,
    take,
    stop: () => job.stop(new Error(turn.at === 'turn' && turn.report.stage === 'sending' ? STOPPED_SENDING : STOPPED)),
    again: () => setTurn({ at: 'form' }),
  };
}

function follow(before: Turn, report: TurnReport): Turn {
  const links = before.at === 'turn' ? before.links : [];
  return {
    at: 'turn',
    report,
    links: report.stage === 'verifying' && report.link ? [...links, report.link.link] : links,
    made: report.stage === 'sending' ? report.made : before.at === 'turn' ? before.made : null,
  };
}

function describeTurnFailure(error: unknown): TurnFailure {
  if (error instanceof TakenBefore) return { text: error.message, lost: 'It counts. What this tab has made since does not.' };
  if (error instanceof RoomError && error.code === 'TIME_LIMIT') return { text: 'It took longer than an hour and was stopped.' };
  const text = error instanceof Error && error.message ? error.message : 'The contribution could not be made.';
  return error instanceof ApiError ? { text, code: error.code } : { text };
}
