'use client';

import type { ReactNode } from 'react';
import { Notice } from '#app/ui/notice.tsx';
import type { Refusal } from './refusal-words.ts';

/** A refusal as a notice; loud where something is wrong with the statement or the site. */
export function RefusalNotice({ refusal, action }: { refusal: Refusal; action?: ReactNode }) {
  const { title, lost, todo, code, isAlarm } = refusal;
  return <Notice kind={isAlarm ? 'error' : 'warning'} live title={title} lost={lost} todo={todo} code={code} action={action} />;
}
