'use client';

import type { ReactNode } from 'react';
import { LoadNotice } from '#app/s/[id]/sign/load-notice.tsx';
import type { LoadedChallenge } from '#lib/signing/load-challenge.ts';
import { useQuestion } from './use-question.ts';

/** What is done with a challenge that this device has checked; until then, how far that is, or what is wrong with it. */
export function QuestionGate({ id, children }: { id: string; children: (loaded: LoadedChallenge) => ReactNode }) {
  const load = useQuestion(id);
  return load.at === 'loaded' ? children(load.loaded) : <LoadNotice load={load} what="the question" />;
}
